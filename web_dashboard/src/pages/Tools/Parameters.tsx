import { useTranslation } from "react-i18next";
import { Button, IconButton } from "@/components/Button";
import { SelectField, TextArea, TextField } from "@/components/Field";
import { newRow, type Row, TYPES, type Type } from "./parameters";

/** The parameters of a tool, one after the other. */
export function Parameters({
  rows,
  onChange,
  errorOf,
}: {
  rows: readonly Row[];
  onChange: (rows: Row[]) => void;
  errorOf: (name: string) => string;
}) {
  const { t } = useTranslation("tools");
  const put = (row: Row, more: Partial<Row>) =>
    onChange(rows.map((one) => (one.key === row.key ? { ...one, ...more } : one)));
  return (
    <fieldset className="stack tools-parts">
      <legend>{t("tool.parameters")}</legend>
      <p className="hint">{t("tool.parametersHint")}</p>
      {rows.map((row) => (
        <ParameterRow
          key={row.key}
          row={row}
          error={errorOf(row.name)}
          onChange={(more) => put(row, more)}
          onRemove={() => onChange(rows.filter((one) => one.key !== row.key))}
        />
      ))}
      <Button icon="add" onClick={() => onChange([...rows, newRow()])}>
        {t("tool.addParameter")}
      </Button>
    </fieldset>
  );
}

function ParameterRow({
  row,
  error,
  onChange,
  onRemove,
}: {
  row: Row;
  error: string;
  onChange: (more: Partial<Row>) => void;
  onRemove: () => void;
}) {
  const { t } = useTranslation("tools");
  const field = (key: "description" | "least" | "most" | "choices" | "otherwise") => (
    <TextField
      label={t(`tool.parameter.${key}`)}
      value={row[key]}
      maxLength={1000}
      autoComplete="off"
      onChange={(event) => onChange({ [key]: event.target.value })}
    />
  );
  const isNumber = row.type === "integer" || row.type === "number";
  return (
    <div className="tools-part stack tight">
      <div className="tools-pair">
        <TextField
          label={t("tool.parameter.name")}
          error={error}
          value={row.name}
          maxLength={32}
          autoCapitalize="none"
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => onChange({ name: event.target.value })}
        />
        <SelectField
          label={t("tool.parameter.type")}
          value={row.type}
          options={TYPES.map((value) => ({ value, label: t(`tool.types.${value}`) }))}
          onChange={(event) => onChange({ type: event.target.value as Type })}
        />
        <IconButton
          icon="trash"
          label={t("edit.without", { value: row.name || t("tool.parameter.unnamed") })}
          onClick={onRemove}
        />
      </div>
      {row.type === "schema" ? (
        <TextArea
          label={t("tool.parameter.json")}
          value={row.json}
          spellCheck={false}
          onChange={(event) => onChange({ json: event.target.value })}
        />
      ) : (
        <>
          {row.type === "enum" && field("choices")}
          {isNumber && (
            <div className="tools-pair">
              {field("least")}
              {field("most")}
            </div>
          )}
          <div className="tools-pair">
            {field("description")}
            {field("otherwise")}
          </div>
        </>
      )}
    </div>
  );
}
