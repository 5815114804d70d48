import { useTranslation } from "react-i18next";
import { Search } from "@/components/Search";
import { look, useSearch } from "./search";

const OUTCOMES = [
  "answered",
  "interrupted",
  "stopped",
  "handed-over",
  "nothing-heard",
  "not-understood",
  "cancelled",
  "failed",
];
const DAYS = ["1", "7", "30"];

export function Filters() {
  const { t } = useTranslation("conversations");
  const { wanted, items } = useSearch();
  const rooms = [...new Set(items.map((one) => one.area).filter((one) => one !== null))].sort();
  if (wanted.room && !rooms.includes(wanted.room)) rooms.unshift(wanted.room);
  return (
    <search className="conversations-filters">
      <Search label={t("search")} value={wanted.q} onChange={(q) => look({ q })} />
      <Choice
        label={t("room")}
        any={t("anyRoom")}
        value={wanted.room}
        choices={rooms.map((room) => [room, room])}
        choose={(room) => look({ room })}
      />
      <Choice
        label={t("outcomes")}
        any={t("anyOutcome")}
        value={wanted.outcome}
        choices={OUTCOMES.map((one) => [one, t(`outcome.${one}`)])}
        choose={(outcome) => look({ outcome })}
      />
      <Choice
        label={t("period")}
        any={t("anyTime")}
        value={wanted.days}
        choices={DAYS.map((one) => [one, t("lastDays", { count: Number(one) })])}
        choose={(days) => look({ days })}
      />
    </search>
  );
}

interface ChoiceProps {
  label: string;
  any: string;
  value: string;
  choices: [string, string][];
  choose: (value: string) => void;
}

function Choice({ label, any, value, choices, choose }: ChoiceProps) {
  return (
    <label>
      <span className="visually-hidden">{label}</span>
      <select className="input" value={value} onChange={(event) => choose(event.target.value)}>
        <option value="">{any}</option>
        {choices.map(([one, words]) => (
          <option key={one} value={one}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}
