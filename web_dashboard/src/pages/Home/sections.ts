/** The rooms and their devices, as rows of the page: only those in sight are drawn. */

import { formatsNow } from "@/i18n/format";
import type { Area, Device } from "./device";

/** The rooms that are none. */
export const NO_ROOM = "";
export const HIDDEN = "\u0000hidden";

export interface Section {
  /** The id of a room, NO_ROOM or HIDDEN. */
  area: string;
  name: string;
  /** What it is on, where that is known. */
  floor: string | null;
  devices: Device[];
}

export type Row =
  | { key: string; section: Section; devices?: undefined }
  | { key: string; section: Section; devices: Device[] };

/** What is switched comes first, what is only read last. */
const ORDER = [
  "light",
  "switch",
  "fan",
  "cover",
  "valve",
  "climate",
  "water_heater",
  "humidifier",
  "media_player",
  "lock",
  "alarm_control_panel",
  "vacuum",
  "lawn_mower",
  "siren",
  "scene",
  "script",
  "button",
  "select",
  "number",
  "text",
  "update",
  "notify",
  "weather",
  "binary_sensor",
  "sensor",
];

function rank(kind: string): number {
  const found = ORDER.indexOf(kind);
  return found < 0 ? ORDER.length : found;
}

const compare = (one: string, other: string) => formatsNow().compare(one, other);

function byKind(one: Device, other: Device): number {
  return rank(one.kind) - rank(other.kind) || compare(one.name, other.name);
}

/** Return the devices whose names, room or kind have all the words. */
export function found(
  devices: readonly Device[],
  areas: Record<string, Area>,
  words: string,
): Device[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return [...devices];
  return devices.filter((device) => {
    const area = device.area === null ? undefined : areas[device.area];
    const names = [device.name, area?.name, ...(area?.aliases ?? []), device.kind, device.id]
      .filter(Boolean)
      .join(" ")
      .toLowerCase();
    return wanted.every((word) => names.includes(word));
  });
}

/** Return rooms with their devices; rooms without any, too, if wanted. */
export function sections(
  devices: readonly Device[],
  areas: Record<string, Area>,
  names: { noRoom: string; hidden: string },
  empty: boolean,
): Section[] {
  const byArea = new Map<string, Device[]>();
  for (const device of devices) {
    const area = !device.exposed
      ? HIDDEN
      : device.area !== null && areas[device.area]
        ? device.area
        : NO_ROOM;
    const others = byArea.get(area);
    if (others) others.push(device);
    else byArea.set(area, [device]);
  }
  const rooms = Object.values(areas)
    .filter((area) => empty || byArea.has(area.id))
    .sort(
      (one, other) => compare(one.floor ?? "", other.floor ?? "") || compare(one.name, other.name),
    )
    .map((area) => ({ area: area.id, name: area.name, floor: area.floor ?? null }));
  const others = [
    { area: NO_ROOM, name: names.noRoom, floor: null },
    { area: HIDDEN, name: names.hidden, floor: null },
  ].filter(({ area }) => byArea.has(area));
  return [...rooms, ...others].map((section) => ({
    ...section,
    devices: (byArea.get(section.area) ?? []).sort(byKind),
  }));
}

/** Return sections as rows of so many tiles. */
export function rows(all: readonly Section[], columns: number): Row[] {
  return all.flatMap((section) => {
    const made: Row[] = [{ key: `${section.area}:`, section }];
    for (let at = 0; at < section.devices.length; at += columns) {
      const devices = section.devices.slice(at, at + columns);
      made.push({ key: `${section.area}:${devices[0]?.id}`, section, devices });
    }
    return made;
  });
}
