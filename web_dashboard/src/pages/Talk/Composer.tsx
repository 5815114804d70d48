/** Where one types, holds to talk, or lets the microphone stay open. */

import { type KeyboardEvent, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { MAX_TEXT_CHARS } from "./messages";
import { handsFree, hold, quiet, release, sendDraft, setDraft, stop, useTalk } from "./talk";
import { isUnderWay } from "./turns";

const SHOW_COUNT_FROM = MAX_TEXT_CHARS * 0.8;
const MICROPHONE =
  "M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3zM6 11a6 6 0 0 0 12 0M12 17v4";
const WAVES = "M4 10v4M8 7v10M12 4v16M16 7v10M20 10v4";
const SEND = "M5 12h13M13 6l6 6-6 6";
const STOP = "M7 7h10v10H7z";

export function Icon({ path }: { path: string }) {
  return (
    <svg
      viewBox="0 0 24 24"
      width="22"
      height="22"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.75"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={path} />
    </svg>
  );
}

export function Composer() {
  const { t } = useTranslation("talk");
  const draft = useTalk((talk) => talk.draft);
  const mode = useTalk((talk) => talk.mode);
  const state = useTalk((talk) => talk.state);
  const open = useTalk((talk) => talk.link === "open");
  // What waits for the hub can not be stopped, and more can be said after it.
  const busy = useTalk((talk) => isUnderWay(talk.turns.at(-1)));
  const field = useRef<HTMLTextAreaElement>(null);
  const tooLong = draft.length > MAX_TEXT_CHARS;
  useHoldSpace();

  useEffect(() => {
    const area = field.current;
    if (!area) return;
    area.style.height = "auto";
    area.style.height = `${Math.min(area.scrollHeight + 2, innerHeight * 0.3)}px`;
  }, [draft.length]);

  const keys = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    if (!tooLong) sendDraft();
  };
  const going = state === "speaking" || state === "thinking" || (busy && state !== "listening");

  return (
    <form
      className="talk-composer"
      onSubmit={(event) => {
        event.preventDefault();
        if (!tooLong) sendDraft();
      }}
    >
      <div className="talk-line">
        <label className="talk-field">
          <span className="visually-hidden">{t("type")}</span>
          <textarea
            ref={field}
            data-draft
            className="input"
            rows={1}
            placeholder={t("type")}
            value={draft}
            aria-invalid={tooLong}
            aria-describedby={tooLong ? "talk-count" : undefined}
            onChange={(event) => setDraft(event.target.value)}
            onKeyDown={keys}
          />
        </label>
        {going ? (
          <button type="button" className="button" onClick={stop} aria-label={t("stop")}>
            <Icon path={STOP} />
          </button>
        ) : (
          <button
            type="submit"
            className="button primary"
            disabled={!draft.trim() || tooLong}
            aria-label={t("send")}
          >
            <Icon path={SEND} />
          </button>
        )}
      </div>
      {draft.length > SHOW_COUNT_FROM && (
        <p id="talk-count" className={tooLong ? "notice" : "quiet"} role="status">
          {t(tooLong ? "tooLong" : "count", {
            count: draft.length,
            most: MAX_TEXT_CHARS,
          })}
        </p>
      )}
      <div className="talk-line">
        <button
          type="button"
          className="button talk-hold"
          aria-pressed={mode === "hold"}
          disabled={!open || mode === "hands-free"}
          onPointerDown={(event) => {
            if (event.button !== 0) return;
            event.currentTarget.setPointerCapture(event.pointerId);
            void hold();
          }}
          onContextMenu={(event) => event.preventDefault()}
          onKeyDown={(event) => {
            if ((event.key === " " || event.key === "Enter") && !event.repeat) void hold();
          }}
        >
          <Icon path={MICROPHONE} />
          {t(mode === "hold" ? "holding" : "hold")}
        </button>
        <button
          type="button"
          className="button talk-free"
          role="switch"
          aria-checked={mode === "hands-free"}
          disabled={!open}
          onClick={() => (mode === "hands-free" ? quiet() : void handsFree())}
        >
          <Icon path={WAVES} />
          {t("handsFree")}
        </button>
      </div>
    </form>
  );
}

/** The space bar, held anywhere but in a field, is held to talk; Escape stops. */
function useHoldSpace(): void {
  useEffect(() => {
    const free = (event: Event) => {
      const target = event.target as HTMLElement;
      return !target.closest("input, textarea, select, button, a, summary, [contenteditable]");
    };
    const down = (event: globalThis.KeyboardEvent) => {
      // In a dialog it closes that, and no more.
      if (event.key === "Escape" && !document.querySelector("dialog[open]")) stop();
      if (event.key !== " " || event.repeat || !free(event)) return;
      event.preventDefault();
      void hold();
    };
    addEventListener("keydown", down);
    return () => {
      removeEventListener("keydown", down);
      release();
    };
  }, []);
}
