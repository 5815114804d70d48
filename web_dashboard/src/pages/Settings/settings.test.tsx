import { fireEvent, render, screen, within } from "@testing-library/react";
import { MemoryRouter } from "react-router";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { forgetAnswers } from "@/api/useResource";
import { type Role, useSession } from "@/app/session";
import { SureDialog } from "@/components/Sure";
import { useToasts } from "@/components/toasts";
import i18n from "@/i18n";
import Settings from "./index";

type Answer = [number, unknown];

const ADA = { id: "u1", name: "Ada", role: "owner", language: "en", disabled: false };
const BEN = { id: "u2", name: "Ben", role: "guest", language: "de", disabled: true };
const CHROME = "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0";
const LOGINS = [
  {
    id: "l1",
    client: CHROME,
    created: "2026-03-01T10:00:00Z",
    seen: "2026-03-01T10:00:00Z",
    this: true,
  },
  {
    id: "l2",
    client: "Firefox/140 Android",
    created: "2026-03-01T10:00:00Z",
    seen: "2026-03-01T11:00:00Z",
    this: false,
  },
];
const SETTINGS = {
  file: "/etc/sotto.toml",
  sections: { mqtt: "The broker of this test." },
  settings: [
    {
      name: "name",
      value: "Mill Lane",
      text: "What the hub is called.",
      source: "file",
      secret: false,
    },
    {
      name: "mqtt.url",
      value: "mqtt://nas",
      text: "The broker.",
      source: "environment",
      secret: false,
    },
    { name: "mqtt.password", value: "•", text: "Of the broker.", source: "file", secret: true },
    { name: "mqtt.port", value: 1883, text: "Where it listens.", source: "default", secret: false },
  ],
};

let answers: Record<string, (json: unknown) => Answer>;
let sent: [string, unknown][];

beforeAll(() => i18n.loadNamespaces("settings"));
afterEach(() => i18n.changeLanguage("en"));
beforeEach(() => {
  forgetAnswers();
  useToasts.setState({ toasts: [] });
  sent = [];
  answers = {
    "GET /v1/session/logins": () => [200, LOGINS],
    "GET /v1/users?limit=200": () => [200, { items: [ADA, BEN], next: null }],
    "GET /v1/tokens": () => [200, []],
    "GET /v1/settings": () => [200, SETTINGS],
  };
  vi.stubGlobal("fetch", async (path: string, request: RequestInit) => {
    const what = `${request.method} ${path}`;
    const json = request.body ? JSON.parse(String(request.body)) : undefined;
    if (request.method !== "GET") sent.push([what, json]);
    const [status, body] = answers[what]?.(json) ?? [404, { code: "unknown", detail: what }];
    return new Response(status === 204 ? null : JSON.stringify(body), { status });
  });
});

function settings(path = "/settings", role: Role = "owner") {
  useSession.setState({ standing: "signed-in", who: { user: "u1", name: "Ada", role } });
  render(
    <MemoryRouter initialEntries={[path]}>
      <Settings />
      <SureDialog />
    </MemoryRouter>,
  );
}

const type = (label: string, value: string) =>
  fireEvent.change(screen.getByLabelText(label), { target: { value } });
const press = (name: string | RegExp) => fireEvent.click(screen.getByRole("button", { name }));
const tabs = () => screen.getAllByRole("tab").map((tab) => tab.textContent);
const toasts = () => useToasts.getState().toasts.map((one) => one.text);

test("each sees the settings that are his", async () => {
  settings("/settings", "member");
  expect(tabs()).toEqual(["General", "API tokens"]);
});

test("an owner sees all settings, and an address leads to one of them", async () => {
  settings("/settings/hub");
  expect(tabs()).toEqual(["General", "Users", "API tokens", "Backup", "Hub"]);
  expect(await screen.findByText("mqtt://nas")).toBeTruthy();
});

test("a password that is too short, or typed differently, is not sent", async () => {
  settings();
  type("Old password", "old one");
  type("New password", "short");
  type("New password again", "short");
  press("Change password");
  expect(screen.getByText("A password has at least 10 characters.")).toBeTruthy();
  type("New password", "a long sentence");
  type("New password again", "another sentence");
  expect(screen.getByText("The two passwords differ.")).toBeTruthy();
  press("Change password");
  expect(sent).toEqual([]);
});

