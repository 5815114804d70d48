/** What lines of things made here have in common. */

import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Badge } from "@/components/Badge";
import { Button, IconButton } from "@/components/Button";
import { Switch } from "@/components/Switch";
import { Told } from "@/components/Told";
import { hubSays } from "@/i18n/hub";
import type { Acts } from "./acts";
import type { Addition } from "./api";
import { sentence } from "./words";

/** What a list of this page is given. */
export interface ListProps<A extends Addition> {
  own: readonly A[];
  acts: Acts;
  /** Null: a new one. */
  onEdit: (one: A | null) => void;
}

/** The buttons of something that was made here. */
export function OwnActs<A extends Addition>({
  one,
  name,
  acts,
  onEdit,
  children,
}: {
  one: A;
  /** What a screen reader calls it. */
  name: string;
  acts: Acts;
  onEdit: (one: A) => void;
  children?: ReactNode;
}) {
  const { t } = useTranslation("tools");
  return (
    <span className="row tools-acts">
      {children}
      <IconButton icon="edit" label={t("edit.edit", { name })} onClick={() => onEdit(one)} />
      <IconButton
        icon="trash"
        label={t("edit.remove", { name })}
        onClick={() => acts.remove(one)}
      />
      <Switch
        bare
        label={t("edit.inForce", { name })}
        checked={one.enabled}
        onChange={(enabled) => acts.toggle(one, enabled)}
      />
    </span>
  );
}

/** Says that something stands in a file, which is its owner's to edit. */
export function FromFile({ file }: { file: string }) {
  const { t } = useTranslation("tools");
  return <Badge>{t("fromFile", { file })}</Badge>;
}

/** Why nothing comes of it. */
export function Problem({ one }: { one: Addition }) {
  const { t } = useTranslation("tools");
  if (!one.enabled) return <Badge>{t("edit.off")}</Badge>;
  if (!one.problem) return null;
  return (
    <p className="notice warn small">
      <Told text={sentence(hubSays(one.problem, one.words))} />
    </p>
  );
}

export function AddButton({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <Button kind="primary" icon="add" onClick={onClick}>
      {label}
    </Button>
  );
}
