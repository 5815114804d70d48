import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { whileHeld } from "./holding";

let letGo = vi.fn();
let stop = () => {};

beforeEach(() => {
  vi.useFakeTimers();
  letGo = vi.fn();
  stop = whileHeld(letGo, 1000);
});
afterEach(() => stop());

const hidden = (value: boolean) =>
  Object.defineProperty(document, "hidden", { value, configurable: true });

describe("what is held", () => {
  it.each([
    ["the pointer is lifted", () => document.body.dispatchEvent(bubbling("pointerup"))],
    ["the browser takes the pointer", () => document.body.dispatchEvent(bubbling("pointercancel"))],
    ["the button loses the pointer", () => dispatchEvent(new Event("lostpointercapture"))],
    ["the key is let go", () => dispatchEvent(new KeyboardEvent("keyup", { key: " " }))],
    ["the window loses the focus", () => dispatchEvent(new Event("blur"))],
    ["the page goes", () => dispatchEvent(new Event("pagehide"))],
    ["the page is hidden", () => hide()],
    ["nobody could hold it for so long", () => vi.advanceTimersByTime(1001)],
  ])("is let go once when %s", (_, happens) => {
    happens();
    happens();
    expect(letGo).toHaveBeenCalledTimes(1);
  });

  it("is held through what concerns something else", () => {
    dispatchEvent(new KeyboardEvent("keyup", { key: "a" }));
    document.body.dispatchEvent(new FocusEvent("blur"));
    document.body.dispatchEvent(bubbling("pointermove"));
    vi.advanceTimersByTime(900);
    expect(letGo).not.toHaveBeenCalled();
  });

  it("is watched no more once it was stopped", () => {
    stop();
    dispatchEvent(new Event("pointerup"));
    vi.advanceTimersByTime(2000);
    expect(letGo).not.toHaveBeenCalled();
  });

  it("is let go even where the page keeps the event to itself", () => {
    const keep = (event: Event) => event.stopPropagation();
    document.body.addEventListener("pointerup", keep);
    document.body.dispatchEvent(bubbling("pointerup"));
    document.body.removeEventListener("pointerup", keep);
    expect(letGo).toHaveBeenCalledTimes(1);
  });
});

function bubbling(kind: string): Event {
  return new Event(kind, { bubbles: true });
}

function hide(): void {
  hidden(true);
  document.dispatchEvent(new Event("visibilitychange"));
  hidden(false);
}
