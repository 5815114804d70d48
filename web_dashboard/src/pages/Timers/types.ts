/** Timers and lists as the hub tells of them. */

import type { components } from "@/api/types";

type Schemas = components["schemas"];

export type Timer = Schemas["Timer"];
export type Kind = Timer["kind"];
export type NewTimer = Partial<Schemas["NewTimer"]>;
export type Satellite = Schemas["Satellite"];
/** What the live view tells of a list, and of something on one. */
export type List = Omit<Schemas["TodoList"], "id">;
export type Item = Omit<Schemas["ListItem"], "id"> & {
  list: string;
  /** What has more stands further down. */
  place: number;
};

export function pathOf(timer: Timer): string {
  return `/v1/timers/${encodeURIComponent(timer.id)}`;
}

export function itemsOf(list: string): string {
  return `/v1/lists/${encodeURIComponent(list)}/items`;
}
