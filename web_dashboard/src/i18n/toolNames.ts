/** What people call that which the hub does: its own tools, and what sentences ask of the home. */

import { useTranslation } from "react-i18next";
import { useLiveStore } from "@/live/live";

const AS_THEY_ARE = { nsSeparator: false, keySeparator: false } as const;

/**
 * Return a function that names a tool, with the arguments that it was called with; one of the
 * owner's own is called as the owner calls it.
 */
export function useToolNames(): (tool: string, given?: string) => string {
  const { t } = useTranslation("tool_names");
  return (tool, given = "") => {
    const kind = kindOf(given);
    // "On" is something else for a lamp, a blind and a lock.
    const names = kind ? [`${tool}.${kind}`, `${tool}.any`, tool] : [tool];
    return t(names, { defaultValue: tool, ...AS_THEY_ARE });
  };
}

/** The kind of device that arguments are about, where they are about one that is known. */
function kindOf(given: string): string | null {
  try {
    const { name, domain } = JSON.parse(given);
    if (typeof domain === "string") return domain;
    const devices = Object.values(useLiveStore.getState().topics.devices ?? {});
    const found = devices.find((one) => (one as { name?: unknown }).name === name);
    return (found as { kind: string } | undefined)?.kind ?? null;
  } catch {
    return null; // not all are whole: long ones are cut
  }
}
