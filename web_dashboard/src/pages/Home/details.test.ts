import { expect, test } from "vitest";
import { changesOf, type Details, draftOf, namesOf, takenBack } from "./details";

const DETAILS: Details = {
  id: "light.desk",
  name: "Lamp",
  area: "study",
  kind: "light",
  device_class: null,
  unit: null,
  state: "on",
  attributes: {},
  features: [],
  verbs: [],
  needs_code: false,
  exposed: true,
  changed: null,
  aliases: ["Grandma"],
  all_attributes: {},
  can: [],
  told: { name: "0x00158d", area: "Study", program: null },
  sources: { name: "dashboard", area: "device", aliases: "settings", exposed: "nobody" },
  choice: { name: "Lamp", area: null, aliases: null, exposed: null },
};

test("a draft that was not touched changes nothing", () => {
  expect(changesOf(DETAILS, draftOf(DETAILS))).toEqual({});
  expect(changesOf(DETAILS, { ...draftOf(DETAILS), name: " Lamp " })).toEqual({});
});

test("only what is another is sent, and an empty name is the device's own", () => {
  const draft = { name: "", area: "", aliases: "Grandma, Old  lamp,," };
  expect(changesOf(DETAILS, draft)).toEqual({
    name: null,
    area: "",
    aliases: ["Grandma", "Old lamp"],
  });
});

test("what was changed is taken back to what was chosen before", () => {
  expect(takenBack(DETAILS, { name: "Other", exposed: false })).toEqual({
    name: "Lamp",
    exposed: null,
  });
});

test("names are told apart by commas, and said once", () => {
  expect(namesOf("a, b;a\n c ")).toEqual(["a", "b", "c"]);
});
