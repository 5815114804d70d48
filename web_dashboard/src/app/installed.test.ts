import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { noticeLostStyles, patiently } from "./installed";

const OWN = "/assets/index-own.js";
const page = (file: string) => `<script type="module" crossorigin src="${file}"></script>`;
const reload = vi.fn();

/** A hub that is away or has a page whose first file is named so. */
function hub(has: () => string | null): void {
  vi.stubGlobal("fetch", async () => {
    const file = has();
    if (file === null) throw new TypeError("Failed to fetch");
    return new Response(page(file));
  });
}

/** What comes at its n-th try. */
function comesAt(tries: number) {
  return vi.fn(async () => {
    if (--tries > 0) throw new TypeError("Failed to fetch dynamically imported module");
    return "the part";
  });
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("location", { reload });
  document.head.innerHTML = page(OWN);
  reload.mockClear();
  sessionStorage.clear();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("what was asked for while the hub was away comes once it is back, without a new page", async () => {
  const answers = [null, null, OWN];
  hub(() => (answers.length > 1 ? (answers.shift() ?? null) : OWN));
  const load = comesAt(4);
  const part = patiently(load);
  await vi.runAllTimersAsync();
  expect(await part).toBe("the part");
  expect(reload).not.toHaveBeenCalled();
});

test("the hub comes back in the moment in which a part fails: it is asked for once more", async () => {
  hub(() => OWN);
  expect(await patiently(comesAt(2))).toBe("the part");
  expect(reload).not.toHaveBeenCalled();
});

test("a part that fails twice although the hub is there has the page loaded anew, once", async () => {
  hub(() => OWN);
  const load = comesAt(9);
  await expect(patiently(load)).rejects.toThrow("dynamically imported");
  expect(load).toHaveBeenCalledTimes(2);
  expect(reload).toHaveBeenCalledTimes(1);
  await expect(patiently(load)).rejects.toThrow("dynamically imported");
  expect(reload).toHaveBeenCalledTimes(1);
});

test("who answers in the hub's place has nothing loaded", async () => {
  const answers = [502, 502, 200];
  vi.stubGlobal("fetch", async (path: string) =>
    path === "/health"
      ? new Response("{}")
      : new Response(page("/assets/index-proxy.js"), { status: answers.shift() ?? 200 }),
  );
  const part = patiently(comesAt(3));
  await vi.runAllTimersAsync();
  expect(await part).toBe("the part");
  expect(reload).not.toHaveBeenCalled();
});

test("a hub with a newer page has that one loaded, but not for ever", async () => {
  hub(() => "/assets/index-new.js");
  await expect(patiently(comesAt(9))).rejects.toThrow();
  expect(reload).toHaveBeenCalledTimes(1);
  await expect(patiently(comesAt(9))).rejects.toThrow();
  expect(reload).toHaveBeenCalledTimes(1);
});

test("styles that did not come are there before the part that needs them", async () => {
  hub(() => OWN);
  noticeLostStyles();
  document.head.innerHTML += '<link rel="stylesheet" href="/assets/Talk.css">';
  document.querySelector("link")?.dispatchEvent(new Event("error"));
  const load = comesAt(1);
  // Another part that is loaded at the same time waits for them, too.
  const part = patiently(load);
  const other = patiently(load);
  await vi.advanceTimersByTimeAsync(0);
  expect(load).not.toHaveBeenCalled();
  const links = document.querySelectorAll("link");
  expect([...links].map((link) => link.getAttribute("href"))).toEqual(["/assets/Talk.css"]);
  links[0]?.dispatchEvent(new Event("load"));
  expect(await part).toBe("the part");
  expect(await other).toBe("the part");
});
