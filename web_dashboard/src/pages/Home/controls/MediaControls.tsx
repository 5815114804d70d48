import { useTranslation } from "react-i18next";
import { IconButton } from "@/components/Button";
import { Switch } from "@/components/Switch";
import { tell } from "../acts";
import { can, flag } from "../device";
import { type ControlProps, Level, percent } from "./parts";

export function MediaControls({ device, allowed, all = false }: ControlProps) {
  const { t } = useTranslation("home");
  const playing = device.state === "playing" || device.state === "buffering";
  const verb = playing ? "pause" : "play";
  return (
    <div className="device-controls">
      <div className="one-row">
        {can(device, "previous") && (
          <IconButton
            icon="back"
            label={t("previousOf", { name: device.name })}
            disabled={!allowed}
            onClick={() => void tell(device, "previous")}
          />
        )}
        {can(device, verb) && (
          <IconButton
            kind="plain"
            icon={playing ? "pause" : "play"}
            label={t(playing ? "pauseOf" : "playOf", { name: device.name })}
            disabled={!allowed}
            onClick={() => void tell(device, verb)}
          />
        )}
        {can(device, "next") && (
          <IconButton
            icon="back"
            className="mirrored"
            label={t("nextOf", { name: device.name })}
            disabled={!allowed}
            onClick={() => void tell(device, "next")}
          />
        )}
        <div className="grow">
          <Level
            device={device}
            allowed={allowed}
            attribute="volume"
            verb="set_volume"
            bare={!all}
            format={percent}
          />
        </div>
      </div>
      {all && can(device, "set_mute") && (
        <Switch
          label={t("attributes.muted")}
          checked={flag(device, "muted")}
          disabled={!allowed}
          onChange={(muted) => void tell(device, "set_mute", { muted })}
        />
      )}
    </div>
  );
}
