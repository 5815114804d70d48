import { describe, expect, it } from "vitest";
import type { Download, Model } from "./api";
import { took } from "./api";
import { fitting, part } from "./models";
import { missing, wavOf } from "./recording";

function model(name: string, more: Partial<Model> = {}): Model {
  return {
    name,
    purpose: "hears any sentence",
    size_bytes: 1,
    here: false,
    checked: true,
    used: false,
    ...more,
  };
}

function download(name: string): Download {
  return {
    model: name,
    step: "fetching",
    done_bytes: 1,
    total_bytes: 4,
    bytes_per_s: null,
    problem: "",
  };
}

describe("the list of models", () => {
  const models = [model("whisper/base", { here: true }), model("whisper/small"), model("piper/x")];

  it("shows what is here, used or on its way, and the rest when asked", () => {
    const names = (all: boolean) => fitting(models, "", all, {}).map((one) => one.name);
    expect(names(false)).toEqual(["whisper/base"]);
    expect(names(true)).toHaveLength(3);
    const comes = { "whisper/small": download("whisper/small") };
    expect(fitting(models, "", false, comes)).toHaveLength(2);
  });

  it("finds by all the words, among all models", () => {
    expect(fitting(models, "SMALL hears", false, {}).map((one) => one.name)).toEqual([
      "whisper/small",
    ]);
    expect(fitting(models, "small speaks", false, {})).toEqual([]);
  });

  it("shows a download that is in no list", () => {
    const comes = { "ollama/tiny": download("ollama/tiny") };
    expect(fitting(models, "", false, comes).map((one) => one.name)).toContain("ollama/tiny");
  });

  it("knows how far one is only when its size is known", () => {
    expect(part(download("a"))).toBe(0.25);
    expect(part({ ...download("a"), total_bytes: null })).toBeNull();
  });
});

describe("trials", () => {
  it("read how long it took from the header", () => {
    expect(took("first;dur=10.5, all;dur=20", "first")).toBe(10.5);
    expect(took("first;dur=10.5, all;dur=20", "all")).toBe(20);
    expect(took("", "all")).toBeNull();
  });

  it("make a WAV file whose samples stay within bounds", async () => {
    const view = new DataView(await bytes(wavOf(new Float32Array([0, 1, -2]), 16_000)));
    expect(view.byteLength).toBe(44 + 6);
    expect(view.getUint32(24, true)).toBe(16_000);
    expect([0, 1, 2].map((at) => view.getInt16(44 + at * 2, true))).toEqual([0, 32767, -32767]);
  });

  it("say that an insecure page has no microphone", () => {
    Object.defineProperty(window, "isSecureContext", { value: false, configurable: true });
    expect(missing()).toBe("insecure");
  });
});

function bytes(blob: Blob): Promise<ArrayBuffer> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as ArrayBuffer);
    reader.onerror = () => reject(reader.error);
    reader.readAsArrayBuffer(blob);
  });
}
