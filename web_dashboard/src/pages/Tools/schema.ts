/** The arguments of a tool, as fields of a form. */

export interface Field {
  name: string;
  type: string;
  description: string;
  /** What may be typed: choices, bounds, the default. */
  hint: string;
  required: boolean;
}

interface Schema {
  type?: unknown;
  description?: unknown;
  enum?: unknown;
  minimum?: unknown;
  maximum?: unknown;
  default?: unknown;
}

export function fields(parameters: Record<string, unknown>): Field[] {
  const properties = (parameters.properties ?? {}) as Record<string, Schema>;
  const required = new Set(Array.isArray(parameters.required) ? parameters.required : []);
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    type: typeof schema.type === "string" ? schema.type : "string",
    description: typeof schema.description === "string" ? schema.description : "",
    hint: hintOf(schema),
    required: required.has(name),
  }));
}

/** Return what was typed as the values that the schema wants; what is empty is left out. */
export function argumentsOf(
  wanted: readonly Field[],
  typed: Readonly<Record<string, string>>,
): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const { name, type } of wanted) {
    const text = typed[name]?.trim() ?? "";
    if (text !== "") found[name] = type === "string" ? text : typedAs(text);
  }
  return found;
}

function typedAs(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The hub says better than we could what it wants instead.
    return text;
  }
}

function hintOf(schema: Schema): string {
  const parts: string[] = [];
  if (Array.isArray(schema.enum)) parts.push(schema.enum.join(", "));
  if (schema.minimum !== undefined || schema.maximum !== undefined)
    parts.push(`${schema.minimum ?? ""} … ${schema.maximum ?? ""}`.trim());
  if (schema.default !== undefined) parts.push(`= ${JSON.stringify(schema.default)}`);
  return parts.join(" · ");
}
