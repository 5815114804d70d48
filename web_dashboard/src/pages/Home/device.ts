/** A device as the hub shows it, and what can be read of it safely: it says whatever it likes. */

import type { components } from "@/api/types";

export type Device = components["schemas"]["DeviceView"];
/** As it comes live. */
export type Area = Pick<components["schemas"]["AreaView"], "id" | "name" | "aliases" | "floor">;

const ACTIVE = new Set([
  "on",
  "open",
  "opening",
  "unlocked",
  "unlocking",
  "playing",
  "buffering",
  "cleaning",
  "mowing",
  "returning",
  "triggered",
  "pending",
]);
/** A mode other than off. */
const MODES = new Set(["climate", "humidifier", "water_heater"]);

/** Whether a device can be reached and has told its state. */
export function isKnown(device: Device): boolean {
  return device.state !== "unavailable" && device.state !== "unknown";
}

export function isReachable(device: Device): boolean {
  return device.state !== "unavailable";
}

/** Whether it is on, or not in its resting place. */
export function isActive(device: Device): boolean {
  if (!isKnown(device)) return false;
  if (MODES.has(device.kind)) return device.state !== "off";
  return ACTIVE.has(device.state) || device.state.startsWith("armed") || device.state === "arming";
}

export function can(device: Device, verb: string): boolean {
  return device.verbs.includes(verb);
}

export function has(device: Device, feature: string): boolean {
  return device.features.includes(feature);
}

export function number(device: Device, attribute: string): number | null {
  const value = device.attributes[attribute];
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

export function text(device: Device, attribute: string): string | null {
  const value = device.attributes[attribute];
  return typeof value === "string" && value !== "" ? value : null;
}

export function texts(device: Device, attribute: string): string[] {
  const value = device.attributes[attribute];
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

export function flag(device: Device, attribute: string): boolean {
  return device.attributes[attribute] === true;
}

/** The colour of a light, as HTML writes it. */
export function color(device: Device): string | null {
  const value = device.attributes.color;
  if (!Array.isArray(value) || value.length !== 3) return null;
  const parts = value.map((part) => (typeof part === "number" ? part : Number.NaN));
  if (parts.some((part) => !(part >= 0 && part <= 255))) return null;
  return `#${parts.map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`;
}

export function channels(html: string): [number, number, number] {
  const value = Number.parseInt(html.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}
