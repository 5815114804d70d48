import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, NavLink, Outlet, useLocation } from "react-router";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { Icon } from "@/components/Icon";
import { SureDialog } from "@/components/Sure";
import { Skeleton } from "@/components/states";
import { GroundToasts } from "@/components/Toasts";
import { haveWords } from "@/i18n";
import { follow, retry, useConnection } from "@/live/live";
import { patiently } from "./installed";
import { Menu } from "./Menu";
import { PAGES, type PageEntry, pageAt } from "./pages";
import { PageBoundary } from "./places";
import { Ringing } from "./Ringing";
import { Shortcuts } from "./Shortcuts";
import { atLeast, logInAgain, useHubName, useSession } from "./session";

/** Of a phone's bar: beside the button for the others. */
const IN_BAR = 4;
/** After the first page has had all there is to itself. */
const AHEAD_MS = 3000;
/** So long the hub may be away before it is told, and so long it is told that it is back. */
const BLINK_MS = 800;
const BACK_MS = 3000;

const loadBar = () => import("@/pages/Talk/TalkBar");
const TalkBar = lazy(() => patiently(loadBar));

export function Shell() {
  const { t } = useTranslation();
  const who = useSession((session) => session.who);
  const hub = useHubName();
  const main = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  const pages = PAGES.filter((page) => atLeast(who?.role, page.least));
  const here = `/${pathname.split("/")[1]}`;
  const title = pageAt(pathname)?.name;

  useFollowing();
  useLoadedAhead(pages);
  useArrival(here, main);
  useEffect(() => {
    document.title = title ? `${t(`pages.${title}`)} · ${hub}` : hub;
  }, [title, hub, t]);

  return (
    <div className="shell">
      <a className="button primary skip" href="#content">
        {t("skip")}
      </a>
      <header>
        <Link className="brand" to="/" title={hub}>
          <img src="/icon.svg" alt="" width="30" height="30" />
          <span>{hub}</span>
        </Link>
        <Shortcuts pages={pages} />
        <Menu />
      </header>
      <Banner />
      <nav aria-label={t("navigation")}>
        <ul>
          {pages.map((page, index) => (
            <li key={page.name} className={pages.length > IN_BAR && index >= IN_BAR ? "desk" : ""}>
              <PageLink page={page} />
            </li>
          ))}
          {pages.length > IN_BAR && <Rest pages={pages.slice(IN_BAR)} here={here} />}
        </ul>
      </nav>
      <main id="content" ref={main} tabIndex={-1}>
        <PageBoundary key={here}>
          <Suspense fallback={<Skeleton lines={4} tall />}>
            <Outlet />
          </Suspense>
        </PageBoundary>
      </main>
      <GroundToasts />
      <SureDialog />
      <Suspense fallback={null}>
        <Ringing />
      </Suspense>
      {atLeast(who?.role, "guest") && here !== "/" && (
        // Of its own: another page must not wait for it.
        <Suspense fallback={null}>
          <TalkBar />
        </Suspense>
      )}
    </div>
  );
}

function PageLink({ page, onClick }: { page: PageEntry; onClick?: () => void }) {
  const { t } = useTranslation();
  const name = t(`pages.${page.name}`);
  return (
    <NavLink to={page.path} end={page.path === "/"} aria-label={name} onClick={onClick}>
      <Icon name={page.icon} size={22} />
      <span className="in-menu">{name}</span>
      <span className="in-bar">{t(`short.${page.name}`, { defaultValue: name })}</span>
    </NavLink>
  );
}

/** The pages that a phone's bar has no room for. */
function Rest({ pages, here }: { pages: PageEntry[]; here: string }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <li className="phone">
      <button
        type="button"
        aria-haspopup="dialog"
        aria-expanded={open}
        data-here={pages.some((page) => page.path === here) || undefined}
        onClick={() => setOpen(true)}
      >
        <Icon name="more" size={22} />
        {t("more")}
      </button>
      <Dialog open={open} onClose={() => setOpen(false)} title={t("navigation")}>
        <ul className="rest">
          {pages.map((page) => (
            <li key={page.name}>
              <PageLink page={page} onClick={() => setOpen(false)} />
            </li>
          ))}
        </ul>
      </Dialog>
    </li>
  );
}

/** Says that the hub is away, and for a moment that it is back. */
function Banner() {
  const { t } = useTranslation();
  const connection = useConnection();
  const [shown, setShown] = useState<"lost" | "back" | null>(null);
  const lost = connection === "lost" || connection === "signed-out";
  const open = connection === "open";
  useEffect(() => {
    if (lost) {
      // A blink is of no interest.
      const timer = setTimeout(() => setShown("lost"), BLINK_MS);
      return () => clearTimeout(timer);
    }
    if (!open) return;
    setShown((before) => (before === "lost" ? "back" : null));
    const timer = setTimeout(() => setShown(null), BACK_MS);
    return () => clearTimeout(timer);
  }, [lost, open]);
  const away = shown === "lost" && lost;
  const back = shown === "back" && !lost;
  return (
    <div role="status" className={away ? "banner" : back ? "banner good" : "visually-hidden"}>
      {away && (
        <>
          <Icon name="offline" />
          <span className="grow">{t(`connection.${connection}`)}</span>
          <Button onClick={retry}>{t("retry")}</Button>
        </>
      )}
      {back && (
        <>
          <Icon name="check" />
          <span className="grow">{t("connection.back")}</span>
        </>
      )}
    </div>
  );
}

/** Stay connected; when the session has ended, go on with the next one. */
function useFollowing(): void {
  const user = useSession((session) => session.who?.user);
  const [round, setRound] = useState(0);
  const connection = useConnection();
  useEffect(() => follow(), [user, round]);
  useEffect(() => {
    if (connection !== "signed-out") return;
    void logInAgain().then((again) => again && setRound((one) => one + 1));
  }, [connection]);
}

/** The other pages are there before one goes to them, and while the hub is away. */
function useLoadedAhead(pages: PageEntry[]): void {
  const latest = useRef(pages);
  latest.current = pages;
  useEffect(() => {
    const timer = setTimeout(async () => {
      // One after another; one that fails is loaded when it is opened.
      for (const page of latest.current) await page.load().catch(() => {});
      await loadBar().catch(() => {});
      await haveWords();
    }, AHEAD_MS);
    return () => clearTimeout(timer);
  }, []);
}

/** Whoever goes to another page is there: with the keyboard and with a screen reader too. */
function useArrival(here: string, main: React.RefObject<HTMLElement | null>): void {
  const before = useRef(here);
  useEffect(() => {
    if (before.current === here) return;
    before.current = here;
    main.current?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }, [here, main]);
}
