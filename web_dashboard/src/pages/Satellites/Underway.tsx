import { useTranslation } from "react-i18next";
import { ask } from "@/api/client";
import { attempt } from "@/components/attempt";
import { Button } from "@/components/Button";
import { Card } from "@/components/Card";
import { useLive } from "@/live/live";
import type { Announcement } from "./types";

/** Announcements that are said again and again, until somebody confirms them here or there. */
export function Underway() {
  const { t } = useTranslation("satellites");
  const repeated = Object.values(useLive<Announcement>("announcements")).filter(
    (one) => !one.over && (one.times ?? 1) > 1,
  );
  if (repeated.length === 0) return null;
  return (
    <Card title={t("underway.title")}>
      <ul className="strangers">
        {repeated.map((one) => (
          <li key={one.id} className="row">
            <span className="grow">
              <strong>{one.text || t(`chime.label`)}</strong>
              <span className="hint">{t("underway.text", { count: one.times ?? 1 })}</span>
            </span>
            <Button
              kind="primary"
              icon="check"
              onClick={() =>
                void attempt(() => ask(`/v1/announcements/${one.id}/confirm`, { method: "POST" }), {
                  done: t("underway.confirmed"),
                })
              }
            >
              {t("underway.confirm")}
            </Button>
          </li>
        ))}
      </ul>
    </Card>
  );
}
