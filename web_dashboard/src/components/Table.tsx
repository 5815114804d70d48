import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from "react";
import "./Table.css";

export interface Column<T> {
  id: string;
  head: ReactNode;
  cell: (row: T) => ReactNode;
  /** A width of CSS grid, like "8rem" or "2fr". */
  width?: string;
  /** Numbers stand at the right. */
  number?: boolean;
  /** It is left out on a phone. */
  desk?: boolean;
}

interface TableProps<T> {
  label: string;
  columns: readonly Column<T>[];
  rows: readonly T[];
  keyOf: (row: T) => string;
  onOpen?: (row: T) => void;
  /** Somebody sees the end: there may be more to load. */
  onEnd?: () => void;
  height?: string;
  rowHeight?: number;
}

const OVERSCAN = 10;
const ROW_PX = 44;

/** A table of any length: only the rows that are seen are drawn. Arrow keys go through them. */
export function Table<T>({
  label,
  columns,
  rows,
  keyOf,
  onOpen,
  onEnd,
  height = "32rem",
  rowHeight = ROW_PX,
}: TableProps<T>) {
  const frame = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => frame.current,
    estimateSize: () => rowHeight,
    overscan: OVERSCAN,
    getItemKey: (index) => {
      const row = rows[index];
      return row === undefined ? index : keyOf(row);
    },
  });
  const shown = virtual.getVirtualItems();
  const seen = shown.at(-1)?.index ?? -1;
  useEffect(() => {
    if (rows.length > 0 && seen >= rows.length - OVERSCAN) onEnd?.();
  }, [seen, rows.length, onEnd]);

  const template = columns.map((column) => column.width ?? "1fr").join(" ");
  const desk = columns
    .filter((column) => !column.desk)
    .map((column) => column.width ?? "1fr")
    .join(" ");
  const onKey = (event: KeyboardEvent<HTMLDivElement>, index: number, row: T) => {
    const to = { ArrowDown: index + 1, ArrowUp: index - 1 }[event.key];
    if (event.target !== event.currentTarget) return;
    if (to !== undefined && to >= 0 && to < rows.length) {
      event.preventDefault();
      virtual.scrollToIndex(to);
      requestAnimationFrame(() =>
        frame.current?.querySelector<HTMLElement>(`[data-index="${to}"]`)?.focus(),
      );
    } else if (event.key === "Enter" && onOpen) {
      event.preventDefault();
      onOpen(row);
    }
  };

  return (
    // biome-ignore-start lint/a11y/useSemanticElements: rows of a <table> can not be placed.
    // biome-ignore-start lint/a11y/useFocusableInteractive: rows and heads only say what they are.
    <div
      ref={frame}
      className="table"
      role="table"
      aria-label={label}
      aria-rowcount={rows.length + 1}
      style={
        { maxHeight: height, "--columns": template, "--columns-phone": desk } as React.CSSProperties
      }
    >
      <div role="rowgroup" className="table-head">
        <div role="row" className="table-row" aria-rowindex={1}>
          {columns.map((column) => (
            <div key={column.id} role="columnheader" className={classes(column)}>
              {column.head}
            </div>
          ))}
        </div>
      </div>
      <div role="rowgroup" style={{ position: "relative", height: virtual.getTotalSize() }}>
        {shown.map((place) => {
          const row = rows[place.index];
          return row === undefined ? null : (
            <div
              key={place.key}
              role="row"
              className={onOpen ? "table-row opens" : "table-row"}
              ref={virtual.measureElement}
              data-index={place.index}
              aria-rowindex={place.index + 2}
              tabIndex={onOpen ? 0 : -1}
              onClick={() => onOpen?.(row)}
              onKeyDown={(event) => onKey(event, place.index, row)}
              style={{ position: "absolute", transform: `translateY(${place.start}px)` }}
            >
              {columns.map((column) => (
                <div key={column.id} role="cell" className={classes(column)}>
                  {column.cell(row)}
                </div>
              ))}
            </div>
          );
        })}
      </div>
    </div>
    // biome-ignore-end lint/a11y/useFocusableInteractive: rows and heads only say what they are.
    // biome-ignore-end lint/a11y/useSemanticElements: rows of a <table> can not be placed.
  );
}

function classes<T>(column: Column<T>): string {
  return [column.number && "number", column.desk && "desk"].filter(Boolean).join(" ");
}
