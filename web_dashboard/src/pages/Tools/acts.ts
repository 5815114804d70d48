/** What is done with an addition from its line: at once to see, and to be undone. */

import { useTranslation } from "react-i18next";
import type { Resource } from "@/api/useResource";
import { attempt } from "@/components/attempt";
import { toast } from "@/components/toasts";
import { type Addition, type Additions, arrange, change, type Kind, remove, undo } from "./api";

export interface Acts {
  toggle: (one: Addition, enabled: boolean) => void;
  remove: (one: Addition) => void;
  /** Put one of a kind a place further to the front (-1) or back (1). */
  move: (one: Addition, by: -1 | 1) => void;
}

export function useActs(additions: Resource<Additions>, again: () => void): Acts {
  const { t } = useTranslation("tools");
  const put = (change: (items: Addition[]) => Addition[]) =>
    additions.put((all) => ({ ...all, items: change(all.items) }));

  const act = (work: () => Promise<{ undo: string }>, done: string) =>
    attempt(
      async () => {
        const { undo: step } = await work();
        again();
        toast(done, {
          undo: () => attempt(() => undo(step), { rollback: again }).then(again),
        });
      },
      { rollback: again },
    );

  const called = (one: Addition) =>
    one.kind === "rule" ? t("rules.called", { ruling: t(`rules.${one.value.then}`) }) : one.name;

  return {
    toggle: (one, enabled) => {
      put((items) => items.map((it) => (it.id === one.id ? { ...it, enabled } : it)));
      const word = enabled ? "edit.switchedOn" : "edit.switchedOff";
      void act(() => change(one.id, { enabled }), t(word, { name: called(one) }));
    },
    remove: (one) => {
      put((items) => items.filter((it) => it.id !== one.id));
      void act(() => remove(one.id), t("edit.removed", { name: called(one) }));
    },
    move: (one, by) => {
      const ids = moved(additions.data?.items ?? [], one, by);
      if (!ids) return;
      put((items) => placed(items, one.kind as Kind, ids));
      void act(() => arrange(one.kind as Kind, ids), t("edit.arranged"));
    },
  };
}

/** Return the ids of a kind with one of them moved; null where it is at the end already. */
export function moved(items: readonly Addition[], one: Addition, by: -1 | 1): string[] | null {
  const ids = items.filter((it) => it.kind === one.kind).map((it) => it.id);
  const from = ids.indexOf(one.id);
  const to = from + by;
  if (from === -1 || to < 0 || to >= ids.length) return null;
  ids.splice(from, 1);
  ids.splice(to, 0, one.id);
  return ids;
}

/** Return all with those of a kind in an order. */
export function placed(items: Addition[], kind: Kind, ids: readonly string[]): Addition[] {
  const rank = (one: Addition) => ids.indexOf(one.id);
  const sorted = items
    .filter((one) => one.kind === kind)
    .sort((one, other) => rank(one) - rank(other));
  let next = 0;
  return items.map((one) => (one.kind === kind ? (sorted[next++] ?? one) : one));
}
