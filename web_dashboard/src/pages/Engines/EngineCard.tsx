import { useTranslation } from "react-i18next";
import { Badge } from "@/components/Badge";
import { Card } from "@/components/Card";
import { Facts } from "@/components/Facts";
import { SelectField } from "@/components/Field";
import { Told } from "@/components/Told";
import { useFormat } from "@/i18n/format";
import { hubSays } from "@/i18n/hub";
import type { Choice, Engine, Engines } from "./api";

/** By role: what the choice calls it. */
const FIELDS = {
  "speech-to-text": "speech_to_text",
  "text-to-speech": "text_to_speech",
  "language-model": "language_model",
} as const;

interface EngineCardProps {
  engine: Engine;
  all: Engines;
  whispers: string[];
  busy: boolean;
  onChoose: (change: Partial<Choice>) => void;
}

/** One thing that engines do: what does it, how it does, and what else could. */
export function EngineCard({ engine, all, whispers, busy, onChoose }: EngineCardProps) {
  const { t } = useTranslation("engines");
  const format = useFormat();
  const field = FIELDS[engine.role as keyof typeof FIELDS];
  const standing = engine.ready ? "ready" : engine.in_use === "none" ? "none" : "spare";
  const tone = engine.ready ? "good" : standing === "spare" ? "warn" : "plain";
  const unusable = engine.choices.filter((kind) => !kind.usable);
  const cloud = engine.place === "cloud";

  return (
    <Card
      title={t(`roles.${engine.role}`, engine.role)}
      actions={
        <Badge tone={tone} dot>
          {t(`standing.${standing}`)}
        </Badge>
      }
    >
      <p>
        <strong>{t(`names.${engine.in_use}`, engine.in_use)}</strong>
        {engine.model && <span className="quiet"> · {engine.model}</span>}
      </p>
      {engine.in_use !== "none" && (
        <p className={cloud ? "notice warn" : "quiet small"}>{t(`places.${engine.place}`)}</p>
      )}
      {!engine.ready && engine.text && (
        <p className="notice plain">
          <Told text={hubSays(engine.text, engine.words)} />
        </p>
      )}
      {engine.in_use !== "none" && (
        <Facts
          facts={{
            [t("memory")]: engine.memory_bytes ? format.bytes(engine.memory_bytes) : "–",
            [t("speed")]: engine.speed ? format.duration(engine.speed.p50_ms) : "–",
            [t("slow")]: engine.speed ? format.duration(engine.speed.p95_ms) : "–",
            [t("waiting")]: engine.most_waiting ? engine.waiting : null,
            [t("restarts")]: engine.restarts || null,
          }}
        />
      )}
      {engine.speed && (
        <p className="quiet small">{t("measured", { count: engine.speed.count })}</p>
      )}
      {field && (
        <SelectField
          label={t("choose")}
          hint={
            engine.role === "language-model" && all.waits_for_start.length > 0
              ? t("nextStart")
              : undefined
          }
          value={all.choice[field] ?? ""}
          disabled={busy}
          onChange={(event) => onChoose({ [field]: event.target.value || null } as Partial<Choice>)}
          options={[
            { value: "", label: t("asFile") },
            ...engine.choices
              .filter((kind) => kind.usable)
              .map((kind) => ({
                value: kind.name,
                label: `${t(`names.${kind.name}`, kind.name)} – ${t(`short.${kind.place}`)}`,
              })),
          ]}
        />
      )}
      {engine.role === "speech-to-text" && whispers.length > 0 && (
        <SelectField
          label={t("whisperModel")}
          value={all.choice.whisper_model ?? ""}
          disabled={busy}
          onChange={(event) => onChoose({ whisper_model: event.target.value || null })}
          options={[
            { value: "", label: t("asFile") },
            { value: "auto", label: t("best") },
            ...whispers.map((name) => ({ value: name, label: name })),
          ]}
        />
      )}
      {engine.role === "text-to-speech" &&
        all.voices.length > 0 &&
        all.languages.map((language) => (
          <SelectField
            key={language}
            label={t("voiceFor", { language: nameOf(language) })}
            value={all.choice.voices?.[language] ?? ""}
            disabled={busy}
            onChange={(event) => {
              const { [language]: _, ...others } = all.choice.voices ?? {};
              const voice = event.target.value;
              onChoose({ voices: voice ? { ...others, [language]: voice } : others });
            }}
            options={[
              { value: "", label: t("asFile") },
              ...all.voices
                .filter((voice) => voice.startsWith(`${language}_`))
                .map((voice) => ({ value: voice, label: voice })),
            ]}
          />
        ))}
      {unusable.length > 0 && (
        <details>
          <summary>{t("others", { count: unusable.length })}</summary>
          <ul className="lines">
            {unusable.map((kind) => (
              <li key={kind.name}>
                <strong>{t(`names.${kind.name}`, kind.name)}</strong>{" "}
                <span className="quiet">
                  <Told text={hubSays(kind.why_not, kind.words)} />
                </span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </Card>
  );
}

function nameOf(language: string): string {
  return (
    new Intl.DisplayNames([document.documentElement.lang || "en"], { type: "language" }).of(
      language,
    ) ?? language
  );
}
