import { useEffect, useRef } from "react";
import { useLayer } from "./layers";
import { Toasts } from "./Toasts";
import "./Over.css";

/**
 * What is shown over an open dialog, and is a part of it: whatever lies outside can not be reached.
 * Its places are there before what they show, for a screen reader tells only what changes in what
 * it knows.
 */
export function Over({ id }: { id: string }) {
  const over = useRef<HTMLDivElement>(null);
  const urgent = useRef<HTMLDivElement>(null);
  const onTop = useLayer(id, urgent);

  // In the layer over all others nothing of the dialog clips it. What comes last is on top: the
  // dialog itself is there by now.
  useEffect(() => {
    const shown = over.current;
    if (!shown?.showPopover) return;
    shown.showPopover();
    return () => {
      if (shown.isConnected) shown.hidePopover();
    };
  }, []);
  return (
    <div ref={over} className="over" popover="manual">
      <div className="urgent">
        <div ref={urgent} role="alert" />
      </div>
      <Toasts shown={onTop} />
    </div>
  );
}
