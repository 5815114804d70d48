import { describe, expect, it } from "vitest";
import { clientName, passwordProblem, type Setting, sections, shown } from "./model";

describe("the name of a browser", () => {
  it.each([
    ["Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"],
    [
      "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Safari/604.1",
      "Safari, iPhone",
    ],
    [
      "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
      "Edge, Windows",
    ],
    [
      "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Safari/537.36",
      "Chrome, Android",
    ],
    ["curl/8.5.0", "curl/8.5.0"],
    ["", ""],
  ])("%s is %s", (client, name) => expect(clientName(client)).toBe(name));
});

describe("a new password", () => {
  it("is long enough and the same twice", () => {
    expect(passwordProblem("short", "short")).toBe("short");
    expect(passwordProblem("long enough for it", "another")).toBe("differ");
    expect(passwordProblem("long enough for it", "long enough for it")).toBe("");
  });
});

const setting = (name: string, source: Setting["source"] = "default"): Setting => ({
  name,
  value: 1,
  source,
  secret: false,
  text: `About ${name}.`,
});

describe("settings by section", () => {
  const all = [setting("name"), setting("mqtt.url", "file"), setting("mqtt.version")];

  it("keeps the order, and what stands in no section first", () => {
    expect(sections(all, "", false).map((one) => [one.name, one.settings.length])).toEqual([
      ["", 1],
      ["mqtt", 2],
    ]);
  });
  it("finds words in names and texts, whatever their case", () => {
    expect(sections(all, "ABOUT MQTT.V", false)[0]?.settings[0]?.name).toBe("mqtt.version");
    expect(sections(all, "nowhere", false)).toEqual([]);
  });
  it("shows only what was set, if asked", () => {
    expect(sections(all, "", true).map((one) => one.name)).toEqual(["mqtt"]);
  });
});

describe("a value", () => {
  it.each([
    [null, "–"],
    ["", "–"],
    [[], "–"],
    [{}, "–"],
    [false, "false"],
    [0, "0"],
    ["text", "text"],
    [["a"], '[\n "a"\n]'],
    [
      { name: "Lamp", room: null, aliases: [], hidden: false },
      '{\n "name": "Lamp",\n "hidden": false\n}',
    ],
  ])("%j is read as %s", (value, words) => expect(shown(value)).toBe(words));
});
