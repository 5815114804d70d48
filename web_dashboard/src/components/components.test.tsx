import { act, fireEvent, render, screen } from "@testing-library/react";
import { useState } from "react";
import { expect, test, vi } from "vitest";
import { Unreachable } from "@/api/client";
import { useLiveStore } from "@/live/live";
import { Button } from "./Button";
import { Dialog } from "./Dialog";
import { TextField } from "./Field";
import { Search } from "./Search";
import { Slider } from "./Slider";
import { SureDialog, sure } from "./Sure";
import { Switch } from "./Switch";
import { ErrorState } from "./states";
import { Tabs } from "./Tabs";
import { Told } from "./Told";

test("a busy button keeps the focus and does nothing more", () => {
  const clicked = vi.fn();
  const { rerender } = render(<Button onClick={clicked}>Go</Button>);
  const button = screen.getByRole("button");
  button.focus();
  rerender(
    <Button busy onClick={clicked}>
      Go
    </Button>,
  );
  fireEvent.click(button);
  expect(clicked).not.toHaveBeenCalled();
  expect(document.activeElement).toBe(button);
});

test("a switch says what it is, whether it is on, and what it would become", () => {
  const changed = vi.fn();
  render(<Switch label="Lamp" hint="In the hall" checked={false} onChange={changed} />);
  const one = screen.getByRole("switch", { name: "Lamp", description: "In the hall" });
  expect(one.getAttribute("aria-checked")).toBe("false");
  fireEvent.click(one);
  expect(changed).toHaveBeenCalledWith(true);
});

test("a slider follows the hand at once and tells its value once the hand rests", () => {
  vi.useFakeTimers();
  const changed = vi.fn();
  render(<Slider label="Volume" value={20} onChange={changed} format={(v) => `${v} %`} />);
  const slider = screen.getByRole("slider", { name: "Volume" });
  for (const value of ["30", "40", "50"]) fireEvent.change(slider, { target: { value } });
  expect(slider.getAttribute("aria-valuetext")).toBe("50 %");
  expect(changed).not.toHaveBeenCalled();
  act(() => vi.advanceTimersByTime(200));
  expect(changed.mock.calls).toEqual([[50]]);
});

test("a slider goes back to the hub's value when the hub did not take the hand's", () => {
  vi.useFakeTimers();
  render(<Slider label="Volume" value={20} onChange={() => {}} />);
  const slider = screen.getByRole<HTMLInputElement>("slider");
  fireEvent.change(slider, { target: { value: "70" } });
  act(() => vi.advanceTimersByTime(5000));
  expect(slider.value).toBe("20");
});

test("a field's hint and error are read with it", () => {
  render(<TextField label="Name" hint="As you like" error="It is empty." />);
  const input = screen.getByLabelText("Name");
  const words = (input.getAttribute("aria-describedby") ?? "")
    .split(" ")
    .map((id) => document.getElementById(id)?.textContent);
  expect(words).toEqual(["As you like", "It is empty."]);
  expect(input.getAttribute("aria-invalid")).toBe("true");
});

test("a field says that it has an end before it is reached, and when it is", () => {
  const { rerender, container } = render(
    <TextField label="Name" value="Kitchen" maxLength={100} readOnly />,
  );
  expect(container.textContent).toBe("Name");
  rerender(<TextField label="Name" value={"x".repeat(80)} maxLength={100} readOnly />);
  expect(screen.getByText("80 of 100 characters")).toBeTruthy();
  expect(screen.getByRole("status").textContent).toBe("");
  rerender(<TextField label="Name" value={"x".repeat(100)} maxLength={100} readOnly />);
  expect(screen.getByRole("status").textContent).toBe("No more than 100 characters fit in here.");
});

test("a search tells what is typed once the hand rests, and at once when it is cleared", () => {
  vi.useFakeTimers();
  const changed = vi.fn();
  render(<Search label="Search" value="" onChange={changed} />);
  const input = screen.getByRole("searchbox", { name: "Search" });
  fireEvent.change(input, { target: { value: "la" } });
  fireEvent.change(input, { target: { value: "lamp" } });
  act(() => vi.advanceTimersByTime(300));
  expect(changed.mock.calls).toEqual([["lamp"]]);
  fireEvent.change(input, { target: { value: "" } });
  act(() => vi.advanceTimersByTime(1));
  expect(changed).toHaveBeenLastCalledWith("");
});