test("what is wrong with a password is said at its field, and a new one empties the form", async () => {
  answers["PUT /v1/session/password"] = (json) =>
    (json as { old: string }).old === "old one"
      ? [204, null]
      : [403, { code: "wrong-password", detail: "The old password is another one." }];
  settings();
  type("Old password", "wrong one");
  type("New password", "a long sentence");
  type("New password again", "a long sentence");
  press("Change password");
  await screen.findByText("The old password is another one.");
  expect(screen.getByLabelText("Old password").getAttribute("aria-invalid")).toBe("true");
  type("Old password", "old one");
  expect(screen.queryByText("The old password is another one.")).toBeNull();
  press("Change password");
  await vi.waitFor(() => expect(screen.getByLabelText("Old password")).toHaveProperty("value", ""));
  expect(toasts()).toEqual(["The password is changed. Other browsers are logged out."]);
});

test("a login that is ended is gone at once, and back where the hub refuses", async () => {
  answers["DELETE /v1/session/logins/l2"] = () => [409, { code: "no", detail: "Not now." }];
  settings();
  const end = await screen.findByRole("button", { name: "Log out Firefox, Android" });
  expect(screen.queryByRole("button", { name: "Log out Chrome, Linux" })).toBeNull();
  fireEvent.click(end);
  expect(screen.queryByText("Firefox, Android")).toBeNull();
  expect(await screen.findByText("Firefox, Android")).toBeTruthy();
  expect(toasts()).toEqual(["Not now."]);
});

test("a user is added, and what the hub refuses stays as it was typed", async () => {
  let refuse = true;
  answers["POST /v1/users"] = () =>
    refuse
      ? [409, { code: "name-taken", detail: "There is a Cleo." }]
      : [201, { ...BEN, id: "u3" }];
  settings("/settings/users");
  await screen.findByText("Can not log in");
  press("Add user");
  const dialog = within(screen.getByRole("dialog", { name: "Add user" }));
  type("Name", "Cleo");
  type("Password", "too short");
  fireEvent.click(dialog.getByRole("button", { name: "Add user" }));
  expect(dialog.getByText("A password has at least 10 characters.")).toBeTruthy();
  expect(sent).toEqual([]);
  type("Password", "long enough now");
  fireEvent.change(screen.getByLabelText("Role"), { target: { value: "guest" } });
  fireEvent.click(dialog.getByRole("button", { name: "Add user" }));
  await dialog.findByText("There is a Cleo.");
  expect(screen.getByLabelText("Name")).toHaveProperty("value", "Cleo");
  refuse = false;
  fireEvent.click(dialog.getByRole("button", { name: "Add user" }));
  await vi.waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  const json = { name: "Cleo", role: "guest", language: "en", password: "long enough now" };
  expect(sent.at(-1)).toEqual(["POST /v1/users", json]);
});

test("a user is changed without a new password", async () => {
  answers["PATCH /v1/users/u2"] = () => [200, BEN];
  settings("/settings/users");
  fireEvent.click(await screen.findByRole("button", { name: "Edit Ben" }));
  fireEvent.click(screen.getByRole("switch", { name: "May log in" }));
  press("Save");
  await vi.waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  const json = { name: "Ben", role: "guest", language: "de", disabled: false };
  expect(sent).toEqual([["PATCH /v1/users/u2", json]]);
});

test("a user is removed only by who is sure", async () => {
  answers["DELETE /v1/users/u2"] = () => [204, null];
  settings("/settings/users");
  fireEvent.click(await screen.findByRole("button", { name: "Remove Ben" }));
  press("Cancel");
  await vi.waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(sent).toEqual([]);
  press("Remove Ben");
  press("Remove");
  await vi.waitFor(() => expect(toasts()).toEqual(["Ben is removed."]));
  expect(screen.queryByText("Ben")).toBeNull();
});

test("a token is made with what it may, and shown once", async () => {
  answers["POST /v1/tokens"] = () => [201, { id: "t", name: "Tablet", token: "sotto_secret" }];
  settings("/settings/tokens", "member");
  await screen.findByText("No API tokens yet");
  press("New token");
  expect(screen.queryByLabelText(/Everything/)).toBeNull();
  type("Name", "Tablet");
  fireEvent.click(screen.getByLabelText(/Switch devices/));
  press("Make token");
  expect(await screen.findByLabelText("The token")).toHaveProperty("value", "sotto_secret");
  const json = { name: "Tablet", scopes: ["read", "home"], days: 365 };
  expect(sent).toEqual([["POST /v1/tokens", json]]);
  fireEvent.click(screen.getByRole("dialog"));
  expect(screen.getByLabelText("The token")).toBeTruthy();
  press("I have it");
  await vi.waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(document.body.textContent).not.toContain("sotto_secret");
});

