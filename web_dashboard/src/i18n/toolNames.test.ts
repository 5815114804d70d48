import { renderHook } from "@testing-library/react";
import { beforeAll, expect, test } from "vitest";
import { useLiveStore } from "@/live/live";
import i18n, { haveWords } from "./index";
import { useToolNames } from "./toolNames";

beforeAll(() => haveWords("tool_names"));

test("what the hub does is called as people call it, and an own tool as its owner does", async () => {
  const named = () => renderHook(() => useToolNames()).result.current;
  expect(named()("HassStartTimer")).toBe("Start a timer");
  expect(named()("music.play:1")).toBe("music.play:1");
  await i18n.changeLanguage("de");
  await haveWords("tool_names");
  expect(named()("HassStartTimer")).toBe("Timer stellen");
  await i18n.changeLanguage("en");
});

test("to turn something on is something else for a lamp, a blind and a lock", () => {
  const devices = {
    a: { id: "a", name: "Bed Light", kind: "light" },
    b: { id: "b", name: "Blind", kind: "cover" },
  };
  useLiveStore.setState({ topics: { devices } });
  const named = renderHook(() => useToolNames()).result.current;
  expect(named("HassTurnOn", '{"name":"Bed Light"}')).toBe("Turn on");
  expect(named("HassTurnOff", '{"name":"Blind"}')).toBe("Close");
  expect(named("HassTurnOff", '{"domain":"lock","area":"Hall"}')).toBe("Unlock");
  expect(named("HassTurnOff", '{"name":"Gone"}')).toBe("Turn off, close or unlock");
  expect(named("HassTurnOn", '{"name":"Bed Li')).toBe("Turn on, open or lock");
  expect(named("music.play:1", '{"name":"Bed Light"}')).toBe("music.play:1");
  useLiveStore.setState({ topics: {} });
});
