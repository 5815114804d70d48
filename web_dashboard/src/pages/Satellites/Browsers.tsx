import { useTranslation } from "react-i18next";
import { hubNow } from "@/api/clock";
import { Badge } from "@/components/Badge";
import { Card } from "@/components/Card";
import { useFormat } from "@/i18n/format";
import { useLive, useLiveItem } from "@/live/live";
import { useTalk } from "@/pages/Talk/talk";
import { Said } from "./Said";
import { type Browser, TONES, type Words } from "./types";

/** Who talks in a browser now. Shows nothing where nobody does: they come and go. */
export function Browsers() {
  const { t } = useTranslation("satellites");
  const browsers = Object.values(useLive<Browser>("browsers"));
  if (browsers.length === 0) return null;
  const newest = browsers.sort((one, other) => Date.parse(other.since) - Date.parse(one.since));
  return (
    <Card title={t("browsers.title")}>
      <p className="quiet">{t("browsers.text")}</p>
      <ul className="browsers">
        {newest.map((one) => (
          <OneBrowser key={one.id} one={one} />
        ))}
      </ul>
    </Card>
  );
}

function OneBrowser({ one }: { one: Browser }) {
  const { t } = useTranslation("satellites");
  const { time, dateTime } = useFormat();
  const words = useLiveItem<Words>("satellite_words", one.id);
  const here = useTalk(({ welcome }) => welcome?.satellite === one.id);
  const today = new Date(one.since).toDateString() === new Date(hubNow()).toDateString();
  const { who, device } = namesOf(one);
  const about = [
    t("browsers.since", { when: today ? time(one.since) : dateTime(one.since) }),
    t(one.microphone ? "browsers.microphone" : "browsers.noMicrophone"),
  ];
  return (
    <li className="stack tight">
      <div className="row">
        <span className="grow">
          <strong>{who}</strong>
          <span className="quiet">
            {[device, one.area].filter(Boolean).map((word) => ` · ${word}`)}
          </span>
          <span className="hint">{about.join(" · ")}</span>
        </span>
        {here && <Badge>{t("browsers.here")}</Badge>}
        <span role="status">
          <Badge tone={TONES[one.state] ?? "plain"} dot>
            {t(`state.${one.state}`, { defaultValue: one.state })}
          </Badge>
        </span>
      </div>
      {words && <Said words={words} />}
    </li>
  );
}

/** Windows of this page are called "Ada, Linux"; who it is is said once. */
export function namesOf({ name, person }: Browser): { who: string; device: string } {
  if (!person || person === name) return { who: name, device: "" };
  const start = `${person}, `;
  return { who: person, device: name.startsWith(start) ? name.slice(start.length) : name };
}
