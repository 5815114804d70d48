import { describe, expect, it } from "vitest";
import { outcome } from "./sent";
import { editorOf, grouped, isChanged, read, stepOf, written } from "./settings";
import type { Setting } from "./types";

function setting(name: string, kind: string, value: unknown, more: Partial<Setting> = {}): Setting {
  return { name, kind, value, own: value, least: null, greatest: null, choices: [], ...more };
}

const sensitivity = setting("wake.sensitivity", "number", 0.5, { least: 0, greatest: 1 });
const languages = setting("wake.languages", "table", {});
const words = setting("wake_words", "list", ["okay_nabu"], { greatest: 4 });

describe("the form of a satellite's settings", () => {
  it("has the input that suits each kind", () => {
    expect(editorOf(setting("sounds.awake", "boolean", true))).toBe("switch");
    expect(editorOf(sensitivity)).toBe("slider");
    expect(editorOf(setting("sound.gain_db", "number", 0))).toBe("number");
    expect(editorOf(setting("wake.mode", "choice", "always"))).toBe("choice");
    expect(editorOf(languages)).toBe("table");
    expect(editorOf(words)).toBe("wake-words");
    expect(editorOf(setting("new.kind", "unheard-of", "x"))).toBe("text");
  });

  it("shows the wake words first, and leaves out what stands on the card", () => {
    const volume = setting("volume", "number", 1, { least: 0, greatest: 1 });
    const lights = setting("lights.brightness", "number", 1, { least: 0, greatest: 1 });
    expect(grouped([volume, lights, languages, sensitivity, words])).toEqual([
      ["wake", [words, sensitivity, languages]],
      ["lights", [lights]],
    ]);
  });

  it("steps finely through a share, and coarsely through more", () => {
    expect(stepOf(sensitivity)).toBe(0.05);
    expect(stepOf(setting("wake.refractory_s", "number", 2, { least: 0, greatest: 30 }))).toBe(0.5);
    expect(stepOf(setting("count", "integer", 2, { least: 0, greatest: 3 }))).toBe(1);
  });

  it("tells what is another than the satellite's file says", () => {
    expect(isChanged(words)).toBe(false);
    expect(isChanged({ ...words, value: ["alexa"] })).toBe(true);
  });

  it("reads what it has written", () => {
    for (const one of [words, { ...languages, value: { hey_jarvis: "de", alexa: 0.7 } }])
      expect(read(one, written(one.value))).toEqual({ value: one.value });
    expect(read(setting("x", "number", 2), "1,5")).toEqual({ value: 1.5 });
  });

  it("says what can not be read", () => {
    expect(read(setting("x", "number", 2), "many")).toEqual({ problem: "number" });
    expect(read(languages, "hey_jarvis")).toEqual({ problem: "table" });
    expect(read(words, "a, b, c, d, e")).toEqual({ problem: "many" });
  });
});

it("tells where an announcement was heard, and where it was not", () => {
  expect(outcome({ kitchen: "heard", attic: "unreachable" })).toEqual({
    heard: ["kitchen"],
    others: [["attic", "unreachable"]],
  });
});
