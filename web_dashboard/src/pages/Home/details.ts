/** What the hub knows of one device, and how that is changed. */

import { call } from "@/api/typed";
import type { components } from "@/api/types";

export type Details = components["schemas"]["DeviceDetails"];
export type Choice = components["schemas"]["Choice"];

export function pathOf(id: string): string {
  return `/v1/devices/${encodeURIComponent(id)}`;
}

export function change(id: string, changes: Partial<Choice>): Promise<Details> {
  return call("patch", "/v1/devices/{device_id}", { path: { device_id: id }, json: changes });
}

/** Return a text of names as names: "Lamp, desk lamp ". */
export function namesOf(typed: string): string[] {
  const names = typed.split(/[,;\n]/).map((name) => name.trim().replace(/\s+/g, " "));
  return [...new Set(names.filter(Boolean))];
}

export interface Draft {
  name: string;
  area: string | null;
  aliases: string;
}

export function draftOf(details: Details): Draft {
  return { name: details.name, area: details.choice.area, aliases: details.aliases.join(", ") };
}

/** Return what of a draft is another than what the hub knows. */
export function changesOf(details: Details, draft: Draft): Partial<Choice> {
  const changes: Partial<Choice> = {};
  const name = draft.name.trim().replace(/\s+/g, " ");
  // Without a name of its own it is called as it says.
  if (name !== details.name) changes.name = name === "" ? null : name;
  if (draft.area !== details.choice.area) changes.area = draft.area;
  const aliases = namesOf(draft.aliases);
  if (aliases.join("\n") !== details.aliases.join("\n")) changes.aliases = aliases;
  return changes;
}

/** Return what takes changes back. */
export function takenBack(details: Details, changes: Partial<Choice>): Partial<Choice> {
  const names = Object.keys(changes) as (keyof Choice)[];
  return Object.fromEntries(names.map((name) => [name, details.choice[name]]));
}
