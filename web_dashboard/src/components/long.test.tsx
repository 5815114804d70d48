import { fireEvent, render, screen } from "@testing-library/react";
import { beforeEach, expect, test, vi } from "vitest";
import { Table } from "./Table";
import { VirtualList } from "./VirtualList";

const rows = Array.from({ length: 10_000 }, (_, index) => ({ id: `r${index}`, took: index }));

beforeEach(() => {
  // jsdom lays nothing out: a frame of 600 pixels, and rows of 50.
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(600);
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(400);
  vi.spyOn(HTMLElement.prototype, "offsetHeight", "get").mockReturnValue(50);
});

const table = (more: { onOpen?: (row: { id: string }) => void; onEnd?: () => void } = {}) => (
  <Table
    label="Turns"
    columns={[
      { id: "id", head: "Turn", cell: (row) => row.id },
      { id: "took", head: "Took", cell: (row) => `${row.took} ms`, number: true },
    ]}
    rows={rows}
    keyOf={(row) => row.id}
    {...more}
  />
);

test("of ten thousand rows only those that are seen are drawn, and their number is told", () => {
  render(table());
  const drawn = screen.getAllByRole("row").length;
  expect(drawn).toBeGreaterThan(1);
  expect(drawn).toBeLessThan(60);
  expect(screen.getByRole("table", { name: "Turns" }).getAttribute("aria-rowcount")).toBe("10001");
});

test("a row opens by the pointer and by the keyboard", () => {
  const opened = vi.fn();
  render(table({ onOpen: opened }));
  const row = screen.getByText("r1").closest("[role=row]");
  if (row) fireEvent.click(row);
  if (row) fireEvent.keyDown(row, { key: "Enter" });
  expect(opened.mock.calls.map(([one]) => one.id)).toEqual(["r1", "r1"]);
});

test("a list that is at its end asks for more, one that is not does not", () => {
  const more = vi.fn();
  const list = (items: typeof rows) => (
    <VirtualList label="All" items={items} keyOf={(row) => row.id} height={50} onEnd={more}>
      {(row) => row.id}
    </VirtualList>
  );
  const { rerender } = render(list(rows));
  expect(more).not.toHaveBeenCalled();
  expect(screen.getAllByRole("listitem").length).toBeLessThan(60);
  rerender(list(rows.slice(0, 5)));
  expect(more).toHaveBeenCalled();
});
