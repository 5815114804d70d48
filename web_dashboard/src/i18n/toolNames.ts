/** What people call that which the hub does: its own tools, and what sentences ask of the home. */

import { useTranslation } from "react-i18next";

const AS_THEY_ARE = { nsSeparator: false, keySeparator: false } as const;

/** Return a function that names a tool; one of the owner's own is called as the owner calls it. */
export function useToolNames(): (tool: string) => string {
  const { t } = useTranslation("tool_names");
  return (tool) => t(tool, { defaultValue: tool, ...AS_THEY_ARE });
}
