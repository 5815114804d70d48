/** The parameters of an MQTT tool: JSON schemas, as rows of a form. */

export const TYPES = ["string", "integer", "number", "boolean", "enum", "schema"] as const;
export type Type = (typeof TYPES)[number];

export interface Row {
  /** Keeps a row itself while its name is typed. */
  key: number;
  name: string;
  type: Type;
  description: string;
  least: string;
  most: string;
  /** Of an enum: words with commas. */
  choices: string;
  /** Empty: it has to be given. */
  otherwise: string;
  /** Of a schema that has more than a form shows. */
  json: string;
}

type Schema = Record<string, unknown>;
const KNOWN = new Set(["type", "description", "minimum", "maximum", "enum", "default"]);
let last = 0;

export function newRow(more: Partial<Row> = {}): Row {
  last += 1;
  return {
    key: last,
    name: "",
    type: "string",
    description: "",
    least: "",
    most: "",
    choices: "",
    otherwise: "",
    json: "",
    ...more,
  };
}

export function rowsOf(parameters: Readonly<Record<string, Schema>>): Row[] {
  return Object.entries(parameters).map(([name, schema]) => {
    const type = typeOf(schema);
    if (type === "schema") return newRow({ name, type, json: JSON.stringify(schema, null, 2) });
    return newRow({
      name,
      type,
      description: text(schema.description),
      least: text(schema.minimum),
      most: text(schema.maximum),
      choices: Array.isArray(schema.enum) ? schema.enum.join(", ") : "",
      otherwise: text(schema.default),
    });
  });
}

/** Return the schemas of rows; what is wrong with them the hub says. */
export function parametersOf(rows: readonly Row[]): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const row of rows) if (row.name.trim()) found[row.name.trim()] = schemaOf(row);
  return found;
}

function schemaOf(row: Row): unknown {
  if (row.type === "schema") return parsed(row.json);
  const schema: Schema = {};
  if (row.type === "enum") schema.enum = words(row.choices);
  else schema.type = row.type;
  if (row.description.trim()) schema.description = row.description.trim();
  if (row.type === "integer" || row.type === "number") {
    if (row.least.trim()) schema.minimum = parsed(row.least);
    if (row.most.trim()) schema.maximum = parsed(row.most);
  }
  const otherwise = row.otherwise.trim();
  if (otherwise)
    schema.default = row.type === "string" || row.type === "enum" ? otherwise : parsed(otherwise);
  return schema;
}

/** Return as what a schema is shown; one with anything that no field shows, as it is written. */
function typeOf(schema: Schema): Type {
  if (Object.keys(schema).some((key) => !KNOWN.has(key))) return "schema";
  if (Array.isArray(schema.enum)) {
    const plain = schema.enum.every((one) => typeof one === "string" && !one.includes(","));
    return plain && schema.type === undefined ? "enum" : "schema";
  }
  const found = TYPES.find((type) => type === schema.type);
  return found ?? "schema";
}

export function words(line: string): string[] {
  return line
    .split(",")
    .map((one) => one.trim())
    .filter(Boolean);
}

/** Return what JSON says; what is none, as it was typed: the hub tells what is wrong with it. */
function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}

function text(value: unknown): string {
  return value === undefined || value === null ? "" : String(value);
}
