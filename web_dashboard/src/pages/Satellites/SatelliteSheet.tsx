import type { TFunction } from "i18next";
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { ask, askJson } from "@/api/client";
import { useResource } from "@/api/useResource";
import { atLeast, useSession } from "@/app/session";
import { attempt } from "@/components/attempt";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { TextField } from "@/components/Field";
import { sure } from "@/components/Sure";
import { ErrorState, Skeleton } from "@/components/states";
import { useFormat } from "@/i18n/format";
import { useLive } from "@/live/live";
import { SettingField } from "./SettingField";
import { grouped, isSeldom } from "./settings";
import { pathOf, type Setting, type Tile, type Whole } from "./types";

/** All there is to one satellite: name and room, settings, figures, and removing it. */
export function SatelliteSheet({ tile, onClose }: { tile: Tile; onClose: () => void }) {
  const { t } = useTranslation("satellites");
  const owner = useSession((session) => atLeast(session.who?.role, "owner"));
  return (
    <Dialog open side title={tile.name} onClose={onClose}>
      {owner && <Naming key={tile.name} tile={tile} />}
      {tile.connected ? (
        <Settings tile={tile} owner={owner} />
      ) : (
        <p className="notice plain">{t("notConnected")}</p>
      )}
      <Figures tile={tile} />
      {owner && (
        <section className="stack">
          <h3>{t("remove")}</h3>
          <p className="quiet small">{t("removeText")}</p>
          <div>
            <Button kind="danger" icon="trash" onClick={() => void remove(tile, t, onClose)}>
              {t("remove")}
            </Button>
          </div>
        </section>
      )}
    </Dialog>
  );
}

async function remove(tile: Tile, t: TFunction<"satellites">, onClose: () => void) {
  const question = {
    title: t("removeTitle", { name: tile.name }),
    text: t("removeText"),
    action: t("remove"),
    danger: true,
  };
  if (!(await sure(question))) return;
  const removed = t("removed", { name: tile.name });
  if (await attempt(() => ask(pathOf(tile.id), { method: "DELETE" }), { done: removed })) onClose();
}

function Naming({ tile }: { tile: Tile }) {
  const { t } = useTranslation("satellites");
  const [name, setName] = useState(tile.name);
  const [area, setArea] = useState(tile.area ?? "");
  // A room of the home by its own name: what is spoken of there is meant.
  const rooms = useLive<{ id: string; name: string }>("areas");
  const known = useId();
  const save = async (event: FormEvent) => {
    event.preventDefault();
    const before = { name: tile.name, area: tile.area };
    const change = (json: object) => () => askJson(pathOf(tile.id), { method: "PATCH", json });
    const given = {
      name: name.trim() === tile.own_name ? null : name.trim() || null,
      area: area.trim() === (tile.own_area ?? "") ? null : area.trim() || null,
    };
    await attempt(change(given), { done: t("saved"), undo: change(before) });
  };
  const changed = name.trim() !== tile.name || area.trim() !== (tile.area ?? "");
  return (
    <form className="stack" onSubmit={save}>
      <div className="sat-pair">
        <TextField
          label={t("name")}
          value={name}
          maxLength={100}
          {...(tile.own_name !== tile.name ? { hint: t("ownName", { name: tile.own_name }) } : {})}
          onChange={(event) => setName(event.target.value)}
        />
        <TextField
          label={t("room")}
          value={area}
          maxLength={100}
          list={known}
          {...(tile.own_area && tile.own_area !== tile.area
            ? { hint: t("ownName", { name: tile.own_area }) }
            : {})}
          onChange={(event) => setArea(event.target.value)}
        />
        <datalist id={known}>
          {Object.values(rooms).map((room) => (
            <option key={room.id} value={room.name} />
          ))}
        </datalist>
      </div>
      {changed && (
        <div>
          <Button type="submit" kind="primary" icon="check">
            {t("save")}
          </Button>
        </div>
      )}
    </form>
  );
}

function Settings({ tile, owner }: { tile: Tile; owner: boolean }) {
  const { t } = useTranslation("satellites");
  const path = `${pathOf(tile.id)}/settings`;
  const { data, problem, put, again } = useResource<{ items: Setting[] }>(path);
  if (problem) return <ErrorState problem={problem} again={again} />;
  if (!data) return <Skeleton lines={4} />;
  const set = (setting: Setting) => async (value: unknown) => {
    const show = (shown: unknown) =>
      put((answer) => ({
        items: answer.items.map((one) =>
          one.name === setting.name ? { ...one, value: shown } : one,
        ),
      }));
    const change = (wanted: unknown) => async () => {
      const json = { [setting.name]: wanted };
      const taken = await askJson<Record<string, unknown>>(path, { method: "PUT", json });
      show(taken[setting.name]);
    };
    return attempt(change(value), { done: t("saved"), undo: change(setting.value) });
  };
  const field = (setting: Setting) => (
    <SettingField key={setting.name} setting={setting} onSet={set(setting)} disabled={!owner} />
  );
  return (
    <>
      {grouped(data.items).map(([group, settings]) => (
        <section key={group} className="stack">
          <h3>{t(`group.${group}`)}</h3>
          {settings.filter((one) => !isSeldom(one)).map(field)}
          {settings.some(isSeldom) && (
            <details className="seldom">
              <summary>{t("moreSettings")}</summary>
              <div className="stack">{settings.filter(isSeldom).map(field)}</div>
            </details>
          )}
        </section>
      ))}
    </>
  );
}

function Figures({ tile }: { tile: Tile }) {
  const { t } = useTranslation("satellites");
  const { duration, number, dateTime } = useFormat();
  const { data } = useResource<Whole>(pathOf(tile.id));
  const link = data?.link;
  const rows: [string, string][] = [["id", tile.id]];
  if (tile.software) rows.push(["software", tile.software]);
  if (data?.address) rows.push(["address", data.address]);
  if (data) rows.push(["firstSeen", dateTime(data.first_seen)]);
  if (link?.round_trip_ms != null) rows.push(["roundTrip", duration(link.round_trip_ms)]);
  if (link) {
    rows.push(["resumes", number(link.resumes)], ["reconnects", number(link.reconnects)]);
    rows.push(["underruns", number(link.underruns)], ["dropped", number(link.dropped_chunks)]);
    rows.push(["losses", number(link.device_losses)]);
  }
  if (link?.echo_db != null) rows.push(["echo", `${number(link.echo_db)} dB`]);
  return (
    <section className="stack">
      <h3>{t("figures.title")}</h3>
      <dl className="figures">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt className="quiet">{t(`figures.${name}`)}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
