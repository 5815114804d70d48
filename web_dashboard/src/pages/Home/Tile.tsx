import { memo } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "@/components/Button";
import { useFormat } from "@/i18n/format";
import { useDevice } from "./acts";
import { Controls, Main } from "./Controls";
import { color, isActive, isReachable } from "./device";
import { KindIcon } from "./KindIcon";
import { stateOf } from "./words";

/** A device: what it is like, and what is done with it most. */
export const Tile = memo(function Tile({
  id,
  allowed,
  onOpen,
}: {
  id: string;
  allowed: boolean;
  onOpen: (id: string) => void;
}) {
  const { t } = useTranslation("home");
  const formats = useFormat();
  const device = useDevice(id);
  if (!device) return null;
  const active = isActive(device);
  const shine = active && device.kind === "light" ? color(device) : null;
  const state = stateOf(t, formats, device);
  return (
    <article
      className="device"
      data-active={active || undefined}
      data-away={!isReachable(device) || undefined}
      aria-label={device.name}
    >
      <header>
        <span
          className="device-icon"
          style={shine ? ({ "--shine": shine } as React.CSSProperties) : undefined}
        >
          <KindIcon kind={device.kind} deviceClass={device.device_class} />
        </span>
        <button type="button" className="device-name" onClick={() => onOpen(id)}>
          <strong>{device.name}</strong>
          <span className="quiet">{state}</span>
        </button>
        <Main device={device} allowed={allowed} />
        <IconButton
          label={t("more", { name: device.name })}
          icon="more"
          className="device-more"
          onClick={() => onOpen(id)}
        />
      </header>
      <Controls device={device} allowed={allowed} />
    </article>
  );
});
