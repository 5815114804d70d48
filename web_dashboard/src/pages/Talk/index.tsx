import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Told } from "@/components/Told";
import { Choices } from "./Choices";
import { Composer } from "./Composer";
import { Figure } from "./Figure";
import "./talk.css";
import { Turns } from "./Turns";
import { allowSound, open, useTalk, wakeWord } from "./talk";

export default function Talk() {
  const { t } = useTranslation("talk");
  const identifying = useTalk((talk) => talk.identifying);
  useEffect(open, []);
  return (
    <div className="talk" data-identifying={identifying}>
      <h1 className="visually-hidden">{t("title")}</h1>
      <section className="talk-side" aria-label={t("around")}>
        <Figure />
        <Standing />
        <Choices />
      </section>
      <section className="talk-main" aria-label={t("title")}>
        <Notices />
        <Turns />
        <Heard />
        <Composer />
      </section>
    </div>
  );
}

function Standing() {
  const { t } = useTranslation("talk");
  const state = useTalk((talk) => talk.state);
  const link = useTalk((talk) => talk.link);
  const mode = useTalk((talk) => talk.mode);
  const wake = useTalk(wakeWord);
  const waits = state === "idle" && mode === "hands-free";
  const text =
    link !== "open"
      ? t(`link.${link}`)
      : waits && wake
        ? t("sayWord", { phrase: wake.phrase })
        : t(waits ? "state.open" : `state.${state}`);
  return (
    <p className="talk-state" role="status">
      {text}
    </p>
  );
}

/** What a screen reader is told: whole answers, not each word of them. */
function Heard() {
  const last = useTalk((talk) => talk.turns.findLast((turn) => turn.outcome !== null));
  return (
    <p className="visually-hidden" aria-live="polite">
      {/* The same answer to another question is another one, and is read too. */}
      <span key={last?.key}>{last?.answer}</span>
    </p>
  );
}

function Notices() {
  const { t } = useTranslation("talk");
  const lack = useTalk((talk) => talk.lack);
  const blocked = useTalk((talk) => talk.blocked);
  const problem = useTalk((talk) => talk.problem);
  return (
    <>
      {lack && (
        <p className="notice" role="alert">
          <strong>{t(`lack.${lack}.what`)}</strong>{" "}
          {t(`lack.${lack}.how`, { address: `https://${location.host}` })}
        </p>
      )}
      {blocked && (
        <p className="notice" role="alert">
          {t("blocked")}{" "}
          <button type="button" className="button" onClick={allowSound}>
            {t("allow")}
          </button>
        </p>
      )}
      {problem && (
        <p className="notice" role="alert">
          <Told text={problem} />
        </p>
      )}
    </>
  );
}
