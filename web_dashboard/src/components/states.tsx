/** What a page shows when there is nothing to show: empty, broken, or not yet. */

import { type ReactNode, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Unreachable } from "@/api/client";
import { useConnection } from "@/live/live";
import { Button } from "./Button";
import { Icon, type IconName } from "./Icon";
import { Told } from "./Told";
import "./states.css";

/** Nothing is there: says how something gets there. */
export function Empty({
  icon = "search",
  title,
  text,
  action,
  page = false,
}: {
  icon?: IconName;
  title: string;
  text?: ReactNode;
  action?: ReactNode;
  /** It is all of the page, so its title is the page's. */
  page?: boolean;
}) {
  return (
    <div className="state">
      <span className="state-icon">
        <Icon name={icon} size={28} />
      </span>
      {page ? <h1>{title}</h1> : <strong>{title}</strong>}
      {text && <p className="quiet">{text}</p>}
      {action}
    </div>
  );
}

/** So long after the hub is back it is asked again, by what has not done so by itself. */
const AGAIN_MS = 1000;

/** It went wrong: says what, and offers to try again; what the hub's absence broke mends itself. */
export function ErrorState({ problem, again }: { problem: unknown; again?: () => void }) {
  const { t } = useTranslation();
  const away = problem instanceof Unreachable;
  const words = problem instanceof Error ? problem.message : String(problem);
  const back = useConnection() === "open" && away;
  const latest = useRef(again);
  latest.current = again;
  // Each new failure waits anew.
  useEffect(() => {
    if (!back) return;
    const timer = setTimeout(() => latest.current?.(), AGAIN_MS);
    return () => clearTimeout(timer);
  }, [back, problem]);
  return (
    <div className="state" role="alert">
      <span className="state-icon bad">
        <Icon name={away ? "offline" : "warning"} size={28} />
      </span>
      <strong>{t(away ? "unreachable.title" : "failed")}</strong>
      <p className="quiet">{away ? t("unreachable.text") : <Told text={words} />}</p>
      {again && (
        <Button icon="refresh" onClick={again}>
          {t("retry")}
        </Button>
      )}
    </div>
  );
}

/** The shape of what comes. */
export function Skeleton({ lines = 3, tall = false }: { lines?: number; tall?: boolean }) {
  const { t } = useTranslation();
  return (
    <div className="stack" role="status">
      <span className="visually-hidden">{t("loading")}</span>
      {Array.from({ length: lines }, (_, line) => (
        <div key={line} className={tall ? "skeleton tall" : "skeleton"} />
      ))}
    </div>
  );
}
