import { useTranslation } from "react-i18next";
import { useLive } from "@/live/live";
import { placeOf } from "./place";

interface Running extends Record<string, unknown> {
  id: string;
  running: boolean;
  satellite_name: string;
  area: string | null;
  transcript: string | null;
}

/** Turns that go on at this moment. */
export function UnderWay() {
  const { t } = useTranslation("conversations");
  const turns = Object.values(useLive<Running>("turns")).filter((turn) => turn.running);
  return (
    <ul className="conversations-now" aria-label={t("now")} aria-live="polite">
      {turns.map((turn) => (
        <li key={turn.id}>
          <span className="conversations-pulse" aria-hidden="true" />
          <strong>{placeOf(turn, t)}</strong>
          <span>{turn.transcript || t("listening")}</span>
        </li>
      ))}
    </ul>
  );
}
