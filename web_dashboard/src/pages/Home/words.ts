/** What a device is like, in words. */

import type { TFunction } from "i18next";
import type { Formats } from "@/i18n/format";
import { type Device, flag, isKnown, number, text } from "./device";

/** How on and off are called, by the class of a sensor. */
const PAIRS: Record<string, string> = {
  door: "open",
  garage_door: "open",
  opening: "open",
  window: "open",
  lock: "unlocked",
  motion: "detected",
  occupancy: "detected",
  presence: "detected",
  smoke: "detected",
  gas: "detected",
  carbon_monoxide: "detected",
  sound: "detected",
  vibration: "detected",
  tamper: "detected",
  moisture: "wet",
  battery: "low",
  connectivity: "connected",
  plug: "connected",
  problem: "problem",
  safety: "problem",
};

/** Return a word of the home as the page says it; a device's own words as they are. */
export function word(t: TFunction<"home">, said: string): string {
  return t(`words.${said}`, { defaultValue: said.replaceAll("_", " ") });
}

/** Return the state of a device: "On · 60 %", "21.5 °C", "Closed". */
export function stateOf(t: TFunction<"home">, formats: Formats, device: Device): string {
  if (!isKnown(device)) {
    if (device.state === "unknown" && !device.features.includes("state")) return "";
    return word(t, device.state);
  }
  return [main(t, formats, device), ...more(t, formats, device)].filter(Boolean).join(" · ");
}

function main(t: TFunction<"home">, formats: Formats, device: Device): string {
  const value = Number(device.state);
  if (device.state.trim() !== "" && Number.isFinite(value)) {
    return withUnit(formats, value, device.unit);
  }
  if (device.kind === "binary_sensor") {
    const pair = PAIRS[device.device_class ?? ""];
    if (pair) return t(`pairs.${pair}.${device.state}`, { defaultValue: word(t, device.state) });
  }
  if (device.kind === "sensor" || device.kind === "text" || device.kind === "select") {
    return device.state;
  }
  return word(t, device.state);
}

function more(t: TFunction<"home">, formats: Formats, device: Device): string[] {
  const told: string[] = [];
  const of = (name: string, unit: string) => {
    const value = number(device, name);
    if (value !== null) told.push(withUnit(formats, value, unit));
  };
  switch (device.kind) {
    case "light":
      if (device.state === "on") of("brightness", "%");
      break;
    case "cover":
    case "valve": {
      const position = number(device, "position");
      if (position !== null && position > 0 && position < 100) of("position", "%");
      break;
    }
    case "fan":
      if (device.state === "on") of("percentage", "%");
      break;
    case "climate":
    case "water_heater":
      of("current_temperature", device.unit ?? "°");
      break;
    case "humidifier":
      of("current_humidity", "%");
      break;
    case "media_player":
      if (flag(device, "muted")) told.push(t("muted"));
      if (text(device, "title")) told.push(text(device, "title") ?? "");
      break;
    case "vacuum":
    case "lawn_mower":
      of("battery_level", "%");
      break;
    case "weather":
      of("temperature", device.unit ?? "°");
      of("humidity", "%");
      break;
  }
  return told;
}

export function withUnit(formats: Formats, value: number, unit: string | null): string {
  if (unit === "%") return formats.hundredths(value);
  return unit ? `${formats.number(value)}\u00a0${unit}` : formats.number(value);
}
