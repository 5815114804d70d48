/** Announcements that this page sent: what became of each is said when it is over. */

import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { dismiss, toast, useToasts } from "@/components/toasts";
import { formatsNow } from "@/i18n/format";
import { useLive } from "@/live/live";
import type { Announcement, Tile } from "./types";

const waiting = new Set<string>();

/** Wait for the end of an announcement. */
export function follow(id: string): void {
  waiting.add(id);
}

/** Return where it was heard, and where what else became of it. */
export function outcome(fates: Record<string, string>): { heard: string[]; others: string[][] } {
  const all = Object.entries(fates);
  return {
    heard: all.filter(([, fate]) => fate === "heard").map(([satellite]) => satellite),
    others: all.filter(([, fate]) => fate !== "heard"),
  };
}

/** Say what became of announcements for as long as the page is open. */
export function useFates(tiles: Record<string, Tile>): void {
  const { t } = useTranslation("satellites");
  const announcements = useLive<Announcement>("announcements");
  useEffect(() => {
    for (const one of Object.values(announcements)) {
      if (!one.over || !waiting.delete(one.id)) continue;
      // It can not be taken back any more.
      for (const shown of useToasts.getState().toasts)
        if (shown.text === t("announced")) dismiss(shown.id);
      const name = (satellite: string) =>
        tiles[satellite]?.name ?? (satellite.startsWith("browser-") ? t("aBrowser") : satellite);
      const { heard, others } = outcome(one.fates);
      if (heard.length > 0) toast(t("heardAt", { places: formatsNow().list(heard.map(name)) }));
      else if (others.length === 0) toast(t("nobody"), { kind: "bad" });
      for (const [satellite = "", fate = ""] of others)
        toast(t(`fate.${fate}`, { name: name(satellite) }), {
          kind: fate === "stopped" || fate === "confirmed" ? "plain" : "bad",
        });
    }
  }, [announcements, tiles, t]);
}
