import { type ReactNode, useId, useLayoutEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "./Button";
import { Over } from "./Over";
import "./Dialog.css";

interface DialogProps {
  open: boolean;
  onClose: () => void;
  title: ReactNode;
  children: ReactNode;
  /** The buttons at its end. */
  actions?: ReactNode;
  /** At the side of a desk's screen, over all of a phone's: to look at, rather than to fill in. */
  side?: boolean;
  /** A click beside it does not close it: what it shows is shown once. */
  stays?: boolean;
}

/** Over the page, which waits: the browser keeps the focus in it, and gives it back. */
export function Dialog({ open, ...rest }: DialogProps) {
  return open ? <Modal {...rest} /> : null;
}

function Modal({
  onClose,
  title,
  children,
  actions,
  side = false,
  stays = false,
}: Omit<DialogProps, "open">) {
  const { t } = useTranslation();
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();

  // Before it leaves the page: one that is gone can not give the focus back.
  useLayoutEffect(() => {
    const shown = dialog.current;
    if (!shown) return;
    shown.showModal();
    beginning(shown)?.focus();
    return () => shown.close();
  }, []);

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the key is Escape, which the browser knows.
    <dialog
      ref={dialog}
      className={side ? "dialog side" : "dialog"}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === dialog.current && !stays) onClose();
      }}
    >
      <div className="dialog-body">
        <div className="row">
          <h2 id={id} className="grow" tabIndex={-1}>
            {title}
          </h2>
          <IconButton label={t("close")} icon="close" onClick={onClose} />
        </div>
        {children}
        {actions && <div className="row end">{actions}</div>}
      </div>
      <Over id={id} />
    </dialog>
  );
}

/** What one fills in; a switch or a slider changes something at once, and is no beginning. */
const FIELDS = ["input", "textarea", "select"]
  .map((tag) => `${tag}:not(:disabled, [type=checkbox], [type=range], [type=file], [type=hidden])`)
  .join();

/** Where one begins: what is marked as first, the first field, or else the title. */
function beginning(dialog: HTMLElement): HTMLElement | null {
  const marked = dialog.querySelector<HTMLElement>("[data-first]");
  const field = dialog.matches(".side") ? null : dialog.querySelector<HTMLElement>(FIELDS);
  return marked ?? field ?? dialog.querySelector("h2");
}
