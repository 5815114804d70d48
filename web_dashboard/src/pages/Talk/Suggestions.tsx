/** What could be said: sentences that this home understands, in the language that it hears. */

import { useTranslation } from "react-i18next";
import { formatsNow } from "@/i18n/format";
import { useLive } from "@/live/live";
import type { Device } from "@/pages/Home/device";
import { setDraft, useTalk } from "./talk";

export function Suggestions() {
  const { t } = useTranslation("talk");
  const spoken = useTalk((talk) => talk.chosen.language ?? talk.welcome?.language ?? null);
  return (
    <div className="talk-nothing">
      <p>{t("nothing.title")}</p>
      {spoken !== null && <Sentences spoken={spoken} />}
    </div>
  );
}

function Sentences({ spoken }: { spoken: string }) {
  const { t, ready } = useTranslation("talk", { lng: spoken, useSuspense: false });
  const [lamp] = Object.values(useLive<Device>("devices"))
    .filter((device) => device.kind === "light")
    .sort((one, other) => formatsNow().compare(one.name, other.name));
  if (!ready) return null;
  const sentences = [
    ...(lamp ? [t("nothing.one", { device: lamp.name }), t("nothing.three")] : []),
    t("nothing.two"),
  ];
  const take = (sentence: string) => {
    setDraft(sentence);
    document.querySelector<HTMLElement>("[data-draft]")?.focus();
  };
  return (
    <ul className="quiet" lang={spoken}>
      {sentences.map((sentence) => (
        <li key={sentence}>
          <button type="button" className="talk-link" onClick={() => take(sentence)}>
            {sentence}
          </button>
        </li>
      ))}
    </ul>
  );
}
