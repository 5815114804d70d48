/** What a device will be like once it has obeyed: shown at once, before it says so. */

import type { Device } from "./device";

export interface Expected {
  state?: string;
  attributes?: Record<string, unknown>;
}

export type Arguments = Record<string, unknown>;

const STATES: Record<string, string> = {
  turn_off: "off",
  open: "opening",
  close: "closing",
  lock: "locking",
  unlock: "unlocking",
  play: "playing",
  pause: "paused",
  start: "cleaning",
  clean_spot: "cleaning",
  clean_area: "cleaning",
  return_home: "returning",
  start_mowing: "mowing",
  dock: "returning",
  disarm: "disarming",
};
/** Of which the state is what is chosen. */
const CHOSEN: Record<string, string> = {
  select_option: "option",
  set_value: "value",
  set_text: "text",
  set_mode: "mode",
};
/** Whose values are attributes of the same name. */
const SHOWN = new Set([
  "set_position",
  "set_tilt",
  "set_temperature",
  "set_humidity",
  "set_preset",
  "set_fan_mode",
  "set_swing_mode",
  "set_direction",
  "set_fan_speed",
  "set_percentage",
  "oscillate",
  "set_volume",
  "set_mute",
]);

/** Return what is expected of a device that is told something; nothing where nobody can know. */
export function expected(device: Device, verb: string, values: Arguments): Expected {
  if (verb.startsWith("arm_")) return { state: "arming" };
  if (verb === "turn_on") {
    // What a thermostat does when it is turned on, it alone knows.
    const state =
      device.kind === "climate" || device.kind === "water_heater" ? {} : { state: "on" };
    return { ...state, attributes: values };
  }
  if (verb === "open" && device.kind === "lock") return { state: "opening" };
  if (verb === "set_temperature_range") {
    return { attributes: { temperature_low: values.low, temperature_high: values.high } };
  }
  if (verb === "set_percentage") {
    return { state: values.percentage === 0 ? "off" : "on", attributes: values };
  }
  const chosen = CHOSEN[verb];
  if (chosen !== undefined) {
    const attributes = chosen === "mode" ? { attributes: values } : {};
    // Of a humidifier the mode is not the state.
    if (chosen === "mode" && device.kind === "humidifier") return attributes;
    return { state: String(values[chosen]), ...attributes };
  }
  if (SHOWN.has(verb)) return { attributes: values };
  const state = STATES[verb];
  return state === undefined ? {} : { state };
}

/** Return a device as it is expected to be. */
export function after(device: Device, expecting: Expected | undefined): Device {
  if (expecting === undefined) return device;
  return {
    ...device,
    ...(expecting.state === undefined ? {} : { state: expecting.state }),
    attributes: { ...device.attributes, ...expecting.attributes },
  };
}
