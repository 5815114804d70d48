/** Tells devices something: shown at once, taken back where it fails, asked about where it must. */

import { create } from "zustand";
import { ApiProblem } from "@/api/client";
import { call } from "@/api/typed";
import { sure } from "@/components/Sure";
import { toast } from "@/components/toasts";
import i18n, { language } from "@/i18n";
import { useLiveItem, useLiveStore } from "@/live/live";
import { askCode } from "./CodeDialog";
import type { Device } from "./device";
import { type Arguments, after, type Expected, expected } from "./expecting";

interface Waiting {
  number: number;
  expecting: Expected;
  /** What the home said when it was told. */
  before: Device | undefined;
  /** The hub says that it has obeyed: what the home says next counts. */
  obeyed: boolean;
}

/** So long what is expected is shown, where a device says nothing of it. */
const BELIEVE_MS = 1500;

const useWaiting = create<Record<string, Waiting>>(() => ({}));
let last = 0;

/** A device as it is, or as it is about to be. */
export function useDevice(id: string): Device | undefined {
  const spoken = useLiveItem<Device>("devices", id);
  const hidden = useLiveItem<Device>("hidden_devices", id);
  const waiting = useWaiting((all) => all[id]);
  const device = spoken ?? hidden;
  if (!device || !waiting) return device;
  if (waiting.obeyed && device !== waiting.before) return device;
  return after(device, waiting.expecting);
}

/** Tell a device something; return whether it obeyed. */
export async function tell(device: Device, verb: string, values: Arguments = {}): Promise<boolean> {
  try {
    return await once(device, verb, values, {});
  } catch (error) {
    toast(error instanceof Error ? error.message : String(error), { kind: "bad" });
    return false;
  }
}

interface Answer {
  confirm?: string;
  code?: string;
}

async function once(
  device: Device,
  verb: string,
  values: Arguments,
  answer: Answer,
): Promise<boolean> {
  last += 1;
  const number = last;
  const expecting = expected(device, verb, values);
  show(device.id, { number, expecting, before: said(device.id), obeyed: false });
  try {
    await call("post", "/v1/devices/{device_id}/actions", {
      path: { device_id: device.id },
      json: { verb, arguments: values, language: language(), ...answer },
    });
    settle(device.id, number);
    return true;
  } catch (error) {
    forget(device.id, number);
    const next = await asked(error);
    if (next === "no") return false;
    if (next === null) throw error;
    return once(device, verb, values, next);
  }
}

/** Ask what the hub asks; null: it asks nothing, it has failed. */
async function asked(error: unknown): Promise<Answer | "no" | null> {
  if (!(error instanceof ApiProblem)) return null;
  if (error.code === "confirmation-expired") return {};
  const confirm = String(error.document.confirm ?? "");
  if (error.code === "needs-confirmation" && confirm) {
    const yes = await sure({ title: error.message, action: i18n.t("home:yes") });
    return yes ? { confirm } : "no";
  }
  if (error.code === "needs-code" && confirm) {
    const code = await askCode(error.message);
    return code === null ? "no" : { confirm, code };
  }
  return null;
}

function show(id: string, waiting: Waiting): void {
  useWaiting.setState({ [id]: waiting });
}

function said(id: string): Device | undefined {
  const { topics } = useLiveStore.getState();
  return (topics.devices?.[id] ?? topics.hidden_devices?.[id]) as Device | undefined;
}

function settle(id: string, number: number): void {
  const waiting = useWaiting.getState()[id];
  if (waiting?.number !== number) return;
  show(id, { ...waiting, obeyed: true });
  setTimeout(() => forget(id, number), BELIEVE_MS);
}

function forget(id: string, number: number): void {
  useWaiting.setState((all) => {
    if (all[id]?.number !== number) return all;
    const { [id]: _, ...others } = all;
    return others;
  }, true);
}
