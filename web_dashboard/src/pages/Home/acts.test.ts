import { act, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { useToasts } from "@/components/toasts";
import { useLiveStore } from "@/live/live";
import { tell, useDevice } from "./acts";
import type { Device } from "./device";

const sure = vi.hoisted(() => vi.fn());
vi.mock("@/components/Sure", () => ({ sure }));

const LAMP: Device = {
  id: "light.desk",
  name: "Desk",
  area: null,
  kind: "light",
  device_class: null,
  unit: null,
  state: "off",
  attributes: {},
  features: ["state"],
  verbs: ["turn_on", "turn_off"],
  needs_code: false,
  exposed: true,
  changed: null,
};

type Answer = [status: number, body: object];
let answers: ((answer: Answer) => void)[] = [];
let asked: { confirm?: string; verb: string }[] = [];

/** Answer the oldest request that waits. */
async function answer(status: number, body: object): Promise<void> {
  await act(async () => {
    await vi.waitFor(() => expect(answers.length).toBeGreaterThan(0));
    answers.shift()?.([status, body]);
    await Promise.resolve();
  });
}

beforeEach(() => {
  answers = [];
  asked = [];
  sure.mockReset();
  useToasts.setState({ toasts: [] });
  useLiveStore.setState({ topics: { devices: { [LAMP.id]: LAMP } } });
  vi.stubGlobal("fetch", async (_path: string, request: RequestInit) => {
    asked.push(JSON.parse(String(request.body)));
    const [status, body] = await new Promise<Answer>((resolve) => answers.push(resolve));
    return new Response(JSON.stringify(body), { status });
  });
});
afterEach(() => vi.unstubAllGlobals());

test("a lamp is shown on at once, and stays so when it has obeyed", async () => {
  const { result } = renderHook(() => useDevice(LAMP.id));
  let done: Promise<boolean> | undefined;
  act(() => {
    done = tell(LAMP, "turn_on");
  });
  expect(result.current?.state).toBe("on");
  await answer(200, { confirmed: true, device: { ...LAMP, state: "on" } });
  expect(await done).toBe(true);
  expect(result.current?.state).toBe("on");
});

test("what fails is taken back, and told in the hub's words", async () => {
  const { result } = renderHook(() => useDevice(LAMP.id));
  let done: Promise<boolean> | undefined;
  act(() => {
    done = tell(LAMP, "turn_on");
  });
  await answer(504, { code: "no-reaction", detail: "Desk does not react" });
  expect(await done).toBe(false);
  expect(result.current?.state).toBe("off");
  expect(useToasts.getState().toasts[0]?.text).toBe("Desk does not react");
});

test("what needs a yes is asked, and sent again with it", async () => {
  sure.mockResolvedValue(true);
  const done = tell(LAMP, "turn_on");
  await answer(409, { code: "needs-confirmation", detail: "Shall I?", confirm: "abc" });
  await answer(200, { confirmed: true, device: { ...LAMP, state: "on" } });
  expect(await done).toBe(true);
  expect(sure.mock.calls[0]?.[0]).toMatchObject({ title: "Shall I?" });
  expect(asked.map((one) => one.confirm)).toEqual([undefined, "abc"]);
});

test("without a yes nothing more is sent, and nothing is said of it", async () => {
  sure.mockResolvedValue(false);
  const done = tell(LAMP, "turn_on");
  await answer(409, { code: "needs-confirmation", detail: "Shall I?", confirm: "abc" });
  expect(await done).toBe(false);
  expect(asked).toHaveLength(1);
  expect(useToasts.getState().toasts).toEqual([]);
});

test("what the home says afterwards counts more than what was expected", async () => {
  const { result } = renderHook(() => useDevice(LAMP.id));
  let done: Promise<boolean> | undefined;
  act(() => {
    done = tell(LAMP, "turn_on");
  });
  await answer(200, { confirmed: true, device: { ...LAMP, state: "on" } });
  await done;
  act(() =>
    useLiveStore.setState({ topics: { devices: { [LAMP.id]: { ...LAMP, state: "on" } } } }),
  );
  act(() =>
    useLiveStore.setState({ topics: { devices: { [LAMP.id]: { ...LAMP, state: "off" } } } }),
  );
  expect(result.current?.state).toBe("off");
});
