import { render, screen } from "@testing-library/react";
import { Suspense } from "react";
import { afterEach, expect, test } from "vitest";
import { useLiveStore } from "@/live/live";
import { useTalk } from "@/pages/Talk/talk";
import { setLanguageTexts } from "@/testing";
import { Browsers, namesOf } from "./Browsers";
import type { Browser } from "./types";

await setLanguageTexts("satellites");

const browser = (more: Partial<Browser> = {}): Browser => ({
  id: "browser-1",
  name: "Ada, Linux",
  area: "Kitchen",
  person: "Ada",
  state: "listening",
  microphone: true,
  since: "2026-03-01T18:00:00Z",
  ...more,
});
const show = (...browsers: Browser[]) => {
  const topics = {
    browsers: Object.fromEntries(browsers.map((one) => [one.id, one])),
    satellite_words: { "browser-1": { words: "<b>bed</b> light", answer: "Done." } },
  };
  useLiveStore.setState({ topics });
  return render(
    <Suspense>
      <Browsers />
    </Suspense>,
  );
};
afterEach(() => {
  useLiveStore.setState({ topics: {} });
  useTalk.setState({ welcome: null });
});

test("who talks in a browser is shown: where, its microphone, and what was said", () => {
  useTalk.setState({ welcome: { satellite: "browser-2" } as never });
  show(
    browser(),
    browser({ id: "browser-2", person: "Ben", microphone: false, since: "2026-03-01T19:00:00Z" }),
  );
  const [ben, ada] = screen.getAllByRole("listitem");
  expect(ada?.textContent).toContain("Ada · Linux · Kitchen");
  expect(ada?.textContent).toContain("Microphone on");
  expect(ada?.textContent).toContain("Listens");
  expect(screen.getByText("<b>bed</b> light")).toBeTruthy();
  expect(ben?.textContent).toContain("Microphone off");
  expect(ben?.textContent).toContain("This window");
  expect(ada?.textContent).not.toContain("This window");
});

test("where nobody talks in a browser nothing is said of it", () => {
  const { container } = show();
  expect(container.textContent).toBe("");
});

test("who it is is said once", () => {
  expect(namesOf(browser())).toEqual({ who: "Ada", device: "Linux" });
  expect(namesOf(browser({ name: "Hall tablet" }))).toEqual({ who: "Ada", device: "Hall tablet" });
  expect(namesOf(browser({ name: "robot", person: null }))).toEqual({ who: "robot", device: "" });
});
