import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from "react";

interface VirtualListProps<T> {
  label: string;
  items: readonly T[];
  keyOf: (item: T) => string;
  children: (item: T, index: number) => ReactNode;
  /** About how tall an item is; each is measured once it is seen. */
  height: number;
  gap?: number;
  /** Somebody sees the end: there may be more to load. */
  onEnd?: () => void;
}

const OVERSCAN = 8;

/** A list of any length that scrolls with the page: only what is seen is drawn. */
export function VirtualList<T>({
  label,
  items,
  keyOf,
  children,
  height,
  gap = 0,
  onEnd,
}: VirtualListProps<T>) {
  const list = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  // What stands above may have grown.
  useLayoutEffect(() => {
    if (list.current) setTop(Math.round(list.current.getBoundingClientRect().top + window.scrollY));
  });
  const virtual = useWindowVirtualizer({
    count: items.length,
    estimateSize: () => height,
    overscan: OVERSCAN,
    gap,
    scrollMargin: top,
    getItemKey: (index) => {
      const item = items[index];
      return item === undefined ? index : keyOf(item);
    },
  });
  const rows = virtual.getVirtualItems();
  const seen = rows.at(-1)?.index ?? -1;
  useEffect(() => {
    if (items.length > 0 && seen >= items.length - OVERSCAN) onEnd?.();
  }, [seen, items.length, onEnd]);

  return (
    // biome-ignore lint/a11y/useSemanticElements: items of a <ul> may stand in it only.
    <div
      ref={list}
      role="list"
      aria-label={label}
      style={{ position: "relative", height: virtual.getTotalSize() }}
    >
      {rows.map((row) => {
        const item = items[row.index];
        return item === undefined ? null : (
          // biome-ignore lint/a11y/useSemanticElements: as above.
          <div
            key={row.key}
            role="listitem"
            ref={virtual.measureElement}
            data-index={row.index}
            aria-setsize={items.length}
            aria-posinset={row.index + 1}
            style={{
              position: "absolute",
              insetInline: 0,
              top: 0,
              transform: `translateY(${row.start - top}px)`,
            }}
          >
            {children(item, row.index)}
          </div>
        );
      })}
    </div>
  );
}
