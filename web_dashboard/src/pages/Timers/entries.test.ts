import { expect, it } from "vitest";
import { entriesOf, portions, rowsOf, tooMuch } from "./entries";

it("names several things between commas, semicolons and ends of lines, each once", () => {
  expect(entriesOf("milk,  dark   bread; tea\nmilk\n\n")).toEqual(["milk", "dark bread", "tea"]);
  expect(entriesOf("1,5 l milk")).toEqual(["1,5 l milk"]);
  expect(entriesOf(" , ;\n")).toEqual([]);
});

it("says what is more than the hub takes, and leaves nothing out", () => {
  const things = (count: number) => Array.from({ length: count }, (_, one) => `thing ${one}`);
  expect(tooMuch(things(500).join("\n"))).toBeNull();
  expect(tooMuch(things(501).join("\n"))).toEqual({ key: "bad.many", most: 500 });
  expect(tooMuch("a".repeat(2_000_000))).toEqual({ key: "bad.many", most: 500 });
  expect(tooMuch(`milk, ${"x".repeat(200)}`)).toBeNull();
  expect(tooMuch(`milk, ${"x".repeat(201)}`)).toEqual({
    key: "bad.long",
    most: 200,
    text: "x".repeat(30),
  });
});

it("loses nothing of a long list that is pasted, and hands it on in what the hub takes", () => {
  const pasted = Array.from({ length: 120 }, (_, one) => `thing ${one}`);
  const found = entriesOf(pasted.join("\n"));
  expect(found).toHaveLength(120);
  expect(portions(found).map((some) => some.length)).toEqual([50, 50, 20]);
  expect(portions(found).flat()).toEqual(found);
  expect(portions([])).toEqual([]);
});

it("shows the things of one list in the hub's order", () => {
  const items = {
    b: { list: "shopping", text: "tea", done: false, place: 4 },
    a: { list: "shopping", text: "milk", done: true, place: 0 },
    c: { list: "other", text: "nails", done: false, place: 1 },
  };
  expect(rowsOf(items, "shopping").map((row) => row.text)).toEqual(["milk", "tea"]);
});
