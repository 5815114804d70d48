import { render, screen } from "@testing-library/react";
import { Suspense } from "react";
import { afterEach, expect, test } from "vitest";
import { useLiveStore } from "@/live/live";
import { LevelMeter, Signal } from "./Level";

afterEach(() => useLiveStore.setState({ topics: {} }));

function show(levels: object | null) {
  useLiveStore.setState({
    topics: { satellite_levels: levels ? { kitchen: levels as Record<string, unknown> } : {} },
  });
  return render(
    <Suspense>
      <LevelMeter satellite="kitchen" />
      <Signal satellite="kitchen" />
    </Suspense>,
  );
}

test("the level is read out, and the room's noise is marked", async () => {
  const { container } = show({ level_dbfs: -45, noise_dbfs: -63, signal_dbm: null, signal: null });
  const meter = await screen.findByRole("meter", { name: "Level" });
  expect(meter.getAttribute("aria-valuetext")).toBe("-45 dB");
  expect(container.querySelector<HTMLElement>(".sat-level-bar > i")?.title).toBe(
    "In silence: -63 dB",
  );
  expect(screen.queryByRole("img")).toBeNull();
});

test("the signal is said in words, and has as many bars as it is strong", async () => {
  const { container } = show({ level_dbfs: null, noise_dbfs: null, signal_dbm: -71, signal: 0.58 });
  expect(await screen.findByRole("img", { name: "Wi-Fi: 58% (-71 dBm)" })).toBeTruthy();
  expect(container.querySelectorAll(".signal > .on")).toHaveLength(3);
  expect(screen.queryByRole("meter")).toBeNull();
});

test("what is not told is not shown", async () => {
  const { container } = show(null);
  await Promise.resolve();
  expect(container.textContent).toBe("");
});
