import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Button } from "@/components/Button";
import { Empty, ErrorState, Skeleton } from "@/components/states";
import { useFormat, withCountry } from "@/i18n/format";
import { Filters } from "./Filters";
import { personOf, placeOf } from "./place";
import { useHidden } from "./removals";
import { ANY, dayName, first, look, more, rows, useSearch } from "./search";
import type { Conversation } from "./types";

const DAY_PX = 40;
const ROW_PX = 68;
const AHEAD = 15;

let place = 0;

export function List({ open }: { open: string | undefined }) {
  const { t, i18n } = useTranslation("conversations");
  const { items, next, status, problem, wanted } = useSearch();
  const hidden = useHidden((state) => state.hidden);
  const shown = useMemo(() => rows(items, hidden), [items, hidden]);
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (shown[index] && "day" in shown[index] ? DAY_PX : ROW_PX),
    overscan: 8,
  });
  const visible = virtual.getVirtualItems();
  const last = visible.at(-1)?.index ?? 0;

  useEffect(() => {
    if (next && last >= shown.length - AHEAD) void more();
  }, [next, last, shown.length]);

  // On a phone one conversation hides the list: it comes back where it was.
  useLayoutEffect(() => {
    if (!open && scroller.current) scroller.current.scrollTop = place;
  }, [open]);

  const anything = JSON.stringify(wanted) === JSON.stringify(ANY);
  return (
    <>
      <Filters />
      {status === "failed" ? (
        <ErrorState problem={problem} again={() => void first()} />
      ) : status === "loading" && !items.length ? (
        <Skeleton lines={5} tall />
      ) : !shown.length ? (
        <Empty
          icon={anything ? "conversations" : "search"}
          title={t(anything ? "empty.title" : "nothing.title")}
          text={t(anything ? "empty.text" : "nothing.text")}
          action={!anything && <Button onClick={() => look(ANY, 0)}>{t("nothing.all")}</Button>}
        />
      ) : (
        <div
          ref={scroller}
          className="conversations-scroller"
          aria-busy={status === "loading"}
          onScroll={(event) => {
            if (event.currentTarget.offsetHeight) place = event.currentTarget.scrollTop;
          }}
        >
          <ul style={{ height: virtual.getTotalSize() }}>
            {visible.map(({ index, start, size }) => {
              const row = shown[index];
              if (!row) return null;
              const style = { transform: `translateY(${start}px)`, height: size };
              return "day" in row ? (
                <li key={`day-${row.day}`} className="conversations-day" style={style}>
                  <h2>{dayName(new Date(row.day), withCountry(i18n.language))}</h2>
                </li>
              ) : (
                <li key={row.conversation.id} style={style}>
                  <Entry conversation={row.conversation} open={row.conversation.id === open} />
                </li>
              );
            })}
          </ul>
        </div>
      )}
      <p className="visually-hidden" role="status">
        {status === "ready" &&
          t(next ? "foundMore" : "found", { count: shown.filter((row) => !("day" in row)).length })}
      </p>
    </>
  );
}

function Entry({ conversation, open }: { conversation: Conversation; open: boolean }) {
  const { t } = useTranslation("conversations");
  const { time } = useFormat();
  const { failed, turns, outcome } = conversation;
  const words = conversation.transcript ?? conversation.answer;
  return (
    <Link
      to={`/conversations/${encodeURIComponent(conversation.id)}`}
      className="conversations-entry"
      aria-current={open ? "true" : undefined}
    >
      <span className="conversations-words">
        {words ?? t(`outcome.${outcome}`, { defaultValue: outcome })}
      </span>
      <span className="conversations-about">
        <time dateTime={conversation.last}>{time(conversation.last)}</time>
        <span>{placeOf(conversation, t)}</span>
        {personOf(conversation) && <span>{personOf(conversation)}</span>}
        {turns > 1 && <span>{t("turns", { count: turns })}</span>}
        {failed > 0 && <span className="conversations-bad">{t("bad", { count: failed })}</span>}
      </span>
    </Link>
  );
}
