import { act, fireEvent, render, screen } from "@testing-library/react";
import { beforeEach, expect, test, vi } from "vitest";
import { attempt } from "./attempt";
import { Dialog } from "./Dialog";
import { GroundToasts } from "./Toasts";
import { toast, undoLast, useToasts } from "./toasts";

beforeEach(() => {
  useToasts.setState({ toasts: [] });
  vi.useFakeTimers();
});

const texts = () => useToasts.getState().toasts.map((one) => one.text);

test("a toast goes by itself, one that is read stays", () => {
  render(<GroundToasts />);
  act(() => {
    toast("one");
    toast("two");
  });
  const two = screen.getByText("two").parentElement;
  if (two) fireEvent.focus(two);
  act(() => vi.advanceTimersByTime(60_000));
  expect(texts()).toEqual(["two"]);
});

test("only the last three are shown", () => {
  for (const text of ["1", "2", "3", "4"]) toast(text);
  expect(texts()).toEqual(["2", "3", "4"]);
});

test("what was done can be undone", async () => {
  render(<GroundToasts />);
  const undo = vi.fn(async () => {});
  await act(async () => {
    expect(await attempt(async () => {}, { done: "Deleted.", undo })).toBe(true);
  });
  fireEvent.click(screen.getByRole("button", { name: "Undo" }));
  expect(undo).toHaveBeenCalledOnce();
  expect(texts()).toEqual([]);
});

test("what the hub refuses is taken back and told as an alert, in its words", async () => {
  render(<GroundToasts />);
  const rollback = vi.fn();
  await act(async () => {
    const work = () => Promise.reject(new Error("The lamp is unplugged."));
    expect(await attempt(work, { done: "Done.", rollback })).toBe(false);
  });
  expect(rollback).toHaveBeenCalledOnce();
  expect(screen.getByRole("alert").textContent).toContain("The lamp is unplugged.");
});

function Page({ open }: { open: readonly string[] }) {
  return (
    <>
      <GroundToasts />
      {open.map((title) => (
        <Dialog key={title} open title={title} onClose={() => {}}>
          {title}
        </Dialog>
      ))}
    </>
  );
}

test("a toast is in the dialog on top, for what lies behind it can not be reached", () => {
  const { rerender } = render(<Page open={[]} />);
  act(() => toast("Renamed.", { undo: () => {} }));
  const where = () => screen.getByText("Renamed.").closest("dialog")?.querySelector("h2");
  expect(where()).toBeUndefined();
  for (const open of [["Device"], ["Device", "Sure?"], ["Device"]]) {
    rerender(<Page open={open} />);
    expect(where()?.textContent).toBe(open.at(-1));
    expect(screen.getAllByText("Undo")).toHaveLength(1);
  }
});

test("a toast that was under the pointer goes by itself once it is in another layer", () => {
  const { rerender } = render(<Page open={["Device"]} />);
  act(() => toast("Renamed."));
  const held = screen.getByText("Renamed.").parentElement;
  if (held) fireEvent.pointerEnter(held);
  rerender(<Page open={[]} />);
  act(() => vi.advanceTimersByTime(60_000));
  expect(texts()).toEqual([]);
});

test("what was done last is undone by a key, once", () => {
  const undo = vi.fn();
  toast("Deleted.", { undo });
  toast("The hub is back.");
  expect(undoLast()).toBe(true);
  expect(undoLast()).toBe(false);
  expect(undo).toHaveBeenCalledOnce();
  expect(texts()).toEqual(["The hub is back."]);
});
