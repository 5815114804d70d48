import { expect, test } from "vitest";
import { channels, color, type Device, isActive } from "./device";
import { after, expected } from "./expecting";

function device(kind: string, more: Partial<Device> = {}): Device {
  return {
    id: `${kind}.one`,
    name: "One",
    area: null,
    kind,
    device_class: null,
    unit: null,
    state: "off",
    attributes: {},
    features: [],
    verbs: [],
    needs_code: false,
    exposed: true,
    changed: null,
    ...more,
  };
}

test("a lamp that is told to shine is shown shining as it was told", () => {
  const lamp = device("light", { attributes: { brightness: 20, color: [255, 0, 0] } });
  const shown = after(lamp, expected(lamp, "turn_on", { brightness: 70 }));
  expect(shown.state).toBe("on");
  expect(shown.attributes).toEqual({ brightness: 70, color: [255, 0, 0] });
  expect(lamp.attributes.brightness).toBe(20);
});

test("of a thermostat that is turned on nobody knows in which mode it will be", () => {
  expect(expected(device("climate"), "turn_on", {}).state).toBeUndefined();
  expect(expected(device("climate"), "set_mode", { mode: "heat" }).state).toBe("heat");
});

test("the mode of a humidifier is not its state", () => {
  expect(expected(device("humidifier"), "set_mode", { mode: "eco" })).toEqual({
    attributes: { mode: "eco" },
  });
});

test("a fan without speed is off", () => {
  expect(expected(device("fan"), "set_percentage", { percentage: 0 }).state).toBe("off");
  expect(expected(device("fan"), "set_percentage", { percentage: 30 }).state).toBe("on");
});

test("what moves is under way first, and what tells nothing stays as it is", () => {
  expect(expected(device("cover"), "open", {}).state).toBe("opening");
  expect(expected(device("lock"), "unlock", {}).state).toBe("unlocking");
  expect(expected(device("alarm_control_panel"), "arm_away", { code: "1" })).toEqual({
    state: "arming",
  });
  const scene = device("scene");
  expect(after(scene, expected(scene, "activate", {}))).toEqual(scene);
});

test("numbers and selections are what was chosen", () => {
  expect(expected(device("number"), "set_value", { value: 2.5 }).state).toBe("2.5");
  expect(expected(device("select"), "select_option", { option: "Eco" }).state).toBe("Eco");
});

test("colours go to HTML and back, and nonsense is no colour", () => {
  expect(color(device("light", { attributes: { color: [255, 128, 0] } }))).toBe("#ff8000");
  expect(channels("#ff8000")).toEqual([255, 128, 0]);
  for (const wrong of ["red", [1, 2], [1, 2, 999], [1, "2", 3]]) {
    expect(color(device("light", { attributes: { color: wrong } }))).toBeNull();
  }
});

test("what is away is not active, and a thermostat is in any mode but off", () => {
  expect(isActive(device("light", { state: "unavailable" }))).toBe(false);
  expect(isActive(device("climate", { state: "heat" }))).toBe(true);
  expect(isActive(device("climate"))).toBe(false);
  expect(isActive(device("alarm_control_panel", { state: "armed_home" }))).toBe(true);
});
