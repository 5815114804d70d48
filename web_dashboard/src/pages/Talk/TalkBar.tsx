/** On the other pages: what is said and heard while one looks at something else. */

import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Button, IconButton } from "@/components/Button";
import { Icon } from "@/components/Icon";
import "./bar.css";
import { allowSound, quiet, stop, useTalk, wakeWord } from "./talk";

export default function TalkBar() {
  const { t } = useTranslation("talk");
  const { state, mode, link, saying, blocked } = useTalk();
  const wake = useTalk(wakeWord);
  const open = mode === "hands-free";
  const busy = state === "thinking" || state === "speaking";
  if (!open && !busy && state !== "listening") return null;
  const waits = wake ? t("sayWord", { phrase: wake.phrase }) : t("state.open");
  const text =
    link !== "open"
      ? t(`link.${link}`)
      : saying || (state === "idle" ? waits : t(`state.${state}`));
  return (
    <aside className="talk-bar" aria-label={t("title")}>
      <span className="talk-bar-sign" data-state={state} aria-hidden="true">
        <Icon name={busy ? "volume" : "mic"} />
      </span>
      <Link to="/" className="talk-bar-words grow">
        {text}
      </Link>
      {blocked && busy && <Button onClick={allowSound}>{t("allow")}</Button>}
      {busy && (
        <Button icon="stop" onClick={stop}>
          {t("stop")}
        </Button>
      )}
      {open && <IconButton icon="micOff" label={t("microphoneOff")} onClick={quiet} />}
    </aside>
  );
}
