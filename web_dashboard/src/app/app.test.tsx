import { act, fireEvent, render, screen } from "@testing-library/react";
import { beforeEach, expect, test, vi } from "vitest";
import i18n, { language } from "@/i18n";
import { type Connection, useLiveStore } from "@/live/live";
import { App } from "./App";
import { findOut, signOut, useSession } from "./session";

class SilentSocket {
  close() {}
}

type Answers = Record<string, () => [number, unknown]>;

function hub(answers: Answers) {
  const sent: [string, unknown][] = [];
  vi.stubGlobal("fetch", async (path: string, request: RequestInit) => {
    const what = `${request.method} ${path}`;
    sent.push([what, request.body ? JSON.parse(String(request.body)) : undefined]);
    const unknown = /session|setup/.test(path) ? 401 : 404;
    const [status, body] = answers[what]?.() ?? [unknown, { code: "not-there", detail: "" }];
    return new Response(status === 204 ? null : JSON.stringify(body), { status });
  });
  return sent;
}

const who = (role: string) => ({ user: "u", name: "Ada", role, language: "en" });

beforeEach(() => {
  vi.stubGlobal("WebSocket", SilentSocket);
  useSession.setState({ standing: "unknown", who: null });
  history.replaceState(null, "", "/");
});

const menu = async () =>
  [...(await screen.findByRole("navigation")).querySelectorAll("a")].map((one) =>
    one.getAttribute("aria-label"),
  );

test("an owner sees nine pages", async () => {
  hub({ "GET /v1/session": () => [200, who("owner")] });
  render(<App />);
  expect(await menu()).toHaveLength(9);
});

test("the frame is headed by the hub's own name once one is logged in, and not before", async () => {
  hub({
    "GET /v1/setup": () => [200, { open: false }],
    "POST /v1/session": () => [200, { ...who("owner"), hub: "Mill Lane" }],
    "DELETE /v1/session": () => [204, null],
  });
  history.replaceState(null, "", "/nowhere");
  render(<App />);
  fireEvent.change(await screen.findByLabelText("Name"), { target: { value: "Ada" } });
  fireEvent.change(screen.getByLabelText("Password"), { target: { value: "a long secret" } });
  expect(document.title).toBe("Log in · Sotto");
  fireEvent.click(screen.getByRole("button", { name: "Log in" }));
  expect(await screen.findByRole("link", { name: "Mill Lane" })).toBeTruthy();
  expect(document.title).toBe("Mill Lane");
  await act(signOut);
  expect(document.title).toBe("Log in · Sotto");
  expect(screen.queryByText("Mill Lane")).toBeNull();
});

test("a set-up form that the browser kept, and shows again by Back, is gone once it is done", async () => {
  history.replaceState(null, "", "/setup?code=abc");
  const answers: Answers = { "GET /v1/setup": () => [200, { open: true }] };
  hub(answers);
  render(<App />);
  await screen.findByLabelText("Password again");
  answers["GET /v1/session"] = () => [200, who("owner")];
  const shown = Object.assign(new Event("pageshow"), { persisted: true });
  await act(async () => dispatchEvent(shown));
  expect(await screen.findByRole("navigation")).toBeTruthy();
  expect(screen.queryByLabelText("Password again")).toBeNull();
  expect(location.pathname).toBe("/");
});

test("a wall panel sees the home, and begins there", async () => {
  hub({ "GET /v1/session": () => [200, who("panel")] });
  render(<App />);
  expect(await menu()).toEqual(["Home", "Satellites", "Timers & lists"]);
  expect(location.pathname).toBe("/home");
});

test("a page that a role may not see says so", async () => {
  history.replaceState(null, "", "/engines");
  hub({ "GET /v1/session": () => [200, who("guest")] });
  render(<App />);
  expect(await screen.findByText("Not for you")).toBeTruthy();
});

test("an address without a page says so, and shows the way", async () => {
  history.replaceState(null, "", "/nowhere");
  hub({ "GET /v1/session": () => [200, who("owner")] });
  render(<App />);
  expect(await screen.findByRole("link", { name: "Go to Talk" })).toBeTruthy();
});

test("who is not logged in logs in, and is where he wanted to be", async () => {
  history.replaceState(null, "", "/satellites");
  const sent = hub({
    "GET /v1/setup": () => [200, { open: false }],
    "POST /v1/session": () => [200, who("member")],
  });
  render(<App />);
  fireEvent.change(await screen.findByLabelText("Name"), { target: { value: "Ada" } });
  fireEvent.change(screen.getByLabelText("Password"), { target: { value: "a long secret" } });
  fireEvent.click(screen.getByRole("button", { name: "Log in" }));
  await screen.findByRole("navigation");
  expect(location.pathname).toBe("/satellites");
  expect(sent).toContainEqual(["POST /v1/session", { name: "Ada", password: "a long secret" }]);
});

test("a refused login says why and keeps what was typed", async () => {
  hub({
    "GET /v1/setup": () => [200, { open: false }],
    "POST /v1/session": () => [429, { code: "slow-down", detail: "Wait 20 seconds." }],
  });
  render(<App />);
  fireEvent.change(await screen.findByLabelText("Name"), { target: { value: "Ada" } });
  fireEvent.change(screen.getByLabelText("Password"), { target: { value: "secret" } });
  fireEvent.click(screen.getByRole("button", { name: "Log in" }));
  expect((await screen.findByRole("alert")).textContent).toBe("Wait 20 seconds.");
  expect(screen.getByLabelText<HTMLInputElement>("Password").value).toBe("secret");
});

