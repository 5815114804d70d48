import { expect, test } from "vitest";
import type { Area, Device } from "./device";
import { found, HIDDEN, NO_ROOM, rows, sections } from "./sections";

const NAMES = { noRoom: "No room", hidden: "Hidden" };
const AREAS: Record<string, Area> = {
  kitchen: { id: "kitchen", name: "Kitchen", aliases: ["Cookery"], floor: null },
  attic: { id: "attic", name: "Attic", aliases: [], floor: null },
};

function device(id: string, area: string | null, exposed = true): Device {
  return {
    id,
    name: id.split(".")[1] ?? id,
    area,
    kind: id.split(".")[0] ?? "",
    device_class: null,
    unit: null,
    state: "off",
    attributes: {},
    features: [],
    verbs: [],
    needs_code: false,
    exposed,
    changed: null,
  };
}

const DEVICES = [
  device("sensor.heat", "kitchen"),
  device("light.lamp10", "kitchen"),
  device("light.lamp9", "kitchen"),
  device("switch.pump", "gone"),
  device("light.secret", "kitchen", false),
];

test("rooms come by name, what is in none and what is hidden after them", () => {
  const all = sections(DEVICES, AREAS, NAMES, false);
  expect(all.map((one) => one.area)).toEqual(["kitchen", NO_ROOM, HIDDEN]);
  expect(all[0]?.devices.map((one) => one.id)).toEqual([
    "light.lamp9",
    "light.lamp10",
    "sensor.heat",
  ]);
});

test("empty rooms are there for those who want to fill them", () => {
  expect(sections([], AREAS, NAMES, true).map((one) => one.name)).toEqual(["Attic", "Kitchen"]);
  expect(sections([], AREAS, NAMES, false)).toEqual([]);
});

test("a search finds by name, kind, room and other names of the room", () => {
  const ids = (words: string) => found(DEVICES, AREAS, words).map((one) => one.id);
  expect(ids("LAMP")).toEqual(["light.lamp10", "light.lamp9"]);
  expect(ids("cookery heat")).toEqual(["sensor.heat"]);
  expect(ids(" ")).toHaveLength(DEVICES.length);
  expect(ids("nothing of that")).toEqual([]);
});

test("rows hold as many tiles as there is room for, and begin with their room", () => {
  const made = rows(sections(DEVICES, AREAS, NAMES, false), 2);
  expect(made.map((row) => row.devices?.length ?? row.section.name)).toEqual([
    "Kitchen",
    2,
    1,
    "No room",
    1,
    "Hidden",
    1,
  ]);
  expect(new Set(made.map((row) => row.key)).size).toBe(made.length);
});

test("rooms of one floor stand together, and say which it is", () => {
  const room = (id: string, floor: string | null): [string, Area] => [
    id,
    { id, name: id, aliases: [], floor },
  ];
  const areas = Object.fromEntries([
    room("bath", "Upstairs"),
    room("garden", null),
    room("hall", "Downstairs"),
    room("bedroom", "Upstairs"),
  ]);
  const told = sections([], areas, NAMES, true).map((one) => [one.area, one.floor]);
  expect(told).toEqual([
    ["garden", null],
    ["hall", "Downstairs"],
    ["bath", "Upstairs"],
    ["bedroom", "Upstairs"],
  ]);
});