function Rooms() {
  return (
    <Tabs
      label="Rooms"
      tabs={[
        { id: "a", label: "Attic", content: "up" },
        { id: "b", label: "Bath", content: "wet" },
      ]}
    />
  );
}

test("tabs are one stop of the keyboard, and arrow keys go round in them", () => {
  render(<Rooms />);
  const [attic, bath] = screen.getAllByRole("tab");
  expect(attic?.tabIndex).toBe(0);
  expect(bath?.tabIndex).toBe(-1);
  if (attic) fireEvent.keyDown(attic, { key: "ArrowRight" });
  expect(document.activeElement).toBe(bath);
  expect(screen.getByRole("tabpanel").textContent).toBe("wet");
  if (bath) fireEvent.keyDown(bath, { key: "ArrowRight" });
  expect(screen.getByRole("tabpanel").textContent).toBe("up");
});

function Opened() {
  const [open, setOpen] = useState(true);
  return (
    <Dialog open={open} onClose={() => setOpen(false)} title="Rename">
      <input aria-label="Name" />
    </Dialog>
  );
}

test("a dialog begins at its first field, and closes by its button", () => {
  render(<Opened />);
  expect(screen.getByRole("dialog", { name: "Rename" })).toBeTruthy();
  expect(document.activeElement).toBe(screen.getByLabelText("Name"));
  fireEvent.click(screen.getByRole("button", { name: "Close" }));
  expect(screen.queryByRole("dialog")).toBeNull();
});

test("a dialog without a field begins at its title, and so does one at the side", () => {
  const { rerender } = render(
    <Dialog open title="Keys" onClose={() => {}}>
      <Switch label="Shortcuts" checked onChange={() => {}} />
    </Dialog>,
  );
  expect(document.activeElement?.textContent).toBe("Keys");
  rerender(
    <Dialog key="other" open side title="Lamp" onClose={() => {}}>
      <input aria-label="Name" />
    </Dialog>,
  );
  expect(document.activeElement?.textContent).toBe("Lamp");
});

test("a question begins at the button that does nothing", async () => {
  render(<SureDialog />);
  act(() => {
    void sure({ title: "Delete all?", action: "Delete all", danger: true });
  });
  expect(document.activeElement?.textContent).toBe("Cancel");
  fireEvent.click(screen.getByRole("button", { name: "Cancel" }));
});

test("a question is answered by its buttons, and a second one takes its place with a no", async () => {
  render(<SureDialog />);
  let first: Promise<boolean> | undefined;
  let second: Promise<boolean> | undefined;
  act(() => {
    first = sure({ title: "Delete all?", action: "Delete all", danger: true });
  });
  act(() => {
    second = sure({ title: "Leave?", action: "Leave" });
  });
  expect(await first).toBe(false);
  fireEvent.click(screen.getByRole("button", { name: "Leave" }));
  expect(await second).toBe(true);
  expect(screen.queryByRole("dialog")).toBeNull();
});

test("what stands between backticks is code, and one backtick alone stays what it is", () => {
  const { container } = render(<Told text="Run `sotto-hub doctor`, or `ask` it`s author." />);
  const code = [...container.querySelectorAll("code")].map((one) => one.textContent);
  expect(code).toEqual(["sotto-hub doctor", "ask"]);
  expect(container.textContent).toBe("Run sotto-hub doctor, or ask it`s author.");
});

test("what the hub's absence broke is asked for again by itself once the hub is back", () => {
  vi.useFakeTimers();
  useLiveStore.setState({ connection: "lost" });
  const again = vi.fn();
  render(<ErrorState problem={new Unreachable("away")} again={again} />);
  act(() => vi.advanceTimersByTime(10_000));
  expect(again).not.toHaveBeenCalled();
  act(() => useLiveStore.setState({ connection: "open" }));
  act(() => vi.advanceTimersByTime(10_000));
  expect(again).toHaveBeenCalledTimes(1);
});

test("what failed for another reason waits for somebody", () => {
  vi.useFakeTimers();
  useLiveStore.setState({ connection: "open" });
  const again = vi.fn();
  render(<ErrorState problem={new Error("Too long.")} again={again} />);
  act(() => vi.advanceTimersByTime(10_000));
  expect(again).not.toHaveBeenCalled();
});
