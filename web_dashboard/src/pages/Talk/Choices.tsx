/** Where one is, which language one speaks, and which microphone and speaker are used. */

import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { LANGUAGES } from "@/i18n";
import { type Devices, devices } from "./audio/microphone";
import { loudness } from "./Figure";
import { analysers, choose, closeMicrophone, openedMicrophone, useTalk } from "./talk";

export function Choices() {
  const { t } = useTranslation("talk");
  const chosen = useTalk((talk) => talk.chosen);
  const welcome = useTalk((talk) => talk.welcome);
  const rooms = welcome?.rooms ?? [];
  const languages = welcome?.languages ?? [];
  return (
    <details className="card talk-choices">
      <summary>{t("choices")}</summary>
      <div className="stack">
        <Choice
          label={t("room")}
          none={t("noRoom")}
          value={chosen.area}
          values={rooms.map((room) => [room, room])}
          onChange={(area) => choose({ area })}
        />
        <Choice
          label={t("spoken")}
          none={t("ofTheHouse")}
          value={chosen.language}
          values={languages.map((code) => [
            code,
            LANGUAGES[code as keyof typeof LANGUAGES] ?? code,
          ])}
          onChange={(language) => choose({ language })}
        />
        <Wake />
        <label className="talk-check">
          <input
            type="checkbox"
            checked={chosen.speak}
            onChange={(event) => choose({ speak: event.target.checked })}
          />
          <span>{t("speak")}</span>
        </label>
        <label className="field">
          <span>{t("volume")}</span>
          <input
            type="range"
            min="0"
            max="1"
            step="0.05"
            value={chosen.volume}
            onChange={(event) => choose({ volume: event.target.valueAsNumber })}
          />
        </label>
        <Sound />
      </div>
    </details>
  );
}

/** What opens the microphone while the hands are free. */
function Wake() {
  const { t } = useTranslation("talk");
  const chosen = useTalk((talk) => talk.chosen.wake);
  const words = useTalk((talk) => talk.welcome?.wake_words);
  if (!words?.length) return null;
  return (
    <div>
      <Choice
        label={t("wake.label")}
        none={t("wake.none")}
        value={words.some((one) => one.name === chosen) ? chosen : null}
        values={words.map((one) => [one.name, t("wake.after", { phrase: one.phrase })])}
        onChange={(wake) => choose({ wake })}
      />
      <p className="quiet small">{t("wake.where")}</p>
    </div>
  );
}

function Choice(props: {
  label: string;
  none: string;
  value: string | null;
  values: [string, string][];
  onChange: (value: string | null) => void;
}) {
  const { label, none, value, values, onChange } = props;
  const known = value === null || values.some(([one]) => one === value);
  return (
    <label className="field">
      <span>{label}</span>
      <select
        className="input"
        value={value ?? ""}
        onChange={(event) => onChange(event.target.value || null)}
      >
        <option value="">{none}</option>
        {!known && <option value={value}>{value}</option>}
        {values.map(([one, name]) => (
          <option key={one} value={one}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

function Sound() {
  const { t } = useTranslation("talk");
  const chosen = useTalk((talk) => talk.chosen);
  const open = useTalk((talk) => talk.microphone);
  const mode = useTalk((talk) => talk.mode);
  const [found, setFound] = useState<Devices>({ microphones: [], speakers: [] });

  useEffect(() => {
    const look = () => void devices().then(setFound);
    look();
    navigator.mediaDevices?.addEventListener("devicechange", look);
    return () => navigator.mediaDevices?.removeEventListener("devicechange", look);
  }, [open]);

  return (
    <>
      <Choice
        label={t("microphone")}
        none={t("standard")}
        value={chosen.microphone}
        values={found.microphones.map((one) => [one.deviceId, one.label])}
        onChange={(microphone) => choose({ microphone })}
      />
      <Level />
      {mode === "off" && (
        <button
          type="button"
          className="button"
          onClick={() => (open ? closeMicrophone() : void openedMicrophone())}
        >
          {t(open ? "testEnd" : "test")}
        </button>
      )}
      {found.speakers.length > 0 && (
        <Choice
          label={t("speaker")}
          none={t("standard")}
          value={chosen.speaker}
          values={found.speakers.map((one) => [one.deviceId, one.label])}
          onChange={(speaker) => choose({ speaker })}
        />
      )}
    </>
  );
}

function Level() {
  const { t } = useTranslation("talk");
  const bar = useRef<HTMLMeterElement>(null);
  const open = useTalk((talk) => talk.microphone);
  useEffect(() => {
    const samples = new Uint8Array(512);
    const timer = setInterval(() => {
      if (bar.current) bar.current.value = loudness(analysers().microphone, samples);
    }, 60);
    return () => clearInterval(timer);
  }, []);
  return (
    <label className="field">
      <span>{t(open ? "level" : "levelOff")}</span>
      <meter ref={bar} className="talk-level" min="0" max="1" low={0.2} high={0.95} />
    </label>
  );
}
