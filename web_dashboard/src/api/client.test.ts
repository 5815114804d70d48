import { afterEach, expect, test, vi } from "vitest";
import { ApiProblem, ask, askJson, refresh, Unreachable, whenSignedOut } from "./client";
import { address } from "./typed";

type Answering = (path: string, method: string) => Response | Promise<Response>;

function hub(answer: Answering) {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (path: string, request: RequestInit) => {
    const method = request.method ?? "GET";
    asked.push(`${method} ${path}`);
    return answer(path, method);
  });
  return asked;
}

const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status });
const refused = () => json({ status: 401, code: "not-logged-in", detail: "Log in first." }, 401);

afterEach(() => whenSignedOut(async () => false));

test("a problem document becomes a problem with the hub's words", async () => {
  hub(() => json({ status: 409, code: "busy", title: "Conflict", detail: "It is busy." }, 409));
  const problem = await ask("/v1/things").catch((error: unknown) => error);
  expect(problem).toBeInstanceOf(ApiProblem);
  expect(problem).toMatchObject({ status: 409, code: "busy", message: "It is busy." });
});

test("an answer that is no problem document still becomes a problem", async () => {
  hub(() => new Response("<h1>Bad gateway</h1>", { status: 502, statusText: "Bad Gateway" }));
  await expect(ask("/v1/things")).rejects.toMatchObject({ status: 502, message: "Bad Gateway" });
});

test("a hub that is not reached is Unreachable", async () => {
  hub(() => Promise.reject(new TypeError("failed to fetch")));
  await expect(ask("/v1/things")).rejects.toBeInstanceOf(Unreachable);
});

test("a session is refreshed also where the clock was ahead when that was done before", async () => {
  localStorage.setItem("sotto-refreshed", String(Date.now() + 9 * 86_400_000));
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (path: string) => {
    asked.push(path);
    return new Response("{}");
  });
  expect(await refresh()).toBe(true);
  expect(asked).toEqual(["/v1/session/refresh"]);
});

test("a hub that is away or busy has not said that the session has ended", async () => {
  const asked = vi.fn(async () => true);
  whenSignedOut(asked);
  hub((path) => (path === "/v1/session/refresh" ? json({ detail: "Busy." }, 503) : refused()));
  await expect(ask("/v1/things")).rejects.toMatchObject({ status: 503 });
  hub((path) => (path === "/v1/session/refresh" ? Promise.reject(new TypeError()) : refused()));
  await expect(ask("/v1/things")).rejects.toBeInstanceOf(Unreachable);
  expect(asked).not.toHaveBeenCalled();
});

test("a session that has ended is refreshed once for all who ask, and they are asked again", async () => {
  let fresh = false;
  const asked = hub((path) => {
    if (path === "/v1/session/refresh") {
      fresh = true;
      return json({});
    }
    return fresh ? json({ ok: true }) : refused();
  });
  const answers = await Promise.all([askJson("/v1/a"), askJson("/v1/b")]);
  expect(answers).toEqual([{ ok: true }, { ok: true }]);
  expect(asked.filter((one) => one === "POST /v1/session/refresh")).toHaveLength(1);
});

test("what was asked waits for a new login, and is then done", async () => {
  let loggedIn = false;
  const asked = hub((path) =>
    path === "/v1/session/refresh" || !loggedIn ? refused() : json({ saved: true }),
  );
  whenSignedOut(async () => {
    loggedIn = true;
    return true;
  });
  await expect(askJson("/v1/things", { method: "PUT", json: {} })).resolves.toEqual({
    saved: true,
  });
  expect(asked.filter((one) => one === "PUT /v1/things")).toHaveLength(2);
});

test("a wrong password at the login is told, not taken for a session that has ended", async () => {
  const asked = hub(() => json({ status: 401, code: "wrong", detail: "Wrong." }, 401));
  await expect(ask("/v1/session", { method: "POST", json: {} })).rejects.toMatchObject({
    code: "wrong",
  });
  expect(asked).toEqual(["POST /v1/session"]);
});

test("who gives up is not asked again, and hears no more", async () => {
  const gone = new AbortController();
  hub(() => {
    gone.abort(new Error("gone"));
    return Promise.reject(new TypeError("aborted"));
  });
  await expect(ask("/v1/things", { signal: gone.signal })).rejects.not.toBeInstanceOf(Unreachable);
});

test("names in addresses are escaped, and what is not asked for is left out", () => {
  expect(address("/v1/lists/{name}", { name: "a/b ä" }, { q: "x&y", from: undefined })).toBe(
    "/v1/lists/a%2Fb%20%C3%A4?q=x%26y",
  );
});
