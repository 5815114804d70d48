import { useTranslation } from "react-i18next";
import { ask } from "@/api/client";
import { attempt } from "@/components/attempt";
import { IconButton } from "@/components/Button";
import { useBelief } from "@/live/useBelief";
import type { Row } from "./entries";
import { check, putBack } from "./putting";
import { itemsOf } from "./types";

/** Something on a list: checked off with a touch. */
export function ListRow({ list, row, member }: { list: string; row: Row; member: boolean }) {
  const { t } = useTranslation("timers");
  const [done, believe] = useBelief(row.done);
  const path = `${itemsOf(list)}/${row.id}`;
  const set = (wanted: boolean) => () => check(list, row.id, wanted);
  const remove = () =>
    attempt(() => ask(path, { method: "DELETE" }), {
      done: t("removed", { text: row.text }),
      undo: () => putBack(list, [row]),
    });
  return (
    <li className={done ? "item over" : "item"}>
      <label className="grow">
        <input
          type="checkbox"
          checked={done}
          disabled={!member}
          onChange={(event) => {
            const wanted = event.target.checked;
            believe(wanted);
            void attempt(set(wanted), {
              rollback: () => believe(undefined),
              ...(wanted ? { done: t("checked", { text: row.text }), undo: set(false) } : {}),
            });
          }}
        />
        <span>{row.text}</span>
      </label>
      {member && (
        <IconButton
          icon="close"
          label={t("takeOff", { text: row.text })}
          onClick={() => void remove()}
        />
      )}
    </li>
  );
}
