import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ask, askJson } from "@/api/client";
import { attempt } from "@/components/attempt";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { SelectField, TextArea } from "@/components/Field";
import { toast } from "@/components/toasts";
import { useFormat } from "@/i18n/format";
import { follow } from "./sent";
import type { Announcement, NewAnnouncement, Tile } from "./types";

const MOST_CHARS = 2000;
const VOLUMES = [0.2, 0.4, 0.6, 0.8, 1];
const TIMES = [1, 2, 3, 5, 10, 20];

interface AnnounceDialogProps {
  /** Where to begin with; "": everywhere. */
  at: string;
  tiles: readonly Tile[];
  onClose: () => void;
}

/** Say something at a satellite, in a room or everywhere. */
export function AnnounceDialog({ at, tiles, onClose }: AnnounceDialogProps) {
  const { t } = useTranslation("satellites");
  const { percent } = useFormat();
  const [text, setText] = useState("");
  const [where, setWhere] = useState(at ? `satellite:${at}` : "");
  const [chime, setChime] = useState<"chime" | "alarm" | "">("chime");
  const [urgent, setUrgent] = useState<NewAnnouncement["priority"]>("normal");
  const [volume, setVolume] = useState("");
  const [times, setTimes] = useState(1);
  const [busy, setBusy] = useState(false);
  const rooms = [...new Set(tiles.flatMap((one) => (one.connected && one.area) || []))].sort();
  const places = [
    { value: "", label: t("everywhere") },
    ...rooms.map((room) => ({ value: `room:${room}`, label: t("inRoom", { room }) })),
    ...tiles
      .filter((one) => one.connected || one.id === at)
      .map((one) => ({ value: `satellite:${one.id}`, label: one.name })),
  ];

  const send = async () => {
    const [kind, ...rest] = where.split(":");
    const place = rest.join(":");
    setBusy(true);
    let said: Announcement | undefined;
    const done = await attempt(async () => {
      said = await askJson<Announcement>("/v1/announcements", {
        method: "POST",
        json: {
          text,
          chime: chime || null,
          priority: urgent,
          volume: volume ? Number(volume) : null,
          times,
          satellites: kind === "satellite" ? [place] : [],
          rooms: kind === "room" ? [place] : [],
        } satisfies Partial<NewAnnouncement>,
      });
    });
    setBusy(false);
    if (!done || !said) return;
    const { id } = said;
    follow(id);
    toast(t("announced"), {
      undo: () => attempt(() => ask(`/v1/announcements/${id}`, { method: "DELETE" })),
    });
    onClose();
  };

  return (
    <Dialog
      open
      title={t("announceTitle")}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button
            kind="primary"
            icon="volume"
            busy={busy}
            disabled={!text.trim() && !chime}
            onClick={() => void send()}
          >
            {t("say")}
          </Button>
        </>
      }
    >
      <TextArea
        label={t("text")}
        value={text}
        maxLength={MOST_CHARS}
        placeholder={t("textExample")}
        onChange={(event) => setText(event.target.value)}
      />
      <SelectField
        label={t("where")}
        value={where}
        options={places}
        onChange={(event) => setWhere(event.target.value)}
      />
      <div className="sat-pair">
        <SelectField
          label={t("chime.label")}
          value={chime}
          options={["chime", "alarm", ""].map((one) => ({
            value: one,
            label: t(`chime.${one || "none"}`),
          }))}
          onChange={(event) => setChime(event.target.value as typeof chime)}
        />
        <SelectField
          label={t("priority.label")}
          value={urgent}
          options={["low", "normal", "high", "urgent"].map((one) => ({
            value: one,
            label: t(`priority.${one}`),
          }))}
          onChange={(event) => setUrgent(event.target.value as typeof urgent)}
        />
        <SelectField
          label={t("loudness.label")}
          value={volume}
          options={[
            { value: "", label: t("loudness.own") },
            ...VOLUMES.map((one) => ({ value: String(one), label: percent(one) })),
          ]}
          onChange={(event) => setVolume(event.target.value)}
        />
        <SelectField
          label={t("times.label")}
          value={String(times)}
          options={TIMES.map((one) => ({
            value: String(one),
            label: t("times.many", { count: one }),
          }))}
          {...(times > 1 ? { hint: t("times.hint") } : {})}
          onChange={(event) => setTimes(Number(event.target.value))}
        />
      </div>
    </Dialog>
  );
}
