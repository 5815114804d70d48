// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { useState } from "react";
import { afterEach, expect, it, vi } from "vitest";
import { Chips } from "./Chips";

vi.mock("react-i18next", () => ({
  useTranslation: () => ({ t: (key: string, more?: { value?: string }) => more?.value ?? key }),
}));
afterEach(cleanup);

function Rooms({ told }: { told: (values: string[]) => void }) {
  const [values, setValues] = useState<string[]>([]);
  return (
    <Chips
      label="Rooms"
      values={values}
      known={["Kitchen"]}
      onChange={(all) => {
        setValues(all);
        told(all);
      }}
    />
  );
}

it("takes words with Enter, with a comma and when one leaves, each once", () => {
  const told = vi.fn();
  render(<Rooms told={told} />);
  const input = screen.getByLabelText("Rooms");
  fireEvent.change(input, { target: { value: "Hall" } });
  fireEvent.keyDown(input, { key: "Enter" });
  fireEvent.change(input, { target: { value: "Kids*, Hall," } });
  fireEvent.change(input, { target: { value: "!Attic" } });
  fireEvent.blur(input);
  expect(told).toHaveBeenLastCalledWith(["Hall", "Kids*", "!Attic"]);
  fireEvent.click(screen.getByRole("button", { name: "Kids*" }));
  expect(told).toHaveBeenLastCalledWith(["Hall", "!Attic"]);
  fireEvent.keyDown(input, { key: "Backspace" });
  expect(told).toHaveBeenLastCalledWith(["Hall"]);
});
