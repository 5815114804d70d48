/** Conversations and turns as the hub's API tells them. */

import type { components } from "@/api/types";

type Schemas = components["schemas"];

export type Conversation = Schemas["Conversation"];
export type Page = Schemas["Page_Conversation_"];
export type Turn = Schemas["Turn"];
export type TurnDetail = Schemas["TurnDetail"];
export type Stage = Schemas["StageView"];
export type Tool = Schemas["ToolView"];
export type Retention = Schemas["RetentionView"];
