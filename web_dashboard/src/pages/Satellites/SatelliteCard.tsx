import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import { askJson } from "@/api/client";
import { atLeast, useSession } from "@/app/session";
import { attempt } from "@/components/attempt";
import { Badge } from "@/components/Badge";
import { Button, IconButton } from "@/components/Button";
import { Card } from "@/components/Card";
import { Slider } from "@/components/Slider";
import { Switch } from "@/components/Switch";
import { formatsNow, useFormat } from "@/i18n/format";
import { useLiveItem } from "@/live/live";
import { useBelief } from "@/live/useBelief";
import { LevelMeter, Signal } from "./Level";
import { Said } from "./Said";
import { pathOf, type Tile, TONES, type Words } from "./types";

interface SatelliteCardProps {
  tile: Tile;
  onAnnounce: () => void;
  onMore: () => void;
}

/** One satellite: how it is now, and what is often wanted of it. */
export function SatelliteCard({ tile, onAnnounce, onMore }: SatelliteCardProps) {
  const { t } = useTranslation("satellites");
  const { ago } = useFormat();
  const role = useSession((session) => session.who?.role);
  const words = useLiveItem<Words>("satellite_words", tile.id);
  const live = tile.connected;
  const where = tile.area && tile.area !== tile.name ? tile.area : "";

  return (
    <Card
      className="satellite"
      title={
        <>
          {tile.name}
          {where && <span className="quiet small"> · {where}</span>}
        </>
      }
      actions={
        <>
          {live && <Signal satellite={tile.id} />}
          <span role="status">
            <Badge tone={live ? (TONES[tile.state] ?? "plain") : "plain"} dot={live}>
              {t(`state.${tile.state}`, { defaultValue: tile.state })}
            </Badge>
          </span>
          <IconButton icon="settings" label={t("more", { name: tile.name })} onClick={onMore} />
        </>
      }
    >
      {live ? (
        <>
          {words && <Said words={words} />}
          {atLeast(role, "member") && <Sound tile={tile} />}
          {tile.muted !== true && <LevelMeter satellite={tile.id} />}
          <p className="quiet small">{figures(tile, t)}</p>
        </>
      ) : (
        <p className="quiet">
          {tile.last_seen ? t("lastSeen", { when: ago(tile.last_seen) }) : t("never")}
        </p>
      )}
      <div className="row doing">
        {live && atLeast(role, "guest") && <Talk tile={tile} />}
        {live && atLeast(role, "member") && (
          <>
            <Button
              icon="eye"
              onClick={() =>
                void attempt(() => post(tile, "identify"), { done: t("identifying", tile) })
              }
            >
              {t("identify")}
            </Button>
            <Button icon="volume" onClick={onAnnounce}>
              {t("announce")}
            </Button>
          </>
        )}
      </div>
    </Card>
  );
}

function Talk({ tile }: { tile: Tile }) {
  const { t } = useTranslation("satellites");
  const role = useSession((session) => session.who?.role);
  if (tile.state === "idle")
    return atLeast(role, "member") ? (
      <Button
        icon="mic"
        disabled={tile.muted === true}
        onClick={() => void attempt(() => post(tile, "listen"))}
      >
        {t("listen")}
      </Button>
    ) : null;
  return (
    <Button icon="stop" kind="primary" onClick={() => void attempt(() => post(tile, "stop"))}>
      {t("stop")}
    </Button>
  );
}

function Sound({ tile }: { tile: Tile }) {
  const { t } = useTranslation("satellites");
  const { percent } = useFormat();
  const [muted, believe] = useBelief(tile.muted === true);
  const set = (values: Record<string, unknown>) =>
    askJson(`${pathOf(tile.id)}/settings`, { method: "PUT", json: values });
  return (
    <>
      {tile.volume != null && (
        <Slider
          label={t("volume")}
          value={tile.volume}
          min={0}
          max={1}
          step={0.01}
          format={percent}
          onChange={(volume) => void attempt(() => set({ volume }))}
        />
      )}
      {tile.muted != null && (
        <Switch
          label={t("microphone")}
          {...(muted ? { hint: t("muted") } : {})}
          checked={!muted}
          onChange={(on) => {
            believe(!on);
            void attempt(() => set({ muted: !on }), { rollback: () => believe(undefined) });
          }}
        />
      )}
    </>
  );
}

function post(tile: Tile, what: string): Promise<void> {
  return askJson(`${pathOf(tile.id)}/${what}`, { method: "POST" });
}

function figures(tile: Tile, t: TFunction<"satellites">): string {
  const told = [];
  if (tile.wake_words.length > 0)
    told.push(
      t("hears", {
        words: formatsNow().list(tile.wake_words.map((one) => one.replaceAll("_", " "))),
      }),
    );
  if (tile.round_trip_ms != null) told.push(t("away", { ms: Math.max(1, tile.round_trip_ms) }));
  return told.join(" · ");
}
