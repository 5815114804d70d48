/** What all forms of this page share: saving, what is wrong beside its field, and leaving. */

import { type FormEvent, type ReactNode, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { attempt } from "@/components/attempt";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { sure } from "@/components/Sure";
import { Told } from "@/components/Told";
import { toast } from "@/components/toasts";
import { type Addition, add, change, type Kind, type Mistake, mistakesOf, undo } from "./api";
import { sentence } from "./words";

export interface Editing {
  /** What the hub says on a field, by its key; also on what is within it. */
  at: (key: string) => string;
  /** Forget what was said: something else is typed now. */
  clear: () => void;
  /** Show what went wrong with something that was tried with this form. */
  fail: (error: unknown) => void;
}

interface FormProps {
  kind: Kind;
  addition: Addition | null;
  /** What is kept if one saves now. */
  value: () => object;
  name: string;
  dirty: boolean;
  /** The keys whose mistakes are shown beside fields. */
  keys: readonly string[];
  onClose: () => void;
  onDone: () => void;
  children: (editing: Editing) => ReactNode;
}

/** A dialog that makes an addition, or changes one. */
export function EditDialog(props: FormProps) {
  const { kind, addition, value, name, dirty, keys, onClose, onDone, children } = props;
  const { t } = useTranslation(["tools", "frame"]);
  const form = useId();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const [mistakes, setMistakes] = useState<Mistake[]>([]);

  const fail = (error: unknown) => {
    const found = mistakesOf(error);
    setMistakes(found);
    setProblem(found.length ? "" : error instanceof Error ? error.message : String(error));
  };
  const clear = () => {
    setMistakes([]);
    setProblem("");
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    clear();
    try {
      const done = await (addition ? change(addition.id, { value: value() }) : add(kind, value()));
      onDone();
      toast(t(addition ? "edit.changed" : "edit.added", { name }), {
        undo: () => attempt(() => undo(done.undo)).then(onDone),
      });
    } catch (error) {
      fail(error);
      setBusy(false);
    }
  };
  const close = async () => {
    const question = {
      title: t("edit.leaveTitle"),
      text: t("edit.leaveText"),
      action: t("edit.leave"),
      danger: true,
    };
    if (!dirty || (await sure(question))) onClose();
  };
  const others = mistakes.filter((one) => !keys.some((key) => isAt(one, key)));

  return (
    <Dialog
      open
      title={t(`edit.${addition ? "change" : "add"}.${kind}`)}
      onClose={() => void close()}
      actions={
        <>
          <Button onClick={() => void close()}>{t("frame:cancel")}</Button>
          <Button type="submit" form={form} kind="primary" busy={busy}>
            {t(addition ? "edit.save" : "edit.make")}
          </Button>
        </>
      }
    >
      <form id={form} className="stack tools-form" onSubmit={submit} noValidate>
        {(problem || others.length > 0) && (
          <div className="notice stack tight" role="alert">
            {problem && (
              <p>
                <Told text={problem} />
              </p>
            )}
            {others.map((one) => (
              <p key={`${one.where} ${one.what}`}>
                {one.where && <code>{one.where}</code>} <Told text={sentence(one.what)} />
              </p>
            ))}
          </div>
        )}
        {children({
          at: (key) =>
            mistakes
              .filter((one) => isAt(one, key))
              .map((one) => sentence(one.what))
              .join(" "),
          clear,
          fail,
        })}
      </form>
    </Dialog>
  );
}

function isAt(mistake: Mistake, key: string): boolean {
  return mistake.where === key || mistake.where.startsWith(`${key}.`);
}
