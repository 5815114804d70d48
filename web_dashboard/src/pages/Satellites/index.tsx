import { useState } from "react";
import { useTranslation } from "react-i18next";
import { atLeast, useSession } from "@/app/session";
import { Button } from "@/components/Button";
import { PageHead } from "@/components/Card";
import { Empty, Skeleton } from "@/components/states";
import { useConnection, useLive, useLiveStore } from "@/live/live";
import { AnnounceDialog } from "./AnnounceDialog";
import { Browsers } from "./Browsers";
import { SatelliteCard } from "./SatelliteCard";
import { SatelliteSheet } from "./SatelliteSheet";
import { Strangers } from "./Strangers";
import { useFates } from "./sent";
import type { Tile } from "./types";
import { Underway } from "./Underway";
import { useWatch } from "./useWatch";
import "./satellites.css";

export default function Satellites() {
  const { t, i18n } = useTranslation("satellites");
  const role = useSession((session) => session.who?.role);
  const tiles = useLive<Tile>("satellites");
  const known = useLiveStore((live) => "satellites" in live.topics);
  const waiting = Object.keys(useLive("satellites_waiting")).length;
  const connection = useConnection();
  const [announceAt, setAnnounceAt] = useState<string | null>(null);
  const [opened, setOpened] = useState<string | null>(null);
  useFates(tiles);

  const order = new Intl.Collator(i18n.language, { numeric: true });
  const sorted = Object.values(tiles).sort(
    (one, other) =>
      Number(other.connected) - Number(one.connected) || order.compare(one.name, other.name),
  );
  useWatch(atLeast(role, "member") && sorted.some((one) => one.connected));
  const open = opened === null ? undefined : tiles[opened];
  return (
    <div className="stack">
      <PageHead
        title={t("frame:pages.satellites")}
        text={t("count", { count: sorted.filter((one) => one.connected).length })}
        actions={
          atLeast(role, "member") &&
          sorted.some((one) => one.connected) && (
            <Button kind="primary" icon="volume" onClick={() => setAnnounceAt("")}>
              {t("announceAll")}
            </Button>
          )
        }
      />
      {atLeast(role, "member") && <Underway />}
      {atLeast(role, "owner") && <Strangers />}
      {!known && connection !== "signed-out" ? (
        <Skeleton lines={3} tall />
      ) : sorted.length === 0 && waiting > 0 ? null : sorted.length === 0 ? (
        <Empty
          icon="satellites"
          title={t("none.title")}
          text={
            <>
              {t("none.text")} <code>sotto-satellite run</code>
            </>
          }
        />
      ) : (
        <div className="satellites">
          {sorted.map((tile) => (
            <SatelliteCard
              key={tile.id}
              tile={tile}
              onAnnounce={() => setAnnounceAt(tile.id)}
              onMore={() => setOpened(tile.id)}
            />
          ))}
        </div>
      )}
      {atLeast(role, "member") && <Browsers />}
      {announceAt !== null && (
        <AnnounceDialog at={announceAt} tiles={sorted} onClose={() => setAnnounceAt(null)} />
      )}
      {open && <SatelliteSheet tile={open} onClose={() => setOpened(null)} />}
    </div>
  );
}
