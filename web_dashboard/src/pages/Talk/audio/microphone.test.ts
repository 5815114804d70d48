import { afterEach, describe, expect, it, vi } from "vitest";
import { lacking, lackOf, NoMicrophone, openMicrophone } from "./microphone";

afterEach(() => vi.unstubAllGlobals());

describe("the microphone", () => {
  it.each([
    ["NotAllowedError", "denied"],
    ["NotFoundError", "missing"],
    ["OverconstrainedError", "missing"],
    ["NotReadableError", "busy"],
    ["SomethingElse", "failed"],
  ])("tells what %s means", (name, lack) => {
    expect(lackOf(new DOMException("", name))).toBe(lack);
  });

  it("is not there where the page is not secure", async () => {
    vi.stubGlobal("isSecureContext", false);
    expect(lacking()).toBe("insecure");
    const opened = openMicrophone(
      null,
      () => {},
      () => {},
    );
    await expect(opened).rejects.toEqual(new NoMicrophone("insecure"));
  });
});
