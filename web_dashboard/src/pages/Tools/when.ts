/** An automation, as its form holds it. */

import type { When } from "./api";

export interface WhenForm {
  device: string;
  type: string;
  subtype: string;
  command: string;
  listen: boolean;
  room: string;
  satellite: string;
  language: string;
}

export function whenForm(when: When | null): WhenForm {
  return {
    device: when?.device ?? "",
    type: when?.type ?? "",
    subtype: when?.subtype ?? "",
    command: when?.command ?? "",
    listen: when?.listen ?? false,
    room: when?.room ?? "",
    satellite: when?.satellite ?? "",
    language: when?.language ?? "",
  };
}

/** Return it as the hub takes it; what does not belong to what is done is left out. */
export function whenOf(form: WhenForm): Record<string, unknown> {
  const { listen } = form;
  const wanted = {
    device: form.device,
    type: form.type,
    subtype: form.subtype,
    command: listen ? "" : form.command,
    language: listen ? "" : form.language,
    satellite: listen ? form.satellite : "",
    room: listen && form.satellite ? "" : form.room,
  };
  const said = Object.entries(wanted)
    .map(([key, value]) => [key, value.trim()] as const)
    .filter(([key, value]) => value || key === "device");
  return { ...Object.fromEntries(said), ...(listen ? { listen } : {}) };
}
