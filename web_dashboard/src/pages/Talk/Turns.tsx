/** The conversation: what was said, what was done, and what was answered. */

import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Told } from "@/components/Told";
import { useFormat } from "@/i18n/format";
import { useToolNames } from "@/i18n/toolNames";
import { Suggestions } from "./Suggestions";
import { replay, speaker, takeBack, useTalk } from "./talk";
import { split, type ToolUse, type Turn } from "./turns";

const NEAR_END_PX = 120;

export function Turns() {
  const { t } = useTranslation("talk");
  const turns = useTalk((talk) => talk.turns);
  const list = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);

  useEffect(() => {
    if (atEnd.current) list.current?.scrollTo({ top: list.current.scrollHeight });
  }, [turns]);

  return (
    <div
      ref={list}
      className="talk-turns"
      role="log"
      aria-label={t("log")}
      aria-live="off"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys.
      tabIndex={0}
      onScroll={(event) => {
        const { scrollHeight, scrollTop, clientHeight } = event.currentTarget;
        atEnd.current = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
      }}
    >
      {turns.length === 0 && <Suggestions />}
      {turns.map((turn) => (
        <OneTurn key={turn.key} turn={turn} />
      ))}
    </div>
  );
}

function OneTurn({ turn }: { turn: Turn }) {
  const { t } = useTranslation("talk");
  const open = useTalk((talk) => talk.link === "open");
  const [heard, rest] = split(turn);
  const waiting = turn.turn === null && !turn.problem;
  return (
    <article className="talk-turn">
      {turn.you && (
        <div className="talk-you" data-final={turn.youFinal}>
          <span className="visually-hidden">{t("you")}: </span>
          {turn.you}
        </div>
      )}
      {waiting && (
        <p className="talk-note quiet">
          {t("waiting")}{" "}
          {!open && (
            <button type="button" className="talk-link" onClick={() => takeBack(turn)}>
              {t("takeBack")}
            </button>
          )}
        </p>
      )}
      {turn.problem && (
        <p className="talk-note notice" role="alert">
          <Told text={turn.problem} />{" "}
          <button type="button" className="button" onClick={() => takeBack(turn)}>
            {t("takeBack")}
          </button>
        </p>
      )}
      {turn.tools.map((tool) => (
        <Tool key={tool.call} tool={tool} />
      ))}
      {turn.answer && (
        <div className="talk-hub">
          <span className="visually-hidden">{t("hub")}: </span>
          {heard}
          {rest && <span className="talk-unheard">{rest}</span>}
        </div>
      )}
      {turn.turn !== null && turn.outcome === null && !turn.answer && (
        <p className="talk-hub talk-thinking">
          <span className="visually-hidden">{t("state.thinking")}</span>
          <i />
          <i />
          <i />
        </p>
      )}
      {turn.outcome !== null && turn.turn !== null && <Foot turn={turn} />}
    </article>
  );
}

function Tool({ tool }: { tool: ToolUse }) {
  const { t } = useTranslation("talk");
  const { duration } = useFormat();
  const named = useToolNames();
  return (
    <details className="talk-tool" data-status={tool.status}>
      <summary>
        <span className="talk-dot" aria-hidden="true" />
        <span>{named(tool.tool, tool.arguments)}</span>
        <span className="quiet">
          {t(`tool.${tool.status}`)}
          {tool.status !== "running" && ` · ${duration(tool.tookMs)}`}
        </span>
      </summary>
      <pre>
        {tool.tool} {tool.arguments}
      </pre>
      {tool.result && <p>{tool.result}</p>}
    </details>
  );
}

const REMARKABLE = new Set(["interrupted", "cancelled", "failed", "not-understood", "lost"]);

function Foot({ turn }: { turn: Turn }) {
  const { t } = useTranslation("talk");
  const open = useTalk((talk) => talk.link === "open");
  const { outcome } = turn;
  return (
    <p className="talk-foot quiet">
      {outcome && REMARKABLE.has(outcome) && <span>{t(`outcome.${outcome}`)}</span>}
      {turn.answerMs !== null && <span>{t("took", { ms: turn.answerMs })}</span>}
      {turn.answer && (
        <button
          type="button"
          className="talk-link"
          disabled={!open && !speaker.canReplay(turn.turn ?? -1)}
          onClick={() => void replay(turn)}
        >
          {t("replay")}
        </button>
      )}
    </p>
  );
}
