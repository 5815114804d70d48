import { useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { ApiProblem } from "@/api/client";
import { atLeast, useSession } from "@/app/session";
import { Button } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { Empty, ErrorState, Skeleton } from "@/components/states";
import { withCountry } from "@/i18n/format";
import { useLive } from "@/live/live";
import { turnsOf } from "./details";
import { personOf, placeOf } from "./place";
import { remove, useHidden } from "./removals";
import { TurnView } from "./TurnView";
import type { Turn } from "./types";

export function Conversation({ id }: { id: string }) {
  const { t, i18n } = useTranslation("conversations");
  const navigate = useNavigate();
  const role = useSession((session) => session.who?.role);
  const hidden = useHidden((state) => state.hidden);
  const [turns, setTurns] = useState<Turn[] | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const latest = Object.values(useLive("turns"))
    .filter((turn) => turn.conversation === id && !turn.running)
    .map((turn) => turn.id)
    .join();

  const load = useCallback(() => {
    const asking = new AbortController();
    turnsOf(id, asking.signal).then(
      (found) => {
        setTurns(found);
        setProblem(null);
      },
      (error: unknown) => {
        if (!asking.signal.aborted) setProblem(error);
      },
    );
    return () => asking.abort();
  }, [id]);
  useEffect(load, [load]);
  useEffect(() => {
    if (!latest) return;
    const timer = setTimeout(load, 400);
    return () => clearTimeout(timer);
  }, [latest, load]);
  // Whoever opens one is at its beginning, with the keyboard as well.
  const there = turns !== null;
  useEffect(() => {
    if (there) heading.current?.focus();
  }, [there]);

  const back = (
    <Link to="/conversations" className="conversations-back">
      <Icon name="back" />
      {t("back")}
    </Link>
  );
  if (problem) {
    const gone = problem instanceof ApiProblem && problem.status === 404;
    return (
      <div className="stack">
        {back}
        {gone ? (
          <Empty icon="conversations" title={t("gone")} />
        ) : (
          <ErrorState problem={problem} again={load} />
        )}
      </div>
    );
  }
  const [first] = turns ?? [];
  if (!turns || !first) return <Skeleton lines={4} tall />;
  const when = new Intl.DateTimeFormat(withCountry(i18n.language), {
    dateStyle: "long",
    timeStyle: "short",
  });
  const shown = turns.filter((turn) => !hidden.has(turn.id));
  const forget = () => {
    const path = `/v1/conversations/${encodeURIComponent(id)}`;
    remove({ id, path, text: t("deleted.conversation") });
    navigate("/conversations");
  };
  return (
    <div className="stack">
      {back}
      <header className="conversations-head">
        <div>
          <h2 ref={heading} tabIndex={-1}>
            {placeOf(first, t)}
          </h2>
          <p className="quiet">
            <time dateTime={first.started}>{when.format(new Date(first.started))}</time>
            {personOf(first) && ` · ${personOf(first)}`}
          </p>
        </div>
        {atLeast(role, "owner") && (
          <Button kind="danger" icon="trash" aria-label={t("delete.conversation")} onClick={forget}>
            {t("delete.turn")}
          </Button>
        )}
      </header>
      <ol className="conversations-turns">
        {shown.map((turn) => (
          <TurnView key={turn.id} turn={turn} place={placeOf(first, t)} />
        ))}
      </ol>
      {!shown.length && <p className="quiet">{t("gone")}</p>}
    </div>
  );
}
