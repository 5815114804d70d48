import { act, fireEvent, render, screen } from "@testing-library/react";
import { Suspense } from "react";
import { beforeEach, expect, test, vi } from "vitest";
import { Dialog } from "@/components/Dialog";
import { useLiveStore } from "@/live/live";
import { useVoice } from "@/pages/Talk/audio/context";
import { setLanguageTexts } from "@/testing";
import { Ringing } from "./Ringing";
import { bell } from "./ring";
import { useSession } from "./session";

class FakeContext extends EventTarget {
  static now: FakeContext;
  state = "running";
  sampleRate = 8000;
  currentTime = 0;
  destination = {};
  sounding = 0;
  level = 1;
  constructor() {
    super();
    FakeContext.now = this;
  }
  createBuffer() {
    return { copyToChannel: () => {} };
  }
  createGain() {
    const gain = {
      setValueAtTime: () => {},
      linearRampToValueAtTime: () => {},
      setTargetAtTime: (level: number) => {
        this.level = level;
      },
    };
    return { gain, connect: (to: unknown) => to, disconnect: () => {} };
  }
  createBufferSource() {
    return {
      connect: (to: unknown) => to,
      start: () => {
        this.sounding += 1;
      },
      stop: () => {
        this.sounding -= 1;
      },
    };
  }
  async resume() {}
  let(state: string) {
    this.state = state;
    this.dispatchEvent(new Event("statechange"));
  }
}
vi.mock("@/pages/Talk/audio/context", async (original) => ({
  ...(await original()),
  audioContext: () => FakeContext.now,
}));
await setLanguageTexts("timers");

const timer = (more: object = {}) => ({
  id: "t1",
  kind: "timer",
  state: "ringing",
  due: "2026-03-01T18:12:00Z",
  name: "pasta",
  text: "",
  area: "Kitchen",
  duration_s: 480,
  weekdays: [],
  ...more,
});
const live = (...timers: { id?: string }[]) =>
  act(async () => {
    const things = Object.fromEntries(timers.map((one, at) => [one.id ?? String(at), one]));
    useLiveStore.setState({ topics: { timers: things as never } });
  });
const as = (role: string) =>
  useSession.setState({ standing: "signed-in", who: { user: "u", name: "A", role } as never });

let asked: [string, unknown][] = [];
beforeEach(async () => {
  new FakeContext();
  asked = [];
  vi.stubGlobal("fetch", async (path: string, request: RequestInit) => {
    asked.push([`${request.method} ${path}`, request.body ? JSON.parse(`${request.body}`) : null]);
    return new Response(JSON.stringify(timer()), { status: 200 });
  });
  useLiveStore.setState({ topics: {} });
  as("guest");
  render(
    <Suspense>
      <Ringing />
    </Suspense>,
  );
});

test("a timer rings where the dashboard is open, until it rings no more", async () => {
  await live(timer());
  expect(screen.getByRole("alert").textContent).toContain("pasta");
  expect(screen.getByRole("alert").textContent).toContain("Kitchen");
  expect(FakeContext.now.sounding).toBe(1);
  await live(timer({ state: "waiting" }));
  expect(screen.getByRole("alert").textContent).toBe("");
  expect(FakeContext.now.sounding).toBe(0);
});

test("two that ring make one sound", async () => {
  await live(timer(), timer({ id: "t2", kind: "alarm", name: "up" }));
  expect(FakeContext.now.sounding).toBe(1);
  await live(timer());
  expect(FakeContext.now.sounding).toBe(1);
});

test("the bell is quieter while the hub says what rings", async () => {
  await live(timer());
  expect(FakeContext.now.level).toBe(1);
  useVoice.setState({ sounds: true });
  expect(FakeContext.now.level).toBeLessThan(0.3);
  useVoice.setState({ sounds: false });
  expect(FakeContext.now.level).toBe(1);
});

test("it is in the dialog that is open, and stopped there: what lies behind it can not be reached", async () => {
  const { unmount } = render(
    <Dialog open title="Device" onClose={() => {}}>
      …
    </Dialog>,
  );
  await live(timer());
  const stop = () => screen.getByRole("button", { name: "Stop", hidden: true });
  expect(stop().closest("dialog")).not.toBeNull();
  expect(stop().closest("[role=alert]")?.textContent).toContain("pasta");
  expect(FakeContext.now.sounding).toBe(1);
  stop().focus();
  await act(async () => fireEvent.click(stop()));
  expect(asked).toEqual([["POST /v1/timers/t1/stop", null]]);
  await live();
  expect(document.activeElement?.textContent).toBe("Device");
  await live(timer());
  unmount();
  expect(stop().closest("dialog")).toBeNull();
  expect(FakeContext.now.sounding).toBe(1);
});

test("it is stopped, or put off by five minutes", async () => {
  await live(timer({ id: "a/b" }));
  await act(async () => fireEvent.click(screen.getByRole("button", { name: "Stop" })));
  await act(async () => fireEvent.click(screen.getByRole("button", { name: "5 more minutes" })));
  expect(asked).toEqual([
    ["POST /v1/timers/a%2Fb/stop", null],
    ["POST /v1/timers/a%2Fb/snooze", { seconds: 300 }],
  ]);
});

test("a browser that may not play yet shows it, and sounds as soon as it may", async () => {
  FakeContext.now.state = "suspended";
  await live(timer());
  expect(screen.getByRole("alert").textContent).toContain("Touch the page to hear it");
  expect(FakeContext.now.sounding).toBe(0);
  await act(async () => FakeContext.now.let("running"));
  expect(FakeContext.now.sounding).toBe(1);
  expect(screen.getByRole("alert").textContent).not.toContain("Touch the page");
});

test("a wall panel may only silence itself, and hears it again the next time", async () => {
  as("panel");
  await live(timer());
  expect(screen.getAllByRole("button")).toHaveLength(1);
  await act(async () =>
    fireEvent.click(screen.getByRole("button", { name: "Silence it on this device" })),
  );
  expect(FakeContext.now.sounding).toBe(0);
  expect(screen.getByRole("alert").textContent).toContain("pasta");
  await live(timer({ due: "2026-03-01T18:17:00Z" }));
  expect(FakeContext.now.sounding).toBe(1);
});

test("a reminder is shown, and said by the hub; a command is neither", async () => {
  await live(
    timer({ kind: "reminder", name: "", text: "<i>bread</i>" }),
    timer({ id: "c", kind: "command", text: "lights out" }),
  );
  expect(screen.getByText("<i>bread</i>")).toBeTruthy();
  expect(screen.queryByText("lights out")).toBeNull();
  expect(FakeContext.now.sounding).toBe(0);
});

test("the bell can be heard, and is never too loud for the speaker", () => {
  const peak = bell(8000).reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  expect(peak).toBeGreaterThan(0.2);
  expect(peak).toBeLessThanOrEqual(1);
});
