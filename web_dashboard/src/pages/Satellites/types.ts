/** Satellites as the hub tells of them. */

import type { components } from "@/api/types";
import type { Tone } from "@/components/Badge";

type Schemas = components["schemas"];

/** What the live view tells of a satellite. */
export type Tile = Omit<Schemas["Satellite"], "link" | "first_seen" | "last_seen" | "address"> & {
  round_trip_ms: number | null;
  /** While it is away. */
  last_seen: string | null;
};
export type Whole = Schemas["Satellite"];
export type Setting = Schemas["SatelliteSetting"];
export type Browser = Schemas["Browser"];
export type Stranger = Omit<Schemas["Stranger"], "last_tried">;
export type Approval = Schemas["Approval"];
export type Announcement = Schemas["AnnouncementState"];
export type NewAnnouncement = Schemas["NewAnnouncement"];

/** How loud it is at a satellite, and how strong its Wi-Fi is, while somebody looks. */
export type Levels = {
  level_dbfs: number | null;
  noise_dbfs: number | null;
  signal_dbm: number | null;
  signal: number | null;
};

/** What was said at a satellite last. */
export type Words = { words: string; answer: string | null };

/** How what goes on there is coloured. */
export const TONES: Record<string, Tone> = {
  idle: "good",
  waking: "accent",
  listening: "accent",
  thinking: "accent",
  speaking: "accent",
};

export function pathOf(id: string): string {
  return `/v1/satellites/${encodeURIComponent(id)}`;
}
