import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { IconButton } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { Switch } from "@/components/Switch";
import { undoLast } from "@/components/toasts";
import type { PageEntry } from "./pages";

/** For so long a g waits for its second key. */
const SECOND_KEY_MS = 1500;
const OFF = "sotto-no-shortcuts";

/** Keys that go to pages, and the sheet that lists them. Where one types, keys are letters. */
export function Shortcuts({ pages }: { pages: PageEntry[] }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [sheet, setSheet] = useState(false);
  const [on, setOn] = useState(() => localStorage.getItem(OFF) === null);
  const went = useRef(0);
  const talks = pages.some((page) => page.name === "talk");

  useEffect(() => {
    if (!on) return;
    const pressed = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || types(event.target)) return;
      if (event.key === "u" && undoLast()) return event.preventDefault();
      if (document.querySelector("dialog[open]")) return;
      const second = event.timeStamp - went.current < SECOND_KEY_MS;
      went.current = 0;
      const page = second ? pages.find((one) => one.key === event.key) : undefined;
      if (page) void navigate(page.path);
      else if (event.key === "g") went.current = event.timeStamp;
      else if (event.key === "?") setSheet(true);
      else if (event.key === "/") {
        const search = document.querySelector<HTMLElement>("[data-search]");
        if (!search) return;
        search.focus();
      } else return;
      event.preventDefault();
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, [on, pages, navigate]);

  const turn = (wanted: boolean) => {
    if (wanted) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
    setOn(wanted);
  };
  return (
    <>
      <IconButton
        className="for-keyboards"
        icon="keyboard"
        label={t("shortcuts.title")}
        onClick={() => setSheet(true)}
      />
      <Dialog open={sheet} onClose={() => setSheet(false)} title={t("shortcuts.title")}>
        <dl className="shortcuts">
          {pages.map((page) => (
            <div key={page.name} style={{ display: "contents" }}>
              <dt>
                <kbd>g</kbd> <kbd>{page.key}</kbd>
              </dt>
              <dd>{t(`pages.${page.name}`)}</dd>
            </div>
          ))}
          {talks && (
            <>
              <dt>
                <kbd>{t("shortcuts.space")}</kbd>
              </dt>
              <dd>{t("shortcuts.hold")}</dd>
            </>
          )}
          <dt>
            <kbd>/</kbd>
          </dt>
          <dd>{t("shortcuts.search")}</dd>
          <dt>
            <kbd>u</kbd>
          </dt>
          <dd>{t("shortcuts.undo")}</dd>
          <dt>
            <kbd>?</kbd>
          </dt>
          <dd>{t("shortcuts.sheet")}</dd>
          <dt>
            <kbd>Esc</kbd>
          </dt>
          <dd>{t(talks ? "shortcuts.stop" : "close")}</dd>
        </dl>
        <Switch
          label={t("shortcuts.on")}
          hint={t("shortcuts.onHint")}
          checked={on}
          onChange={turn}
        />
      </Dialog>
    </>
  );
}

function types(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}
