import { render, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import i18n from "@/i18n";
import { setLanguageTexts } from "@/testing";
import { Log } from "./Log";

const LINE = { number: 1, at: "2026-11-28T18:04:11Z", level: "warning", text: "no voice" };

afterEach(async () => {
  vi.unstubAllGlobals();
  await i18n.changeLanguage("en");
});

test.each([
  ["en", "warning", false],
  ["de", "Warnung", true],
])("the log in %s has that language's words, and says whose its lines are", async (...row) => {
  const [language, level, told] = row;
  await setLanguageTexts("health");
  await i18n.changeLanguage(language);
  vi.stubGlobal("fetch", async () => Response.json([{ ...LINE, values: {} }]));
  render(<Log />);
  expect((await screen.findByText("no voice")).getAttribute("lang")).toBe("en");
  expect(screen.getAllByText(level)).toHaveLength(2);
  expect(screen.queryByText(/auf Englisch/) !== null).toBe(told);
});
