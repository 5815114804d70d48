import { renderHook } from "@testing-library/react";
import { beforeAll, expect, test } from "vitest";
import i18n, { haveWords } from "./index";
import { useToolNames } from "./toolNames";

beforeAll(() => haveWords("tool_names"));

test("what the hub does is called as people call it, and an own tool as its owner does", async () => {
  const named = () => renderHook(() => useToolNames()).result.current;
  expect(named()("HassTurnOn")).toBe("Turn on");
  expect(named()("music.play:1")).toBe("music.play:1");
  await i18n.changeLanguage("de");
  await haveWords("tool_names");
  expect(named()("HassTurnOn")).toBe("Einschalten");
  await i18n.changeLanguage("en");
});
