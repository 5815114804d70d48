/** What the controls are made of. */

import { useTranslation } from "react-i18next";
import { Button, IconButton } from "@/components/Button";
import type { IconName } from "@/components/Icon";
import { Slider } from "@/components/Slider";
import { formatsNow } from "@/i18n/format";
import { tell } from "../acts";
import { can, type Device, isReachable, number, text, texts } from "../device";
import type { Arguments } from "../expecting";
import { word } from "../words";

export interface ControlProps {
  device: Device;
  /** Whether whoever looks may change it, and it can be reached. */
  allowed: boolean;
  /** There is room for all of it. */
  all?: boolean;
}

/** A button that tells a device something; nothing where the device does not know it. */
export function Act({
  device,
  verb,
  allowed,
  values,
  icon,
  pressed,
}: ControlProps & { verb: string; values?: Arguments; icon?: IconName; pressed?: boolean }) {
  const { t } = useTranslation("home");
  if (!can(device, verb)) return null;
  const label = t(`verbs.${verb}`, { defaultValue: verb.replaceAll("_", " ") });
  return (
    <Button
      className="act"
      aria-label={`${label}: ${device.name}`}
      aria-pressed={pressed}
      disabled={!allowed || !isReachable(device)}
      onClick={() => void tell(device, verb, values)}
      {...(icon ? { icon } : {})}
    >
      {label}
    </Button>
  );
}

/** The same as an icon. */
export function IconAct({
  device,
  verb,
  allowed,
  icon,
  className = "",
}: ControlProps & { verb: string; icon: IconName; className?: string }) {
  const { t } = useTranslation("home");
  if (!can(device, verb)) return null;
  const label = t(`verbs.${verb}`, { defaultValue: verb.replaceAll("_", " ") });
  return (
    <IconButton
      kind="plain"
      icon={icon}
      className={className}
      label={`${label}: ${device.name}`}
      disabled={!allowed || !isReachable(device)}
      onClick={() => void tell(device, verb)}
    />
  );
}

/** A slider over an attribute, told by a verb. */
export function Level({
  device,
  allowed,
  attribute,
  verb,
  value,
  min = 0,
  max = 100,
  step = 1,
  bare = false,
  now = number(device, attribute),
  onChange,
  format,
}: ControlProps & {
  attribute: string;
  verb: string;
  /** Of the verb; the attribute's own name otherwise. */
  value?: string;
  min?: number;
  max?: number;
  step?: number;
  /** What is beside it says what it is. */
  bare?: boolean;
  now?: number | null;
  /** Instead of the verb. */
  onChange?: (value: number) => void;
  format: (value: number) => string;
}) {
  const { t } = useTranslation("home");
  if (!can(device, verb)) return null;
  return (
    <Slider
      bare={bare}
      label={
        bare ? `${t(`attributes.${attribute}`)}: ${device.name}` : t(`attributes.${attribute}`)
      }
      value={now ?? min}
      min={min}
      max={max}
      step={step}
      format={(shown) => (now === null && shown === min ? "–" : format(shown))}
      disabled={!allowed}
      onChange={(wanted) =>
        onChange ? onChange(wanted) : void tell(device, verb, { [value ?? attribute]: wanted })
      }
    />
  );
}

/** One of a few words, told by a verb. */
export function OneOf({
  device,
  allowed,
  verb,
  value,
  options,
  now = text(device, value),
  bare = false,
}: ControlProps & {
  verb: string;
  value: string;
  options: string;
  now?: string | null;
  bare?: boolean;
}) {
  const { t } = useTranslation("home");
  const offered = texts(device, options);
  if (!can(device, verb) || offered.length === 0) return null;
  const label = t(`attributes.${value}`);
  return (
    <label className="one-of">
      <span className={bare ? "visually-hidden" : ""}>{label}</span>
      <select
        className="input"
        aria-label={`${label}: ${device.name}`}
        value={now !== null && offered.includes(now) ? now : ""}
        disabled={!allowed}
        onChange={(event) => void tell(device, verb, { [value]: event.target.value })}
      >
        {(now === null || !offered.includes(now)) && <option value="">–</option>}
        {offered.map((one) => (
          <option key={one} value={one}>
            {word(t, one)}
          </option>
        ))}
      </select>
    </label>
  );
}

export const percent = (value: number) => formatsNow().hundredths(Math.round(value));
