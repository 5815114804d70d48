/** The right controls for each kind of device; those that only a sheet has room for with `all`. */

import { useTranslation } from "react-i18next";
import { Switch } from "@/components/Switch";
import { tell } from "./acts";
import { AlarmControls } from "./controls/AlarmControls";
import { ClimateControls } from "./controls/ClimateControls";
import { CoverControls } from "./controls/CoverControls";
import { DrivingControls } from "./controls/DrivingControls";
import { FanControls } from "./controls/FanControls";
import { LightControls } from "./controls/LightControls";
import { MediaControls } from "./controls/MediaControls";
import { Act, type ControlProps } from "./controls/parts";
import { TextControl, ValueControls } from "./controls/ValueControls";
import { can, isActive, isReachable } from "./device";

/** What stands beside the name: a switch, or the one thing that can be done. */
export function Main({ device, allowed }: ControlProps) {
  const { t } = useTranslation("home");
  const ready = allowed && isReachable(device);
  if (can(device, "turn_on") && can(device, "turn_off")) {
    return (
      <Switch
        bare
        label={t("switch", { name: device.name })}
        checked={isActive(device)}
        disabled={!ready}
        onChange={(on) => void tell(device, on ? "turn_on" : "turn_off")}
      />
    );
  }
  for (const verb of ["activate", "run", "press", "install"] as const) {
    if (can(device, verb)) return <Act device={device} verb={verb} allowed={allowed} />;
  }
  return null;
}

export function Controls({ device, allowed, all = false }: ControlProps) {
  const props = { device, allowed: allowed && isReachable(device), all };
  switch (device.kind) {
    case "light":
      return <LightControls {...props} />;
    case "cover":
    case "valve":
      return <CoverControls {...props} />;
    case "climate":
    case "water_heater":
    case "humidifier":
      return <ClimateControls {...props} />;
    case "fan":
      return <FanControls {...props} />;
    case "media_player":
      return <MediaControls {...props} />;
    case "vacuum":
    case "lawn_mower":
      return <DrivingControls {...props} />;
    case "alarm_control_panel":
      return <AlarmControls {...props} />;
    case "number":
    case "select":
      return <ValueControls {...props} />;
    case "text":
    case "notify":
      return <TextControl {...props} />;
    case "lock": {
      const locked = device.state === "locked" || device.state === "locking";
      return (
        <div className="device-controls acts">
          <Act {...props} verb={locked ? "unlock" : "lock"} icon="lock" />
          {all && <Act {...props} verb="open" />}
        </div>
      );
    }
    default:
      return null;
  }
}
