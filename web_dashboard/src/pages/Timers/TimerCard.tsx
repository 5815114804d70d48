import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import { ask, askJson } from "@/api/client";
import { hubNow } from "@/api/clock";
import { atLeast, useSession } from "@/app/session";
import { attempt } from "@/components/attempt";
import { Badge } from "@/components/Badge";
import { Button, IconButton } from "@/components/Button";
import { useFormat } from "@/i18n/format";
import { again, leftMs, partOver } from "./countdown";
import { pathOf, type Timer } from "./types";

const DAY_MS = 86_400_000;
const MORE_S = 60;
/** A Monday: its week names the days. */
const MONDAY = Date.UTC(2024, 0, 1);

/** One timer, alarm, reminder or command: what is left of it, and what can be done with it. */
export function TimerCard({ timer, now }: { timer: Timer; now: number }) {
  const { t, i18n } = useTranslation("timers");
  const { clock, time, date } = useFormat();
  const guest = useSession((session) => atLeast(session.who?.role, "guest"));
  const left = leftMs(timer, now);
  const part = partOver(timer, now);
  const ringing = timer.state === "ringing";
  const counts = timer.kind === "timer" || left < DAY_MS / 24 || timer.state === "paused";
  const title = titleOf(timer, t, clock);
  const days = new Intl.DateTimeFormat(i18n.language, { weekday: "short", timeZone: "UTC" });
  const notes = [
    timer.area,
    timer.weekdays.map((day) => days.format(MONDAY + day * DAY_MS)).join(" "),
    counts && !ringing && timer.state !== "paused" ? t("at", { time: time(timer.due) }) : "",
    counts ? "" : date(timer.due),
    timer.state === "paused" ? t("paused") : "",
  ].filter(Boolean);

  return (
    <article className={`card timer ${ringing ? "ringing" : ""}`} aria-label={title}>
      <div className="timer-head">
        <div className="grow">
          <h3>{title}</h3>
          <p className="quiet small">{notes.join(" · ")}</p>
        </div>
        {ringing ? (
          <Badge tone="accent" dot>
            {t(timer.kind === "reminder" ? "isSaid" : "rings")}
          </Badge>
        ) : (
          <span className="time-left number" role="timer">
            {counts ? clock(left) : time(timer.due)}
          </span>
        )}
        {guest && !ringing && <Cancel timer={timer} title={title} />}
      </div>
      {part !== null && !ringing && (
        <div className="timer-bar" aria-hidden="true">
          <span style={{ transform: `scaleX(${1 - part})` }} />
        </div>
      )}
      {guest && (timer.kind === "timer" || ringing) && <Actions timer={timer} />}
    </article>
  );
}

function Actions({ timer }: { timer: Timer }) {
  const { t } = useTranslation("timers");
  const change = (json: object) => () => askJson(pathOf(timer), { method: "PATCH", json });
  const post = (what: string) => () => ask(`${pathOf(timer)}/${what}`, { method: "POST" });
  if (timer.state === "ringing")
    return (
      <div className="row">
        <Button kind="primary" icon="stop" onClick={() => void attempt(post("stop"))}>
          {t("stop")}
        </Button>
        <Button icon="timers" onClick={() => void attempt(post("snooze"), { done: t("snoozed") })}>
          {t("snooze")}
        </Button>
      </div>
    );
  const paused = timer.state === "paused";
  return (
    <div className="row">
      {timer.kind === "timer" && (
        <>
          <Button
            icon={paused ? "play" : "pause"}
            onClick={() => void attempt(change({ paused: !paused }))}
          >
            {t(paused ? "resume" : "pause")}
          </Button>
          <Button
            icon="add"
            onClick={() =>
              void attempt(change({ add_s: MORE_S }), {
                done: t("added"),
                undo: change({ add_s: -MORE_S }),
              })
            }
          >
            {t("addMinute")}
          </Button>
        </>
      )}
    </div>
  );
}

function Cancel({ timer, title }: { timer: Timer; title: string }) {
  const { t } = useTranslation("timers");
  const cancel = () => {
    let json = again(timer, hubNow());
    const forget = async () => {
      const was = await askJson<Timer>(pathOf(timer), { method: "DELETE" });
      json = again(was, hubNow());
    };
    return attempt(forget, {
      done: t("cancelled", { title }),
      undo: () => askJson("/v1/timers", { method: "POST", json }),
    });
  };
  return <IconButton icon="trash" label={t("cancel", { title })} onClick={() => void cancel()} />;
}

/** What a timer is called: by its name, its words, or its length. */
export function titleOf(
  timer: Timer,
  t: TFunction<"timers">,
  clock: (ms: number) => string,
): string {
  if (timer.name || timer.text) return timer.name || timer.text;
  if (timer.duration_s) {
    const seconds = Math.round(timer.duration_s);
    if (seconds < 60) return t("seconds", { count: seconds });
    if (seconds % 60 === 0) return t("minutes", { count: seconds / 60 });
    return clock(seconds * 1000);
  }
  return t(`kind.${timer.kind}`);
}
