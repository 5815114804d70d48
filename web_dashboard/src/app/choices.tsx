/** What is chosen anywhere: the language and the colours. */

import { useTranslation } from "react-i18next";
import { LANGUAGES } from "@/i18n";
import { speakHere } from "./session";
import { type Choice, choose, useTheme } from "./theme";

export function LanguageSelect({ bare = false }: { bare?: boolean }) {
  const { t, i18n } = useTranslation();
  return (
    <label className="field">
      <span className={bare ? "visually-hidden" : ""}>{t("language")}</span>
      <select
        className="input"
        value={i18n.language}
        onChange={(event) => speakHere(event.target.value)}
      >
        {Object.entries(LANGUAGES).map(([code, name]) => (
          <option key={code} value={code} lang={code}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

export function ThemeSelect() {
  const { t } = useTranslation();
  const theme = useTheme((one) => one.choice);
  return (
    <label className="field">
      <span>{t("theme.label")}</span>
      <select
        className="input"
        value={theme}
        onChange={(event) => choose(event.target.value as Choice)}
      >
        {(["system", "light", "dark"] as const).map((one) => (
          <option key={one} value={one}>
            {t(`theme.${one}`)}
          </option>
        ))}
      </select>
    </label>
  );
}
