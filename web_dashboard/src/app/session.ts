/** Who is logged in. */

import { create } from "zustand";
import { ApiProblem, askJson, refresh } from "@/api/client";
import { hubSaid } from "@/api/clock";
import { forgetAnswers } from "@/api/useResource";
import { isChosen, isLanguage, language, speak } from "@/i18n";

export type Role = "panel" | "guest" | "member" | "owner";
const ORDER: Role[] = ["panel", "guest", "member", "owner"];

export interface Who {
  user: string;
  name: string;
  role: Role;
  language?: string | null;
  /** What the hub is called. */
  hub?: string;
  /** The hub's time. */
  now?: string;
}

/** `expired`: the session ended by itself; the page stays, and waits for a new login. */
export type Standing =
  | "unknown"
  | "signed-out"
  | "signed-in"
  | "expired"
  | "set-up"
  | "unreachable";

interface Session {
  standing: Standing;
  who: Who | null;
}

export const useSession = create<Session>(() => ({ standing: "unknown", who: null }));

/** What the hub is called; only who is logged in knows. */
export function useHubName(): string {
  return (
    useSession(({ standing, who }) => (standing === "signed-out" ? null : who?.hub)) || "Sotto"
  );
}

/** Whether a role may do what another may. */
export function atLeast(role: Role | undefined, least: Role): boolean {
  return role !== undefined && ORDER.indexOf(role) >= ORDER.indexOf(least);
}

/** Find out who this is; the hub knows by a cookie. */
export async function findOut(): Promise<void> {
  try {
    const who = await whoAmI();
    if (who) {
      welcome(who);
      return;
    }
    const setup = await askJson<{ open: boolean }>("/v1/setup");
    useSession.setState({ standing: setup.open ? "set-up" : "signed-out", who: null });
  } catch (error) {
    const away = !(error instanceof ApiProblem) || error.status >= 500;
    // Whoever is in stays in: the page says by itself that the hub is away.
    if (away && isIn(useSession.getState().standing)) return;
    useSession.setState({ standing: away ? "unreachable" : "signed-out", who: null });
  }
}

function isIn(standing: Standing): boolean {
  return standing === "signed-in" || standing === "expired";
}

async function whoAmI(): Promise<Who | null> {
  for (const again of [true, false]) {
    try {
      return await askJson<Who>("/v1/session");
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.status !== 401) throw error;
      if (!again || !(await refresh())) return null;
    }
  }
  return null;
}

/** The session has ended. Return whether somebody logs in again. */
export function logInAgain(): Promise<boolean> {
  if (useSession.getState().standing === "signed-in") useSession.setState({ standing: "expired" });
  return new Promise((resolve) => {
    const stop = useSession.subscribe(({ standing }) => {
      if (standing === "expired") return;
      stop();
      resolve(standing === "signed-in");
    });
    if (useSession.getState().standing !== "expired") {
      stop();
      resolve(false);
    }
  });
}

export async function signIn(name: string, password: string): Promise<void> {
  welcome(await askJson<Who>("/v1/session", { method: "POST", json: { name, password } }), true);
  tellOtherTabs();
}

export async function setUp(code: string, name: string, password: string): Promise<void> {
  const json = { code, name, password, language: language() };
  welcome(await askJson<Who>("/v1/setup", { method: "POST", json }));
}

const lastActs = new Set<() => Promise<unknown>>();

/** Say what is to be done while one is still signed in. */
export function beforeSignOut(act: () => Promise<unknown>): void {
  lastActs.add(act);
}

/** Do what can only be done while one is signed in. */
export async function settle(): Promise<void> {
  await Promise.allSettled([...lastActs].map((act) => act()));
}

/** Sign out. Throws what keeps the hub from hearing of it: then one is still signed in. */
export async function signOut(): Promise<void> {
  const ended = useSession.getState().standing === "expired";
  if (!ended) await settle();
  try {
    await askJson("/v1/session", { method: "DELETE" });
  } catch (error) {
    // The cookies are good until the hub has heard of it: whoever is told otherwise leaves too soon.
    if (!ended && !(error instanceof ApiProblem && error.status === 401)) throw error;
  }
  useSession.setState({ standing: "signed-out", who: null });
  forgetAnswers();
  tellOtherTabs();
}

/** Whether a language was picked before anybody was logged in: then it is what that person wants. */
let picked = false;

/** Speak a language from now on, on this device and for this user. */
export function speakHere(wanted: string): void {
  if (!isLanguage(wanted)) return;
  speak(wanted);
  const { who, standing } = useSession.getState();
  if (!who || standing !== "signed-in") {
    picked = true;
    return;
  }
  useSession.setState({ who: { ...who, language: wanted } });
  // A wall panel changes nothing at the hub.
  if (!atLeast(who.role, "guest")) return;
  void askJson("/v1/session/language", { method: "PUT", json: { language: wanted } }).catch(
    // The page speaks it all the same; the next device asks the browser.
    () => {},
  );
}

/** Who was logged in here last: outlasts loading the page anew, as what was said and typed does. */
const LAST = "sotto-user";

/** Have somebody in; `anew`: who has just logged in. */
function welcome(who: Who, anew = false): void {
  const last = sessionStorage.getItem(LAST);
  if (last !== null && last !== who.user) {
    // What was said and typed here is another person's: nothing of it stays.
    sessionStorage.clear();
    location.reload();
  }
  sessionStorage.setItem(LAST, who.user);
  const before = useSession.getState().who;
  hubSaid(who.now);
  if (before?.user !== who.user) {
    forgetAnswers();
    // What a panel speaks is chosen on its wall: it changes nothing at the hub.
    const own = picked || (!anew && who.role === "panel" && isChosen());
    if (!own && isLanguage(who.language) && who.language !== language()) speak(who.language);
  }
  useSession.setState({ standing: "signed-in", who });
  if (picked && who.language !== language()) speakHere(language());
  picked = false;
}

const OTHER_TABS = "sotto-session";

function tellOtherTabs(): void {
  localStorage.setItem(OTHER_TABS, String(Date.now()));
}

/** Notice when another tab logs in or out. Returns how to stop. */
export function watchOtherTabs(): () => void {
  const changed = (event: StorageEvent) => {
    if (event.key === OTHER_TABS) void findOut();
  };
  addEventListener("storage", changed);
  return () => removeEventListener("storage", changed);
}
