import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Slider } from "@/components/Slider";
import { tell } from "../acts";
import { channels, color, type Device, has, isActive, number } from "../device";
import { type ControlProps, Level, OneOf, percent } from "./parts";

/** How warm lamps shine that do not say from where to where they go, in kelvin. */
const WARMEST = 2000;
const COLDEST = 6500;
const STEP = 50;

export function LightControls({ device, allowed, all = false }: ControlProps) {
  const { t } = useTranslation("home");
  const colored = has(device, "color");
  const [warmest, coldest] = warmthOf(device);
  const warmth = number(device, "color_temperature") ?? warmest;
  if (!has(device, "brightness") && !colored && !all) return null;
  return (
    <div className="device-controls">
      <div className="one-row">
        {has(device, "brightness") && (
          <div className="grow">
            <Level
              device={device}
              allowed={allowed}
              attribute="brightness"
              verb="turn_on"
              bare={!all}
              now={isActive(device) ? number(device, "brightness") : 0}
              format={percent}
              onChange={(brightness) =>
                brightness === 0
                  ? void tell(device, "turn_off")
                  : void tell(device, "turn_on", { brightness })
              }
            />
          </div>
        )}
        {colored && <Color device={device} allowed={allowed} />}
      </div>
      {all && has(device, "color_temperature") && (
        <Slider
          label={t("attributes.color_temperature")}
          value={Math.min(coldest, Math.max(warmest, warmth))}
          min={warmest}
          max={coldest}
          step={STEP}
          format={(value) => `${value}\u00a0K`}
          disabled={!allowed}
          onChange={(wanted) => void tell(device, "turn_on", { color_temperature: wanted })}
        />
      )}
      {all && (
        <OneOf device={device} allowed={allowed} verb="turn_on" value="effect" options="effects" />
      )}
    </div>
  );
}

/** Return from where to where a lamp's warmth goes, in whole steps: the hub knows its very ends. */
export function warmthOf(device: Device): [number, number] {
  const from = number(device, "color_temperature_min") ?? WARMEST;
  const to = number(device, "color_temperature_max") ?? Math.max(COLDEST, from + STEP);
  const warmest = Math.floor(Math.min(from, to - STEP) / STEP) * STEP;
  return [warmest, Math.ceil(to / STEP) * STEP];
}

const REST_MS = 150;

/** A swatch: it opens the browser's own choice of colours. */
function Color({ device, allowed }: ControlProps) {
  const { t } = useTranslation("home");
  const now = color(device) ?? "#ffffff";
  const [hand, setHand] = useState<string | null>(null);
  const rest = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(rest.current), []);
  return (
    <input
      type="color"
      className="swatch"
      aria-label={t("colorOf", { name: device.name })}
      title={t("attributes.color")}
      value={hand ?? now}
      disabled={!allowed}
      onChange={(event) => {
        const wanted = event.target.value;
        setHand(wanted);
        clearTimeout(rest.current);
        rest.current = setTimeout(async () => {
          await tell(device, "turn_on", { color: channels(wanted) });
          setHand(null);
        }, REST_MS);
      }}
    />
  );
}
