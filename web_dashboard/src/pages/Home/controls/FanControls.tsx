import { useTranslation } from "react-i18next";
import { Switch } from "@/components/Switch";
import { tell } from "../acts";
import { can, flag, number } from "../device";
import { type ControlProps, Level, OneOf, percent } from "./parts";

export function FanControls({ device, allowed, all = false }: ControlProps) {
  const { t } = useTranslation("home");
  const props = { device, allowed };
  return (
    <div className="device-controls">
      <Level
        {...props}
        attribute="percentage"
        verb="set_percentage"
        bare={!all}
        step={Math.max(1, number(device, "step") ?? 1)}
        format={percent}
      />
      {all && (
        <>
          <OneOf {...props} verb="set_preset" value="preset" options="presets" />
          {can(device, "oscillate") && (
            <Switch
              label={t("attributes.oscillating")}
              checked={flag(device, "oscillating")}
              disabled={!allowed}
              onChange={(oscillating) => void tell(device, "oscillate", { oscillating })}
            />
          )}
          {can(device, "set_direction") && (
            <OneOf
              device={{ ...device, attributes: { ...device.attributes, ways: WAYS } }}
              allowed={allowed}
              verb="set_direction"
              value="direction"
              options="ways"
            />
          )}
        </>
      )}
    </div>
  );
}

const WAYS = ["forward", "reverse"];
