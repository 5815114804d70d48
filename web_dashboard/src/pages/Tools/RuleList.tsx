import { useTranslation } from "react-i18next";
import { Badge } from "@/components/Badge";
import { IconButton } from "@/components/Button";
import type { Made, Rule } from "./api";
import { AddButton, FromFile, type ListProps, OwnActs, Problem } from "./Own";
import { dayName } from "./rule";

const TONES = { allow: "good", confirm: "warn", refuse: "bad" } as const;
const CONDITIONS = ["tools", "verbs", "domains", "devices", "rooms", "persons"] as const;

/** The rules in the order in which they are asked: those made here, then those of the file. */
export function RuleList({
  own,
  inFile,
  acts,
  onEdit,
}: ListProps<Made<"rule">> & { inFile: readonly Rule[] }) {
  const { t } = useTranslation("tools");
  return (
    <>
      <div className="row tools-head">
        <p className="quiet grow">{t("rules.text")}</p>
        <AddButton label={t("edit.add.rule")} onClick={() => onEdit(null)} />
      </div>
      <ol className="lines rules">
        {own.map((one, index) => (
          <li key={one.id} className="row">
            <Badge tone={one.enabled ? TONES[one.value.then] : "plain"}>
              {t(`rules.${one.value.then}`)}
            </Badge>
            <span className="grow">
              <Conditions rule={one.value} /> <Problem one={one} />
            </span>
            <OwnActs
              one={one}
              name={t("rules.number", { number: index + 1 })}
              acts={acts}
              onEdit={onEdit}
            >
              <IconButton
                icon="down"
                className="tools-upwards"
                label={t("rules.up", { number: index + 1 })}
                disabled={index === 0}
                onClick={() => acts.move(one, -1)}
              />
              <IconButton
                icon="down"
                label={t("rules.down", { number: index + 1 })}
                disabled={index === own.length - 1}
                onClick={() => acts.move(one, 1)}
              />
            </OwnActs>
          </li>
        ))}
        {inFile.map((rule, index) => (
          <li key={index} className="row">
            <Badge tone={TONES[rule.then]}>{t(`rules.${rule.then}`)}</Badge>
            <span className="grow">
              <Conditions rule={rule} />
            </span>
            <FromFile file="hub.toml" />
          </li>
        ))}
        <li className="row">
          <Badge>{t("rules.else")}</Badge>
          <span className="grow">{t("rules.elseText")}</span>
        </li>
      </ol>
    </>
  );
}

export function Conditions({ rule }: { rule: Rule }) {
  const { t, i18n } = useTranslation("tools");
  const list = new Intl.ListFormat(i18n.language, { type: "disjunction" });
  const lines = CONDITIONS.filter((name) => (rule[name]?.length ?? 0) > 0).map(
    (name) => [name, list.format(rule[name] ?? [])] as const,
  );
  const days = (rule.weekdays ?? []).map((day) => dayName(day, i18n.language));
  const any = lines.length === 0 && !rule.hours && days.length === 0;
  return (
    <>
      {any && <span className="quiet">{t("rules.anything")}</span>}
      {lines.map(([name, text]) => (
        <span key={name} className="condition">
          <span className="quiet">{t(`rules.on.${name}`)}</span> {text}
        </span>
      ))}
      {rule.hours && (
        <span className="condition">
          <span className="quiet">{t("rules.on.hours")}</span> {rule.hours.replace("-", " – ")}
        </span>
      )}
      {days.length > 0 && (
        <span className="condition">
          <span className="quiet">{t("rules.on.weekdays")}</span> {list.format(days)}
        </span>
      )}
      {rule.words && <span className="quiet">“{rule.words}”</span>}
    </>
  );
}
