import { useTranslation } from "react-i18next";
import { Button, IconButton } from "@/components/Button";
import { TextField } from "@/components/Field";
import { KEPT, newPair, type Pair } from "./server";

/** Names with secret values: what is kept is not shown, and can be typed anew. */
export function Pairs({
  legend,
  hint,
  addLabel,
  pairs,
  errorOf,
  onChange,
}: {
  legend: string;
  hint: string;
  addLabel: string;
  pairs: readonly Pair[];
  errorOf: (name: string) => string;
  onChange: (pairs: Pair[]) => void;
}) {
  const { t } = useTranslation("tools");
  const put = (pair: Pair, more: Partial<Pair>) =>
    onChange(pairs.map((one) => (one.key === pair.key ? { ...one, ...more } : one)));
  return (
    <fieldset className="stack tools-parts">
      <legend>{legend}</legend>
      <p className="hint">{hint}</p>
      {pairs.map((pair) => (
        <div key={pair.key} className="tools-pair">
          <TextField
            label={t("server.pairName")}
            value={pair.name}
            maxLength={128}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            onChange={(event) => put(pair, { name: event.target.value })}
          />
          <Secret
            label={t("server.pairValue")}
            value={pair.value}
            error={errorOf(pair.name)}
            onChange={(value) => put(pair, { value })}
          />
          <IconButton
            icon="trash"
            label={t("edit.without", { value: pair.name || t("tool.parameter.unnamed") })}
            onClick={() => onChange(pairs.filter((one) => one.key !== pair.key))}
          />
        </div>
      ))}
      <Button icon="add" onClick={() => onChange([...pairs, newPair()])}>
        {addLabel}
      </Button>
    </fieldset>
  );
}

/** A secret: one that the hub keeps is told of and not shown, until another is typed. */
export function Secret({
  label,
  hint,
  value,
  error,
  onChange,
}: {
  label: string;
  hint?: string;
  value: string;
  error: string;
  onChange: (value: string) => void;
}) {
  const { t } = useTranslation("tools");
  return (
    <TextField
      label={label}
      hint={hint}
      error={error}
      type="password"
      autoComplete="new-password"
      maxLength={4000}
      placeholder={value === KEPT ? t("server.kept") : undefined}
      value={value === KEPT ? "" : value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
