import { fireEvent, render, screen } from "@testing-library/react";
import { MemoryRouter } from "react-router";
import { beforeEach, expect, test, vi } from "vitest";
import { setLanguageTexts } from "@/testing";

vi.mock("./audio/context", async (original) => ({ ...(await original()), unlock: () => {} }));

await setLanguageTexts("talk");
const { default: TalkBar } = await import("./TalkBar");
const { useTalk } = await import("./talk");

const show = (talk: object) => {
  useTalk.setState({ link: "open", state: "idle", mode: "off", saying: "", ...talk });
  return render(
    <MemoryRouter>
      <TalkBar />
    </MemoryRouter>,
  );
};

beforeEach(() => {
  const chosen = { ...useTalk.getState().chosen, wake: null };
  useTalk.setState({ chosen, blocked: false, welcome: null });
});

test("where nobody talks there is no bar", () => {
  show({});
  expect(screen.queryByRole("complementary")).toBeNull();
});

test("what is being said is shown, and can be stopped", () => {
  show({ state: "speaking", saying: "It is <b>five</b>." });
  expect(screen.getByRole("link").textContent).toBe("It is <b>five</b>.");
  expect(screen.getByRole("link").getAttribute("href")).toBe("/");
  expect(screen.getByRole("button", { name: "Stop" })).toBeTruthy();
});

test("an open microphone is shown on every page, and can be turned off there", () => {
  show({ mode: "hands-free" });
  expect(screen.getByRole("link").textContent).toBe("Ready: just speak");
  fireEvent.click(screen.getByRole("button", { name: "Turn the microphone off" }));
  expect(useTalk.getState().mode).toBe("off");
  expect(screen.queryByRole("complementary")).toBeNull();
});

test("the wake word that is waited for is named", () => {
  const welcome = { wake_words: [{ name: "okay_nabu", phrase: "Okay Nabu" }] } as never;
  const chosen = { ...useTalk.getState().chosen, wake: "okay_nabu" };
  show({ mode: "hands-free", welcome, chosen });
  expect(screen.getByRole("link").textContent).toBe("Say “Okay Nabu”");
});

test("a hub that is away while the microphone is open is told", () => {
  show({ mode: "hands-free", link: "lost" });
  expect(screen.getByRole("link").textContent).toContain("away");
});
