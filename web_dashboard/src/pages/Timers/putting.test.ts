import { expect, it, vi } from "vitest";
import { putBack } from "./putting";

it("puts back more than the hub takes at once, and what was checked off is so again", async () => {
  const asked: [string, string, number][] = [];
  let last = 0;
  vi.stubGlobal("fetch", async (path: string, request: RequestInit) => {
    const { items = [] } = JSON.parse(String(request.body)) as { items?: string[] };
    asked.push([String(request.method), path, items.length]);
    const put = { items: items.map(() => ({ id: `i${++last}` })) };
    return new Response(JSON.stringify(put), { status: 201 });
  });
  const rows = Array.from({ length: 51 }, (_, one) => ({
    id: `old${one}`,
    text: `thing ${one}`,
    done: one === 50,
  }));
  await putBack("shopping", rows);
  expect(asked).toEqual([
    ["POST", "/v1/lists/shopping/items", 50],
    ["POST", "/v1/lists/shopping/items", 1],
    ["PATCH", "/v1/lists/shopping/items/i51", 0],
  ]);
});
