import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Button, IconButton } from "./Button";
import { useGround } from "./layers";
import { Told } from "./Told";
import { dismiss, keep, type Toast, useToasts } from "./toasts";
import "./Toasts.css";

/** Where toasts appear: in the frame, and over every open dialog; in one of these at a time. */
export function Toasts({ shown }: { shown: boolean }) {
  const toasts = useToasts((state) => state.toasts);
  const one = (toast: Toast) => <OneToast key={toast.id} toast={toast} />;
  const of = (kind: Toast["kind"]) => (shown ? toasts.filter((all) => all.kind === kind) : []);
  return (
    <div className="toasts">
      <div role="status">{of("plain").map(one)}</div>
      <div role="alert">{of("bad").map(one)}</div>
    </div>
  );
}

/** Those of the frame. */
export function GroundToasts() {
  return <Toasts shown={useGround()} />;
}

function OneToast({ toast }: { toast: Toast }) {
  const { t } = useTranslation();
  const latest = useRef(toast);
  // It may go to another layer under the pointer, which then never leaves it.
  useEffect(() => () => keep(latest.current, false), []);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only stays while it is read.
    <div
      className={`toast ${toast.kind}`}
      onPointerEnter={() => keep(toast, true)}
      onPointerLeave={() => keep(toast, false)}
      onFocus={() => keep(toast, true)}
      onBlur={() => keep(toast, false)}
    >
      <span className="grow">
        <Told text={toast.text} />
      </span>
      {toast.undo && (
        <Button
          icon="undo"
          aria-keyshortcuts="u"
          onClick={() => {
            dismiss(toast.id);
            toast.undo?.();
          }}
        >
          {t("undo")}
        </Button>
      )}
      <IconButton label={t("close")} icon="close" onClick={() => dismiss(toast.id)} />
    </div>
  );
}
