import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { Suspense } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { SureDialog } from "@/components/Sure";
import { useLiveStore } from "@/live/live";
import { Strangers } from "./Strangers";

const stranger = {
  id: "kitchen-1",
  name: "Kitchen",
  area: "Kitchen",
  address: "10.0.0.5",
  reason: "no-token",
  pairing_code: "274913",
  known: false,
  first_tried: new Date().toISOString(),
};
const asked = vi.fn();

beforeEach(() => {
  asked.mockReset();
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    asked(init.method, url, init.body);
    return Response.json({ token: null, handed: true, setting: null });
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  useLiveStore.setState({ topics: {} });
});

function knock(more: object = {}) {
  useLiveStore.setState({
    topics: { satellites_waiting: { "kitchen-1": { ...stranger, ...more } } },
  });
  return render(
    <Suspense>
      <Strangers />
      <SureDialog />
    </Suspense>,
  );
}

test("the code is shown in two groups, and approved only after it was compared", async () => {
  knock();
  expect(await screen.findByText("274 913")).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Compare and approve" }));
  const same = await screen.findByRole("button", { name: "Same code: approve" });
  expect(screen.getByText("Does Kitchen show 274 913?")).toBeTruthy();
  expect(asked).not.toHaveBeenCalled();
  fireEvent.click(same);
  await waitFor(() => expect(asked).toHaveBeenCalled());
  expect(asked.mock.calls[0]).toEqual([
    "POST",
    "/v1/satellites/kitchen-1/approve",
    JSON.stringify({ code: "274913" }),
  ]);
});

test("one that waits without a code is approved at once, and may be turned away", async () => {
  knock({ pairing_code: null });
  fireEvent.click(await screen.findByRole("button", { name: "Approve" }));
  await waitFor(() => expect(asked).toHaveBeenCalled());
  expect(asked.mock.calls[0]?.[2]).toBe(JSON.stringify({ code: null }));
  fireEvent.click(screen.getByRole("button", { name: "Turn away" }));
  await waitFor(() => expect(asked).toHaveBeenCalledTimes(2));
  expect(asked.mock.calls[1]?.slice(0, 2)).toEqual(["DELETE", "/v1/satellites/waiting/kitchen-1"]);
});

test("one with the id of a known satellite is marked", async () => {
  knock({ known: true });
  expect(await screen.findByText(/is known already/)).toBeTruthy();
});
