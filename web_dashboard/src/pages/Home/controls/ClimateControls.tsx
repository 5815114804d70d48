import { useTranslation } from "react-i18next";
import { IconButton } from "@/components/Button";
import { useFormat } from "@/i18n/format";
import { tell } from "../acts";
import { can, number } from "../device";
import { withUnit } from "../words";
import { type ControlProps, Level, OneOf, percent } from "./parts";

export function ClimateControls({ device, allowed, all = false }: ControlProps) {
  const props = { device, allowed };
  const mode = device.kind === "humidifier" ? undefined : device.state;
  return (
    <div className="device-controls">
      <div className="one-row">
        <Wanted {...props} />
        <div className="grow">
          <OneOf
            {...props}
            verb="set_mode"
            value="mode"
            options="options"
            bare={!all}
            {...(mode === undefined ? {} : { now: mode })}
          />
        </div>
      </div>
      {(all || device.kind === "humidifier") && (
        <Level {...props} attribute="humidity" verb="set_humidity" bare={!all} format={percent} />
      )}
      {all && (
        <>
          <OneOf {...props} verb="set_preset" value="preset" options="presets" />
          <OneOf {...props} verb="set_fan_mode" value="fan_mode" options="fan_modes" />
          <OneOf {...props} verb="set_swing_mode" value="swing_mode" options="swing_modes" />
        </>
      )}
    </div>
  );
}

/** The wanted temperature, a step up and a step down. */
function Wanted({ device, allowed }: ControlProps) {
  const { t } = useTranslation("home");
  const formats = useFormat();
  if (!can(device, "set_temperature")) return null;
  const now = number(device, "temperature");
  const min = number(device, "min") ?? 5;
  const max = number(device, "max") ?? 35;
  const step = number(device, "step") ?? 0.5;
  const from = now ?? number(device, "current_temperature") ?? min;
  const to = (by: number) => {
    const wanted = Math.min(max, Math.max(min, Math.round((from + by) / step) * step));
    void tell(device, "set_temperature", { temperature: Number(wanted.toFixed(2)) });
  };
  return (
    <div className="stepper">
      <IconButton
        icon="down"
        label={t("cooler", { name: device.name })}
        disabled={!allowed || from <= min}
        onClick={() => to(-step)}
      />
      <output className="number" aria-live="polite">
        {now === null ? "–" : withUnit(formats, now, device.unit ?? "°")}
      </output>
      <IconButton
        icon="down"
        className="upwards"
        label={t("warmer", { name: device.name })}
        disabled={!allowed || from >= max}
        onClick={() => to(step)}
      />
    </div>
  );
}