test("settings are found by words, what was set by a switch, and no secret is shown", async () => {
  settings("/settings/hub");
  await screen.findByText("mqtt://nas");
  expect(screen.getByText("set, and kept secret")).toBeTruthy();
  expect(screen.getByText("port")).toBeTruthy();
  fireEvent.click(screen.getByRole("switch", { name: "Only what was set" }));
  expect(screen.queryByText("port")).toBeNull();
  type("Search the settings", "nothing of this name");
  expect(await screen.findByText("Nothing found")).toBeTruthy();
});

test("what settings are for is said, and searched, in the language of the page", async () => {
  answers["GET /v1/settings"] = () => [
    200,
    {
      ...SETTINGS,
      sections: { listening: "When speech begins and ends.", mqtt: SETTINGS.sections.mqtt },
      settings: [
        ...SETTINGS.settings,
        {
          name: "listening.no_speech_ms",
          value: 5000,
          text: "How long to wait for somebody to speak.",
          source: "default",
          secret: false,
        },
      ],
    },
  ];
  await i18n.changeLanguage("de");
  settings("/settings/hub");
  expect(await screen.findByText("Wann ein Satz beginnt und endet.")).toBeTruthy();
  type("Einstellungen durchsuchen", "gewartet");
  await vi.waitFor(() => expect(screen.queryByText("mqtt://nas")).toBeNull());
  expect(screen.getByText("Wie lange darauf gewartet wird, dass jemand spricht.")).toBeTruthy();
  type("Einstellungen durchsuchen", "url");
  expect(await screen.findByText("The broker of this test.")).toBeTruthy();
});

test("what the hub does not tell is said, and asked for again", async () => {
  answers["GET /v1/settings"] = () => [500, { code: "failed", detail: "The disk is full." }];
  settings("/settings/hub");
  await screen.findByText("The disk is full.");
  answers["GET /v1/settings"] = () => [200, SETTINGS];
  press("Try again");
  expect(await screen.findByText("Mill Lane")).toBeTruthy();
});

test("a backup is restored only by who is sure, and its outcome is told", async () => {
  class Sending {
    static last: Sending | undefined;
    upload: { onprogress?: unknown; onload?: () => void } = {};
    onload?: () => void;
    status = 200;
    statusText = "";
    response: object = { made: "2026-03-01T10:00:00Z", version: "0.1.0", settings: "left" };
    path = "";
    open(_: string, path: string) {
      this.path = path;
    }
    setRequestHeader() {}
    send() {
      Sending.last = this;
    }
  }
  vi.stubGlobal("XMLHttpRequest", Sending);
  answers["GET /v1/session"] = () => [200, {}];
  settings("/settings/backup");
  const input = document.querySelector("[data-restore]") as HTMLInputElement;
  const file = new File(["x"], "hub.tar.gz");
  const choose = () => fireEvent.change(input, { target: { files: [file] } });
  choose();
  expect(screen.getByRole("dialog", { name: "Restore hub.tar.gz?" })).toBeTruthy();
  press("Cancel");
  await vi.waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(Sending.last).toBeUndefined();
  choose();
  press("Restore");
  await vi.waitFor(() =>
    expect(Sending.last?.path).toBe("/v1/restore?settings=false&programs=false"),
  );
  const first = Sending.last as Sending;
  first.status = 409;
  first.response = { code: "runs-programs", detail: "No.", programs: ["TOKEN=*** notes-mcp"] };
  first.onload?.();
  const programs = await screen.findByRole("dialog", { name: "This backup runs programs" });
  expect(programs.textContent).toContain("TOKEN=*** notes-mcp");
  press("Restore and run them");
  await vi.waitFor(() =>
    expect(Sending.last?.path).toBe("/v1/restore?settings=false&programs=true"),
  );
  Sending.last?.upload.onload?.();
  Sending.last?.onload?.();
  expect(await screen.findByText("Your files stay as they are.")).toBeTruthy();
});
