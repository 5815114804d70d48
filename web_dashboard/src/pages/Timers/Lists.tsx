import { type FormEvent, useId, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { ask } from "@/api/client";
import { atLeast, useSession } from "@/app/session";
import { attempt } from "@/components/attempt";
import { Button } from "@/components/Button";
import { Skeleton } from "@/components/states";
import { Tabs } from "@/components/Tabs";
import { formatsNow } from "@/i18n/format";
import { useLive, useLiveStore } from "@/live/live";
import { entriesOf, type Row, rowsOf, tooMuch } from "./entries";
import { ListRow } from "./ListRow";
import { put, putBack } from "./putting";
import { type Item, itemsOf, type List } from "./types";

const SHOPPING = "shopping";
const TASKS = "todo:usual";

/** Shopping and to-do lists, one beside the other. */
export function Lists() {
  const { t } = useTranslation("timers");
  const things = useLive<List>("lists");
  const known = useLiveStore((live) => "lists" in live.topics);
  const lists = inOrder(things);
  const name = (id: string, list: List) =>
    id === SHOPPING ? t("list.shopping") : id === TASKS ? t("list.tasks") : list.name;
  return (
    <section className="stack" aria-label={t("lists")}>
      <h2>{t("lists")}</h2>
      {known && lists.length > 0 ? (
        <Tabs
          label={t("lists")}
          tabs={lists.map(([id, list]) => ({
            id,
            label: list.open > 0 ? `${name(id, list)} (${list.open})` : name(id, list),
            content: <OneList key={id} id={id} list={list} />,
          }))}
        />
      ) : (
        <Skeleton lines={3} />
      )}
    </section>
  );
}

/** The shopping list first, then what is to be done, then the others by their names. */
function inOrder(lists: Record<string, List>): [string, List][] {
  const place = (id: string) => [TASKS, SHOPPING].indexOf(id);
  return Object.entries(lists).sort(
    ([one, { name }], [other, { name: otherName }]) =>
      place(other) - place(one) || formatsNow().compare(name, otherName),
  );
}

function OneList({ id, list }: { id: string; list: List }) {
  const { t } = useTranslation("timers");
  const member = useSession((session) => atLeast(session.who?.role, "member"));
  const items = useLive<Item>("list_items");
  const rows = useMemo(() => rowsOf(items, id), [items, id]);
  const open = rows.filter((row) => !row.done);
  const done = rows.filter((row) => row.done);
  return (
    <div className="card stack">
      {member && <Adding list={id} />}
      {open.length === 0 && <p className="quiet">{t(done.length > 0 ? "allDone" : "empty")}</p>}
      <ul className="items">
        {open.map((row) => (
          <ListRow key={row.id} list={id} row={row} member={member} />
        ))}
      </ul>
      {done.length > 0 && (
        <details>
          <summary>{t("done", { count: list.done })}</summary>
          <ul className="items">
            {done.map((row) => (
              <ListRow key={row.id} list={id} row={row} member={member} />
            ))}
          </ul>
          {member && (
            <Button kind="quiet" icon="trash" onClick={() => void clear(id, done, t("cleared"))}>
              {t("clear")}
            </Button>
          )}
        </details>
      )}
    </div>
  );
}

/** Put things on a list: several with commas, or one per line. */
function Adding({ list }: { list: string }) {
  const { t } = useTranslation("timers");
  const [text, setText] = useState("");
  const told = useId();
  const bad = tooMuch(text);
  const add = async (event: FormEvent) => {
    event.preventDefault();
    if (bad) return;
    const items = entriesOf(text);
    if (items.length === 0) return;
    setText("");
    // What was typed is not lost where it can not be put on.
    if (!(await attempt(() => put(list, items)))) setText((typed) => typed || text);
  };
  return (
    <form className="adding" onSubmit={add}>
      <label className="grow">
        <span className="visually-hidden">{t("addItems")}</span>
        <input
          className="input"
          aria-describedby={bad ? told : undefined}
          aria-invalid={bad ? true : undefined}
          value={text}
          placeholder={t("addItems")}
          enterKeyHint="done"
          onChange={(event) => setText(event.target.value)}
          onPaste={(event) => {
            const pasted = event.clipboardData.getData("text");
            if (!pasted.includes("\n")) return;
            event.preventDefault();
            setText((before) => [before, ...entriesOf(pasted)].filter(Boolean).join(", "));
          }}
        />
      </label>
      <Button type="submit" kind="primary" icon="add" disabled={!text.trim() || bad !== null}>
        {t("addThem")}
      </Button>
      {bad && (
        <span id={told} className="error" role="alert">
          {t(bad.key, { most: bad.most, text: bad.text })}
        </span>
      )}
    </form>
  );
}

async function clear(list: string, done: readonly Row[], words: string): Promise<void> {
  await attempt(() => ask(`${itemsOf(list)}?done=true`, { method: "DELETE" }), {
    done: words,
    undo: () => putBack(list, done),
  });
}
