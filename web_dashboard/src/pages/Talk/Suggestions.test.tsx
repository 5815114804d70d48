import { fireEvent, render, screen } from "@testing-library/react";
import { Suspense } from "react";
import { afterEach, beforeEach, expect, test } from "vitest";
import { useLiveStore } from "@/live/live";
import { Suggestions } from "./Suggestions";
import { useTalk } from "./talk";

const lamp = (name: string) => ({ id: name, name, kind: "light" });

beforeEach(() => {
  const welcome = { language: "de", rooms: [], languages: ["de"] };
  useTalk.setState({ welcome: welcome as never, draft: "" });
});
afterEach(() => useLiveStore.setState({ topics: {} }));

const shown = () => {
  render(
    <Suspense>
      <Suggestions />
    </Suspense>,
  );
  return screen.findAllByRole("button");
};

test("what is suggested is understood in this home: its language, and a lamp that it has", async () => {
  useLiveStore.setState({ topics: { devices: { b: lamp("Stehlampe"), a: lamp("Deckenlicht") } } });
  const [first] = await shown();
  expect(first?.textContent).toBe("Schalte Deckenlicht ein");
  fireEvent.click(first as HTMLElement);
  expect(useTalk.getState().draft).toBe("Schalte Deckenlicht ein");
});

test("nothing is suggested of lamps where there are none", async () => {
  expect((await shown()).map((one) => one.textContent)).toEqual([
    "Stelle einen Timer auf zehn Minuten",
  ]);
});
