import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/Button";
import { Slider } from "@/components/Slider";
import { useFormat } from "@/i18n/format";
import { tell } from "../acts";
import { isKnown, number } from "../device";
import { withUnit } from "../words";
import { type ControlProps, OneOf } from "./parts";

/** Numbers and selections. */
export function ValueControls({ device, allowed }: ControlProps) {
  const { t } = useTranslation("home");
  const formats = useFormat();
  if (device.kind === "select") {
    return (
      <div className="device-controls">
        <OneOf
          device={device}
          allowed={allowed}
          verb="select_option"
          value="option"
          options="options"
          now={device.state}
          bare
        />
      </div>
    );
  }
  const min = number(device, "min") ?? 0;
  return (
    <div className="device-controls">
      <Slider
        bare
        label={`${t("attributes.value")}: ${device.name}`}
        value={isKnown(device) ? Number(device.state) : min}
        min={min}
        max={number(device, "max") ?? 100}
        step={number(device, "step") ?? 1}
        format={(value) => withUnit(formats, value, device.unit)}
        disabled={!allowed}
        onChange={(value) => void tell(device, "set_value", { value })}
      />
    </div>
  );
}

/** A text that is set, or a message that is shown somewhere. */
export function TextControl({ device, allowed }: ControlProps) {
  const { t } = useTranslation("home");
  const id = useId();
  const message = device.kind === "notify";
  const now = !message && isKnown(device) ? device.state : "";
  const [typed, setTyped] = useState<string | null>(null);
  const value = typed ?? now;
  const send = async () => {
    const obeyed = message
      ? await tell(device, "notify", { message: value })
      : await tell(device, "set_text", { text: value });
    if (obeyed) setTyped(null);
  };
  return (
    <form
      className="device-controls row"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <label htmlFor={id} className="visually-hidden">
        {t("textOf", { name: device.name })}
      </label>
      <input
        id={id}
        className="input grow"
        maxLength={message ? 1000 : 255}
        value={value}
        placeholder={message ? t("message") : ""}
        disabled={!allowed}
        onChange={(event) => setTyped(event.target.value)}
      />
      <Button type="submit" disabled={!allowed || typed === null || (message && !typed.trim())}>
        {t(message ? "send" : "set")}
      </Button>
    </form>
  );
}
