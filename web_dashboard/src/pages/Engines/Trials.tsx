import { type ChangeEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Badge } from "@/components/Badge";
import { Button } from "@/components/Button";
import { Card } from "@/components/Card";
import { SelectField, TextArea } from "@/components/Field";
import { Told } from "@/components/Told";
import { useFormat } from "@/i18n/format";
import { type Heard, type Spoken, tryHearing, tryVoice } from "./api";
import { missing, type Recording, record } from "./recording";

const MAX_TEXT = 500;

interface TrialProps {
  languages: readonly string[];
}

function LanguageChoice({
  languages,
  value,
  onChange,
}: TrialProps & { value: string; onChange: (language: string) => void }) {
  const { t } = useTranslation("engines");
  if (languages.length < 2) return null;
  return (
    <SelectField
      label={t("try.language")}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      options={languages.map((one) => ({ value: one, label: one }))}
    />
  );
}

/** A sentence, spoken by the voice that is in use. */
export function VoiceTrial({ languages }: TrialProps) {
  const { t } = useTranslation("engines");
  const format = useFormat();
  const [language, setLanguage] = useState(languages[0] ?? "en");
  const [text, setText] = useState("");
  const [spoken, setSpoken] = useState<(Spoken & { url: string }) | null>(null);
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const words = text || t("try.sentence", { lng: language });
  const url = spoken?.url;
  useEffect(() => () => (url ? URL.revokeObjectURL(url) : undefined), [url]);

  const speak = async () => {
    setBusy(true);
    setProblem("");
    try {
      const made = await tryVoice(words, language);
      setSpoken({ ...made, url: URL.createObjectURL(made.sound) });
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
    setBusy(false);
  };

  return (
    <Card title={t("try.voice")}>
      <LanguageChoice languages={languages} value={language} onChange={setLanguage} />
      <TextArea
        label={t("try.text")}
        value={text}
        maxLength={MAX_TEXT}
        placeholder={words}
        onChange={(event) => setText(event.target.value)}
      />
      <div className="row">
        <Button kind="primary" icon="play" busy={busy} onClick={() => void speak()}>
          {t("try.speak")}
        </Button>
        {spoken?.firstMs != null && (
          <span className="quiet small">
            {t("try.spokenIn", {
              first: format.duration(spoken.firstMs),
              all: format.duration(spoken.allMs ?? spoken.firstMs),
            })}
          </span>
        )}
      </div>
      {spoken && (
        // biome-ignore lint/a11y/useMediaCaption: its words stand above.
        <audio key={spoken.url} src={spoken.url} controls autoPlay />
      )}
      {problem && (
        <p className="notice" role="alert">
          <Told text={problem} />
        </p>
      )}
    </Card>
  );
}

/** A recording of the microphone or a file, and what the engine in use hears of it. */
export function HearingTrial({ languages }: TrialProps) {
  const { t } = useTranslation("engines");
  const format = useFormat();
  const [language, setLanguage] = useState(languages[0] ?? "en");
  const [recording, setRecording] = useState<Recording | null>(null);
  const [heard, setHeard] = useState<Heard | null>(null);
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const file = useRef<HTMLInputElement>(null);
  const absent = missing();
  useEffect(() => () => recording?.stop(), [recording]);

  const hear = async (wav: Blob) => {
    setBusy(true);
    setProblem("");
    setHeard(null);
    try {
      setHeard(await tryHearing(wav, language));
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
    setBusy(false);
  };
  const begin = async () => {
    setProblem("");
    setHeard(null);
    try {
      const begun = await record();
      setRecording(begun);
      const wav = await begun.wav;
      setRecording(null);
      await hear(wav);
    } catch (error) {
      setRecording(null);
      const denied = error instanceof DOMException && error.name === "NotAllowedError";
      setProblem(t(denied ? "try.denied" : "try.noMicrophone"));
    }
  };
  const choose = (event: ChangeEvent<HTMLInputElement>) => {
    const chosen = event.target.files?.[0];
    if (chosen) void hear(chosen);
    event.target.value = "";
  };

  return (
    <Card title={t("try.hearing")}>
      <LanguageChoice languages={languages} value={language} onChange={setLanguage} />
      {absent && <p className="notice warn">{t(`try.${absent}`)}</p>}
      <div className="row">
        {recording ? (
          <Button kind="primary" icon="stop" onClick={recording.stop}>
            {t("try.stop")}
          </Button>
        ) : (
          <Button
            kind="primary"
            icon="mic"
            busy={busy}
            disabled={absent !== null}
            onClick={() => void begin()}
          >
            {t("try.record")}
          </Button>
        )}
        <Button icon="upload" onClick={() => file.current?.click()}>
          {t("try.file")}
        </Button>
        <input
          ref={file}
          type="file"
          accept=".wav,audio/wav"
          className="visually-hidden"
          aria-label={t("try.file")}
          tabIndex={-1}
          onChange={choose}
        />
      </div>
      <div role="status" className="stack">
        {recording && (
          <Badge tone="bad" dot>
            {t("try.recording")}
          </Badge>
        )}
        {busy && <span className="quiet">{t("try.hears")}</span>}
        {heard && (
          <>
            <blockquote className="heard">{heard.text || t("try.nothing")}</blockquote>
            <p className="quiet small">
              {t("try.heardIn", {
                engine: heard.engine,
                took: format.duration(heard.took_ms),
                audio: format.duration(heard.audio_ms),
              })}
              {heard.confidence != null &&
                ` · ${t("try.sure", { part: format.percent(heard.confidence) })}`}
              {` · ${t("try.loudest", { db: format.number(heard.loudest_dbfs) })}`}
            </p>
            {heard.loudest_dbfs < -40 && <p className="notice warn">{t("try.quiet")}</p>}
            {heard.loudest_dbfs > -0.5 && <p className="notice warn">{t("try.loud")}</p>}
          </>
        )}
      </div>
      {problem && (
        <p className="notice" role="alert">
          <Told text={problem} />
        </p>
      )}
    </Card>
  );
}
