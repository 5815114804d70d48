import { afterEach, beforeAll, expect, test } from "vitest";
import { ApiProblem } from "@/api/client";
import { hubLogs, hubName, hubSays } from "./hub";
import i18n from "./index";

const GONE = "Bed Light is gone.";
const NAMED = { key: "device-gone", values: { device: "Bed Light" } };

beforeAll(async () => {
  await i18n.loadNamespaces("hub");
});
afterEach(() => i18n.changeLanguage("en"));

test("the hub's own words are shown in English", () => {
  expect(hubSays(GONE, NAMED, "unknown")).toBe(GONE);
});

test("a text is said in the language of the page by its name", async () => {
  await i18n.changeLanguage("de");
  expect(hubSays(GONE, NAMED, "unknown")).toBe("Bed Light ist nicht mehr da.");
});

test("numbers in it are written as that language writes them", async () => {
  await i18n.changeLanguage("de");
  const words = { key: "memory", values: { gib: 3.8 } };
  expect(hubSays("3.8 GiB", words)).toBe("3,8 GiB");
});

test("a text within a text is said in that language, too", async () => {
  await i18n.changeLanguage("fr");
  const words = { key: "voice-can-not", values: { why: { text: GONE, ...NAMED } } };
  expect(hubSays("?", words)).toBe(
    "La voix ne peut pas parler maintenant : Bed Light n’est plus là..",
  );
});

test("what was put in is text alone, whatever it looks like", async () => {
  await i18n.changeLanguage("de");
  const words = { key: "device-gone", values: { device: "$t(frame:title) {{device}} <b>" } };
  expect(hubSays("?", words)).toBe("$t(frame:title) {{device}} <b> ist nicht mehr da.");
});

test("a problem without a name is said by its code", async () => {
  await i18n.changeLanguage("es");
  expect(hubSays("Log in first.", null, "not-logged-in")).toBe("Entra primero.");
  expect(hubSays("x: y", undefined, "bad-arguments")).toBe("Así no se puede: x: y");
});

test("what has no translation stays English", async () => {
  await i18n.changeLanguage("de");
  expect(hubSays("News.", { key: "never-heard", values: {} }, "never-heard")).toBe("News.");
  expect(hubName("never heard")).toBe("never heard");
  expect(hubLogs("never heard")).toBe("never heard");
});

test("parts of the hub and lines of the log are found by their English", async () => {
  await i18n.changeLanguage("de");
  expect(hubName("models folder")).toBe("Ordner der Modelle");
  expect(hubLogs("the home failed")).toBe("das Zuhause ist gescheitert");
});

test("a problem of the API has its message in the language of the page", async () => {
  await i18n.changeLanguage("de");
  const document = { status: 404, code: "unknown", title: "Not Found", detail: GONE, words: NAMED };
  expect(new ApiProblem(document).message).toBe("Bed Light ist nicht mehr da.");
});
