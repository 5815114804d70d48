import { fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import i18n from "@/i18n";
import { Audit } from "./Audit";

const STEP = "5b0c3ad5a1f54b9e8a3d7c1f0e2b4d6a";
const entry = (id: number, undo: string | null) => ({
  id,
  at: "2026-03-01T10:00:00Z",
  satellite: null,
  room: null,
  person: "Ada",
  language: "en",
  turn: null,
  tool: undo ? "edit_rule" : "HassTurnOn",
  arguments: "{}",
  verdict: "allowed",
  code: "ok",
  took_ms: 0,
  undo,
});

beforeAll(() => i18n.loadNamespaces("tools"));
beforeEach(() => {
  // jsdom lays nothing out: a frame of 600 pixels, and rows of 50.
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(600);
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(400);
  vi.spyOn(HTMLElement.prototype, "offsetHeight", "get").mockReturnValue(50);
});
afterEach(() => vi.restoreAllMocks());

test("a change is taken back from the audit, where it still can be", async () => {
  let items = [entry(2, STEP), entry(1, null)];
  const sent: string[] = [];
  vi.stubGlobal("fetch", async (path: string, request: RequestInit) => {
    if (request.method === "POST") {
      sent.push(path);
      items = [entry(2, null)];
    }
    return new Response(JSON.stringify({ items, next: null }));
  });
  render(<Audit />);
  fireEvent.click(await screen.findByText("HassTurnOn"));
  await screen.findByRole("dialog", { name: "HassTurnOn" });
  expect(screen.queryByRole("button", { name: "Undo this change" })).toBeNull();
  fireEvent.click(screen.getByText("edit_rule"));
  fireEvent.click(await screen.findByRole("button", { name: "Undo this change" }));
  await vi.waitFor(() => expect(sent).toEqual([`/v1/additions/undo/${STEP}`]));
  await vi.waitFor(() => expect(screen.queryByText("edit_rule")).toBeNull());
});
