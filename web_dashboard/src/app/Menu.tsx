import { useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { attempt } from "@/components/attempt";
import { Badge } from "@/components/Badge";
import { Button, IconButton } from "@/components/Button";
import { useConnection } from "@/live/live";
import { LanguageSelect, ThemeSelect } from "./choices";
import { signOut, useSession } from "./session";

const TONES = { connecting: "plain", open: "good", lost: "warn", "signed-out": "warn" } as const;

/** Who is logged in, and what is chosen on this device. */
export function Menu() {
  const { t } = useTranslation();
  const who = useSession((session) => session.who);
  const connection = useConnection();
  const [open, setOpen] = useState(false);
  const [leaving, setLeaving] = useState(false);
  const menu = useRef<HTMLDivElement>(null);
  const id = useId();

  useEffect(() => {
    if (!open) return;
    const outside = (event: Event) => {
      if (!menu.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener("pointerdown", outside);
    document.addEventListener("focusin", outside);
    return () => {
      document.removeEventListener("pointerdown", outside);
      document.removeEventListener("focusin", outside);
    };
  }, [open]);

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape closes what its button opened.
    <div
      ref={menu}
      className="menu"
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !open) return;
        setOpen(false);
        menu.current?.querySelector("button")?.focus();
      }}
    >
      <IconButton
        icon="user"
        label={t("you", { name: who?.name ?? "" })}
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
      />
      {open && (
        <div id={id} className="menu-panel">
          <div className="row">
            <strong className="grow">{who?.name}</strong>
            <Badge>{who && t(`roles.${who.role}`)}</Badge>
          </div>
          <div>
            <Badge tone={TONES[connection]} dot>
              {t(`connection.${connection}`)}
            </Badge>
          </div>
          <LanguageSelect />
          <ThemeSelect />
          <Button
            icon="leave"
            busy={leaving}
            onClick={() => {
              setLeaving(true);
              void attempt(signOut).then((done) => done || setLeaving(false));
            }}
          >
            {t("signOut")}
          </Button>
        </div>
      )}
    </div>
  );
}
