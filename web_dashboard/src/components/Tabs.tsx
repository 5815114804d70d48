import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import "./Tabs.css";

export interface Tab {
  id: string;
  label: ReactNode;
  content: ReactNode;
}

interface TabsProps {
  label: string;
  tabs: readonly Tab[];
  /** Which one is open; without it, the tabs know by themselves. */
  open?: string;
  onOpen?: (id: string) => void;
}

export function Tabs({ label, tabs, open, onOpen }: TabsProps) {
  const [own, setOwn] = useState(tabs[0]?.id);
  const base = useId();
  const list = useRef<HTMLDivElement>(null);
  const wanted = open ?? own;
  const current = tabs.find((tab) => tab.id === wanted) ?? tabs[0];

  // On a phone the row scrolls; the page itself must not.
  useEffect(() => {
    const row = list.current;
    const chosen = document.getElementById(`${base}-${current?.id}`);
    if (!row || !chosen) return;
    const [all, one] = [row.getBoundingClientRect(), chosen.getBoundingClientRect()];
    if (one.left < all.left || one.right > all.right)
      row.scrollLeft += (one.left + one.right - all.left - all.right) / 2;
  }, [base, current?.id]);

  const go = (id: string) => {
    setOwn(id);
    onOpen?.(id);
  };
  const onKey = (event: KeyboardEvent) => {
    const at = tabs.findIndex((tab) => tab.id === current?.id);
    const to = {
      ArrowRight: (at + 1) % tabs.length,
      ArrowLeft: (at - 1 + tabs.length) % tabs.length,
      Home: 0,
      End: tabs.length - 1,
    }[event.key];
    const tab = to === undefined ? undefined : tabs[to];
    if (!tab || to === undefined) return;
    event.preventDefault();
    go(tab.id);
    list.current?.querySelectorAll<HTMLElement>("[role=tab]")[to]?.focus();
  };

  return (
    <div className="stack">
      <div ref={list} className="tabs" role="tablist" aria-label={label} onKeyDown={onKey}>
        {tabs.map((tab) => (
          <button
            key={tab.id}
            type="button"
            role="tab"
            id={`${base}-${tab.id}`}
            aria-selected={tab.id === current?.id}
            aria-controls={tab.id === current?.id ? `${base}-panel` : undefined}
            tabIndex={tab.id === current?.id ? 0 : -1}
            onClick={() => go(tab.id)}
          >
            {tab.label}
          </button>
        ))}
      </div>
      {current && (
        <div
          key={current.id}
          role="tabpanel"
          id={`${base}-panel`}
          aria-labelledby={`${base}-${current.id}`}
          className="stack"
        >
          {current.content}
        </div>
      )}
    </div>
  );
}