test("the one-time link makes the first owner, whose passwords must agree", async () => {
  history.replaceState(null, "", "/setup?code=abc");
  const sent = hub({
    "GET /v1/setup": () => [200, { open: true }],
    "POST /v1/setup": () => [201, who("owner")],
  });
  render(<App />);
  const type = (label: string, value: string) =>
    fireEvent.change(screen.getByLabelText(label), { target: { value } });
  await screen.findByLabelText("Name");
  type("Name", "Ada");
  type("Password", "a long secret");
  type("Password again", "another secret");
  fireEvent.click(screen.getByRole("button", { name: "Begin" }));
  expect(screen.getByText("The two passwords differ.")).toBeTruthy();
  type("Password again", "a long secret");
  fireEvent.click(screen.getByRole("button", { name: "Begin" }));
  await screen.findByRole("navigation");
  expect(location.pathname).toBe("/");
  const json = { code: "abc", name: "Ada", password: "a long secret", language: "en" };
  expect(sent).toContainEqual(["POST /v1/setup", json]);
});

test("a session that ends asks for the password over the page, which stays as it was", async () => {
  history.replaceState(null, "", "/nowhere");
  hub({
    "GET /v1/session": () => [200, who("owner")],
    "POST /v1/session": () => [200, who("owner")],
  });
  render(<App />);
  const page = await screen.findByText("There is nothing here");
  act(() => useSession.setState({ standing: "expired" }));
  expect(screen.getByRole("dialog", { name: "Log in again" })).toBeTruthy();
  expect(screen.getByLabelText<HTMLInputElement>("Name").value).toBe("Ada");
  expect(document.activeElement).toBe(screen.getByLabelText("Password"));
  fireEvent.change(screen.getByLabelText("Password"), { target: { value: "secret" } });
  fireEvent.click(screen.getByRole("button", { name: "Log in" }));
  await vi.waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(screen.getByText("There is nothing here")).toBe(page);
});

test("a hub that is away is told after a moment, and that it is back for a moment", async () => {
  hub({ "GET /v1/session": () => [200, who("owner")] });
  render(<App />);
  await screen.findByRole("navigation");
  vi.useFakeTimers();
  const connection = (one: Connection) => act(() => useLiveStore.setState({ connection: one }));
  const wait = (ms: number) => act(() => vi.advanceTimersByTime(ms));
  connection("open");
  connection("lost");
  wait(500);
  expect(screen.queryByText("The hub is away. Trying again …")).toBeNull();
  wait(500);
  expect(screen.getByText("The hub is away. Trying again …")).toBeTruthy();
  connection("open");
  expect(screen.getByText("The hub is back.")).toBeTruthy();
  wait(3000);
  expect(screen.queryByText("The hub is back.")).toBeNull();
});

test("keys go to pages, but not while one types", async () => {
  history.replaceState(null, "", "/nowhere");
  hub({ "GET /v1/session": () => [200, who("owner")] });
  render(<App />);
  await screen.findByRole("navigation");
  fireEvent.keyDown(document.body, { key: "g" });
  fireEvent.keyDown(document.body, { key: "h" });
  await vi.waitFor(() => expect(location.pathname).toBe("/home"));
  const input = document.body.appendChild(document.createElement("input"));
  fireEvent.keyDown(input, { key: "g", bubbles: true });
  fireEvent.keyDown(input, { key: "s", bubbles: true });
  expect(location.pathname).toBe("/home");
  input.remove();
});

test("what one person has typed is not there for the next, also where the page was loaded anew", async () => {
  sessionStorage.setItem("sotto-user", "somebody else");
  sessionStorage.setItem("typed", "for my eyes only");
  hub({ "GET /v1/session": () => [200, who("owner")] });
  render(<App />);
  await menu();
  expect(sessionStorage.getItem("typed")).toBeNull();
});

test("a hub that is busy is waited for, and nobody is asked for a password", async () => {
  hub({ "GET /v1/session": () => [503, { code: "store-busy", detail: "Busy." }] });
  render(<App />);
  expect(await screen.findByText("The hub does not answer")).toBeTruthy();
});

test("the page stays while the hub is away, though another tab says that somebody logged in", async () => {
  hub({ "GET /v1/session": () => [200, who("owner")] });
  render(<App />);
  await screen.findByRole("navigation");
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("away")));
  await act(findOut);
  expect(screen.getByRole("navigation")).toBeTruthy();
});

test("the language that is picked where one logs in is what one wants, here and elsewhere", async () => {
  const sent = hub({
    "GET /v1/setup": () => [200, { open: false }],
    "POST /v1/session": () => [200, who("member")],
    "PUT /v1/session/language": () => [200, who("member")],
  });
  render(<App />);
  fireEvent.change(await screen.findByLabelText("Language"), { target: { value: "de" } });
  fireEvent.change(await screen.findByLabelText("Passwort"), { target: { value: "a secret" } });
  fireEvent.change(screen.getByLabelText("Name"), { target: { value: "Ada" } });
  fireEvent.click(screen.getByRole("button", { name: "Anmelden" }));
  await screen.findByRole("navigation");
  expect(language()).toBe("de");
  expect(sent).toContainEqual(["PUT /v1/session/language", { language: "de" }]);
  await act(() => i18n.changeLanguage("en"));
});

test("a wall panel goes on in the language that was chosen on its wall", async () => {
  hub({ "GET /v1/session": () => [200, who("panel")] });
  localStorage.setItem("sotto-language", "de");
  await i18n.changeLanguage("de");
  render(<App />);
  await screen.findByRole("navigation");
  expect(language()).toBe("de");
  await act(() => i18n.changeLanguage("en"));
});
