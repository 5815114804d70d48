import { useEffect, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { atLeast, useSession } from "@/app/session";
import { Badge, type Tone } from "@/components/Badge";
import { Button, IconButton } from "@/components/Button";
import { ErrorState, Skeleton } from "@/components/states";
import { withCountry } from "@/i18n/format";
import { useToolNames } from "@/i18n/toolNames";
import { detailOf } from "./details";
import { parts } from "./heard";
import { placeOf } from "./place";
import { remove } from "./removals";
import { toggle, useReplay } from "./replay";
import type { Turn, TurnDetail } from "./types";
import { Waterfall } from "./Waterfall";
import { took } from "./waterfall";

const TONES: Record<string, Tone> = {
  failed: "bad",
  "not-understood": "warn",
  interrupted: "accent",
};

export function TurnView({ turn, place }: { turn: Turn; place: string }) {
  const { t, i18n } = useTranslation("conversations");
  const role = useSession((session) => session.who?.role);
  const [open, setOpen] = useState(false);
  const detail = useId();
  const here = placeOf(turn, t);
  const time = new Intl.DateTimeFormat(withCountry(i18n.language), { timeStyle: "medium" });
  const path = `/v1/turns/${encodeURIComponent(turn.id)}`;
  return (
    <li className="card conversations-turn">
      {turn.transcript ? (
        <p className="conversations-said" lang={turn.language ?? undefined} dir="auto">
          {turn.transcript}
        </p>
      ) : (
        <p className="quiet">
          {t(turn.opening === "announcement" ? "announced" : `outcome.${turn.outcome}`, {
            defaultValue: turn.outcome,
          })}
        </p>
      )}
      {turn.answer && <Answer answer={turn.answer} heard={turn.heard} language={turn.language} />}
      <p className="conversations-about">
        <time dateTime={turn.started}>{time.format(new Date(turn.started))}</time>
        {here !== place && <span>{here}</span>}
        {turn.outcome !== "answered" && (
          <Badge tone={TONES[turn.outcome] ?? "plain"}>
            {t(`outcome.${turn.outcome}`, { defaultValue: turn.outcome })}
          </Badge>
        )}
        {turn.response_ms !== null && (
          <span>{t("answeredIn", { time: took(turn.response_ms, i18n.language) })}</span>
        )}
        {byModel(turn) && <span>{t("byModel")}</span>}
      </p>
      <div className="conversations-actions">
        <Button
          kind="quiet"
          icon="health"
          aria-expanded={open}
          aria-controls={detail}
          onClick={() => setOpen(!open)}
        >
          {t(open ? "why.close" : "why.open")}
        </Button>
        {turn.answer && <Play path={`${path}/speech`} name="answer" />}
        {turn.audio && <Play path={`${path}/audio`} name="recording" />}
        {atLeast(role, "owner") && (
          <IconButton
            label={t("delete.turn")}
            icon="trash"
            onClick={() => remove({ id: turn.id, path, text: t("deleted.turn") })}
          />
        )}
      </div>
      <div id={detail}>{open && <Why turn={turn.id} />}</div>
    </li>
  );
}

/** Whether a model has answered: what nobody understood has an answer of the hub's own. */
function byModel({ transcript, answer, outcome, intent }: Turn): boolean {
  return Boolean(transcript && answer && !intent) && outcome !== "not-understood";
}

function Answer({
  answer,
  heard,
  language,
}: {
  answer: string;
  heard: string | null;
  language: string | null;
}) {
  const { t } = useTranslation("conversations");
  const said = parts(answer, heard);
  return (
    <p className="conversations-answer" lang={language ?? undefined} dir="auto">
      {said.heard}
      {said.unheard && (
        <>
          <span className="visually-hidden">{t("unheard")} </span>
          <span className="conversations-unheard" title={t("unheard")}>
            {said.unheard}
          </span>
        </>
      )}
    </p>
  );
}

function Play({ path, name }: { path: string; name: "answer" | "recording" }) {
  const { t } = useTranslation("conversations");
  const playing = useReplay((replay) => replay.playing === path);
  return (
    <Button
      kind="quiet"
      icon={playing ? "stop" : name === "answer" ? "play" : "mic"}
      aria-pressed={playing}
      onClick={() => void toggle(path)}
    >
      {t(playing ? "play.stop" : `play.${name}`)}
    </Button>
  );
}

function Why({ turn }: { turn: string }) {
  const { t, i18n } = useTranslation("conversations");
  const named = useToolNames();
  const [detail, setDetail] = useState<TurnDetail | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  useEffect(() => {
    const asking = new AbortController();
    detailOf(turn, asking.signal).then(setDetail, (error: unknown) => {
      if (!asking.signal.aborted) setProblem(error);
    });
    return () => asking.abort();
  }, [turn]);
  if (problem) return <ErrorState problem={problem} />;
  if (!detail) return <Skeleton lines={4} />;
  return (
    <div className="conversations-why">
      <Waterfall stages={detail.stages} tools={detail.tools} />
      <ul>
        {detail.reasons.map((reason) => (
          <li key={reason.code}>
            {t(`reason.${reason.code}`, {
              defaultValue: reason.text,
              time: reason.ms === null ? "" : took(reason.ms, i18n.language),
              intent: named(detail.intent ?? "", detail.tools[0]?.arguments),
            })}
          </li>
        ))}
      </ul>
      {detail.tools.map((tool) => (
        <p key={`${tool.tool}-${tool.start_ms}`} className="conversations-tool">
          <strong>{named(tool.tool, tool.arguments)}</strong>{" "}
          <code>
            {tool.tool} {tool.arguments}
          </code>{" "}
          <span className={tool.ok ? undefined : "conversations-bad"}>{tool.text}</span>
        </p>
      ))}
    </div>
  );
}
