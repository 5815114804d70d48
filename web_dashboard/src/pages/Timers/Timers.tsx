import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { askJson } from "@/api/client";
import { atLeast, useSession } from "@/app/session";
import { attempt } from "@/components/attempt";
import { Button } from "@/components/Button";
import { Empty, Skeleton } from "@/components/states";
import { useLive, useLiveStore } from "@/live/live";
import { AddTimer } from "./AddTimer";
import { leftMs, useNow } from "./countdown";
import { TimerCard } from "./TimerCard";
import type { Timer } from "./types";

/** Set with one touch, in minutes. */
const QUICK = [1, 3, 5, 10, 15, 30];

/** All that is set, what is due first comes first. */
export function Timers() {
  const { t } = useTranslation("timers");
  const guest = useSession((session) => atLeast(session.who?.role, "guest"));
  const things = useLive<Timer>("timers");
  const known = useLiveStore((live) => "timers" in live.topics);
  const [adding, setAdding] = useState(false);
  const timers = useMemo(() => Object.values(things), [things]);
  const now = useNow(timers);
  const sorted = [...timers].sort(
    (one, other) =>
      Number(other.state === "ringing") - Number(one.state === "ringing") ||
      leftMs(one, now) - leftMs(other, now),
  );
  const quick = (minutes: number) =>
    attempt(() =>
      askJson("/v1/timers", { method: "POST", json: { kind: "timer", after_s: minutes * 60 } }),
    );

  return (
    <section className="stack" aria-label={t("timers")}>
      <div className="row">
        <h2 className="grow">{t("timers")}</h2>
        {guest && (
          <Button kind="primary" icon="add" onClick={() => setAdding(true)}>
            {t("add")}
          </Button>
        )}
      </div>
      {guest && (
        // biome-ignore lint/a11y/useSemanticElements: buttons of one kind, and no form.
        <div className="quick" role="group" aria-label={t("quick")}>
          {QUICK.map((minutes) => (
            <Button key={minutes} onClick={() => void quick(minutes)}>
              {t("minutesShort", { count: minutes })}
            </Button>
          ))}
        </div>
      )}
      {!known ? (
        <Skeleton lines={2} tall />
      ) : sorted.length === 0 ? (
        <Empty icon="timers" title={t("none.title")} text={t(guest ? "none.text" : "none.say")} />
      ) : (
        <div className="timers">
          {sorted.map((timer) => (
            <TimerCard key={timer.id} timer={timer} now={now} />
          ))}
        </div>
      )}
      {adding && <AddTimer onClose={() => setAdding(false)} />}
    </section>
  );
}
