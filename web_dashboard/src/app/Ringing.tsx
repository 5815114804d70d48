/** What rings in the house is seen and heard on every page, and over what is open there. */

import { useLayoutEffect, useMemo, useRef, useState } from "react";
import { createPortal } from "react-dom";
import { useTranslation } from "react-i18next";
import { ask } from "@/api/client";
import { attempt } from "@/components/attempt";
import { Button, IconButton } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { useUrgentPlace } from "@/components/layers";
import { useFormat } from "@/i18n/format";
import { useLive } from "@/live/live";
import { titleOf } from "@/pages/Timers/TimerCard";
import { pathOf, type Timer } from "@/pages/Timers/types";
import { useRinging } from "./ring";
import "./ringing.css";
import { atLeast, useSession } from "./session";

const MORE_MINUTES = 5;
const SHOWN = 3;

export function Ringing() {
  const { t } = useTranslation();
  const things = useLive<Timer>("timers");
  const ringing = useMemo(
    () => Object.values(things).filter((one) => one.state === "ringing" && one.kind !== "command"),
    [things],
  );
  const [silent, setSilent] = useState<ReadonlySet<string>>(new Set());
  // A reminder is said by the hub.
  const sounds = ringing.filter((one) => one.kind !== "reminder" && !silent.has(keyOf(one)));
  const blocked = useRinging(sounds.length > 0);
  const overDialog = useUrgentPlace();
  const shown = ringing
    .slice(0, SHOWN)
    .map((timer) => (
      <One
        key={keyOf(timer)}
        timer={timer}
        note={sounds.includes(timer) && blocked ? t("ringing.blocked") : ""}
        {...(sounds.includes(timer)
          ? { onSilence: () => setSilent((before) => new Set([...before, keyOf(timer)])) }
          : {})}
      />
    ));
  return (
    <>
      <div className="urgent ringing-now">
        <div role="alert">{overDialog === null && shown}</div>
      </div>
      {overDialog && createPortal(shown, overDialog)}
    </>
  );
}

/** One that comes again, after five minutes or every week, is to be heard again. */
function keyOf(timer: Timer): string {
  return `${timer.id} ${timer.due}`;
}

function One({ timer, note, onSilence }: { timer: Timer; note: string; onSilence?: () => void }) {
  const { t } = useTranslation();
  const { t: words } = useTranslation("timers");
  const { clock, time } = useFormat();
  const guest = useSession((session) => atLeast(session.who?.role, "guest"));
  const post = (what: string, json?: object) => () =>
    ask(`${pathOf(timer)}/${what}`, { method: "POST", ...(json ? { json } : {}) });
  const later = () =>
    attempt(post("snooze", { seconds: MORE_MINUTES * 60 }), {
      done: t("ringing.later", { count: MORE_MINUTES }),
    });
  const banner = useRef<HTMLDivElement>(null);
  // Whoever stops it is in the dialog or on the page then, not nowhere.
  useLayoutEffect(() => {
    const shown = banner.current;
    return () => {
      if (!shown?.contains(document.activeElement)) return;
      const around = shown.closest("dialog")?.querySelector("h2");
      (around ?? document.getElementById("content"))?.focus({ preventScroll: true });
    };
  }, []);
  const title = titleOf(timer, words, clock);
  const about = [timer.kind === "alarm" && time(timer.due), timer.area].filter(Boolean);
  return (
    <div ref={banner} className="ringing-one">
      <Icon name="bell" size={28} />
      <div className="ringing-words">
        <strong>{title}</strong>
        <span className="quiet">
          {[t(`ringing.${timer.kind}`), ...about].join(" · ")}
          {note && ` · ${note}`}
        </span>
      </div>
      {onSilence && <IconButton icon="mute" label={t("ringing.silence")} onClick={onSilence} />}
      {guest && (
        <div className="ringing-acts">
          <Button kind="primary" icon="stop" onClick={() => void attempt(post("stop"))}>
            {t("ringing.stop")}
          </Button>
          <Button onClick={() => void later()}>{t("ringing.more", { count: MORE_MINUTES })}</Button>
        </div>
      )}
    </div>
  );
}
