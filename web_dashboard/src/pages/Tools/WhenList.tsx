import { useTranslation } from "react-i18next";
import { Empty } from "@/components/states";
import type { Made, When } from "./api";
import { AddButton, FromFile, type ListProps, OwnActs, Problem } from "./Own";

/** What is done when something happens. */
export function WhenList({
  own,
  inFile,
  acts,
  onEdit,
}: ListProps<Made<"when">> & { inFile: readonly When[] }) {
  const { t } = useTranslation("tools");
  const add = <AddButton label={t("edit.add.when")} onClick={() => onEdit(null)} />;
  if (own.length + inFile.length === 0)
    return <Empty icon="bell" title={t("whens.none")} text={t("whens.noneText")} action={add} />;
  return (
    <>
      <div className="row end">{add}</div>
      <ul className="lines">
        {own.map((one) => (
          <li key={one.id} className="stack tight">
            <div className="row">
              <Sentence when={one.value} />
              <OwnActs one={one} name={one.name} acts={acts} onEdit={onEdit} />
            </div>
            <Problem one={one} />
          </li>
        ))}
        {inFile.map((when, index) => (
          <li key={index} className="row">
            <Sentence when={when} />
            <FromFile file="tools.toml" />
          </li>
        ))}
      </ul>
    </>
  );
}

function Sentence({ when }: { when: When }) {
  const { t } = useTranslation("tools");
  return (
    <p className="grow">
      {t("whens.when", {
        device: when.device,
        what: [when.subtype, when.type].filter(Boolean).join(" "),
      })}{" "}
      →{" "}
      <strong>
        {when.listen
          ? t("whens.listen", { where: when.satellite ?? when.room ?? t("whens.room") })
          : `“${when.command}”`}
      </strong>
      {!when.listen && when.room && <span className="quiet"> · {when.room}</span>}
    </p>
  );
}
