import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  deviceName,
  draft,
  preferences,
  remember,
  rememberDraft,
  rememberUnsent,
  tabId,
} from "./preferences";

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
});
afterEach(() => vi.unstubAllGlobals());

describe("what the browser remembers", () => {
  it("keeps what was chosen, and is not led astray by what is broken", () => {
    remember({ ...preferences(), area: "Kitchen", speak: false });
    expect(preferences()).toMatchObject({ area: "Kitchen", speak: false, volume: 1 });
    localStorage.setItem("sotto-talk", "{");
    expect(preferences().area).toBeNull();
  });

  it("keeps a draft, and leaves out one that would fill the store", () => {
    rememberDraft("half a");
    expect(draft()).toBe("half a");
    rememberDraft("x".repeat(2_000_000));
    expect(draft()).toBe("half a");
  });

  it("gives back what waited for the hub when the page was loaded anew, before the draft", () => {
    rememberUnsent(["turn on the light", "and the fan"]);
    rememberDraft("half a");
    expect(draft()).toBe("turn on the light\nand the fan\nhalf a");
    expect(draft()).toBe("turn on the light\nand the fan\nhalf a");
    rememberDraft("");
    rememberUnsent([]);
    expect(draft()).toBe("");
    sessionStorage.setItem("sotto-unsent", "{");
    expect(draft()).toBe("");
  });

  it("calls a window by whole characters", () => {
    const name = deviceName(`${"x".repeat(63)}\u{1f4a1}`);
    expect([...name]).toHaveLength(64);
    expect(name.endsWith("\u{1f4a1}")).toBe(true);
  });

  it("gives a window that was duplicated an id of its own", async () => {
    const held = new Set<string>();
    vi.stubGlobal("navigator", {
      locks: {
        request: (name: string, _: unknown, act: (lock: object | null) => unknown) => {
          const free = !held.has(name);
          held.add(name);
          act(free ? {} : null);
          return Promise.resolve();
        },
      },
    });
    const first = await tabId();
    const second = await tabId(); // with the same store, while the first holds the lock
    expect(second).not.toBe(first);
  });
});
