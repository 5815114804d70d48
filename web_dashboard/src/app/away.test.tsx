import { act, fireEvent, render, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { haveWords } from "@/i18n";
import { App } from "./App";
import { PAGES } from "./pages";

// The hub is away before the bar of Talk was loaded: it never comes.
vi.mock("@/pages/Talk/TalkBar", () => new Promise(() => {}));

test("one goes from Talk to another page although the hub is away", async () => {
  vi.stubGlobal(
    "WebSocket",
    class {
      close() {}
    },
  );
  vi.stubGlobal("fetch", async () =>
    Response.json({ user: "u", name: "Ada", role: "owner", language: "en" }),
  );
  for (const page of PAGES) if (["talk", "timers"].includes(page.name)) await page.load();
  await haveWords();
  history.replaceState(null, "", "/");
  render(<App />);
  await screen.findByText("Say something, or type it.");
  await act(async () => fireEvent.click(screen.getByRole("link", { name: "Timers & lists" })));
  expect(await screen.findByRole("heading", { name: "Timers and lists" })).toBeTruthy();
});
