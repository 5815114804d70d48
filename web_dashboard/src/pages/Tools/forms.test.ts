import { expect, it } from "vitest";
import { ApiProblem } from "@/api/client";
import i18n from "@/i18n";
import { moved, placed } from "./acts";
import { type Addition, mistakesOf } from "./api";
import { newRow, parametersOf, rowsOf } from "./parameters";
import { dayName, ruleForm, ruleOf } from "./rule";
import { KEPT, serverForm, serverOf } from "./server";
import { formOf, missing, toolOf } from "./tool";
import { whenForm, whenOf } from "./when";

const PARAMETERS = {
  zone: { enum: ["front", "back"], description: "which part" },
  minutes: { type: "integer", minimum: 1, maximum: 30, default: 10 },
  text: { type: "string" },
  odd: { type: "array", items: { type: "string" } },
  level: { enum: [1, 2, 3] },
};

it("keeps every schema as it was, those that have more than a form shows as well", () => {
  expect(parametersOf(rowsOf(PARAMETERS))).toEqual(PARAMETERS);
  expect(rowsOf(PARAMETERS).map((row) => row.type)).toEqual([
    "enum",
    "integer",
    "string",
    "schema",
    "schema",
  ]);
});

it("leaves mistakes in parameters to the hub", () => {
  const rows = [newRow({ name: "n", type: "integer", least: "few" }), newRow({ name: " " })];
  expect(parametersOf(rows)).toEqual({ n: { type: "integer", minimum: "few" } });
});

it("gives back a tool as it was, and leaves out what is empty", () => {
  const tool = {
    name: "water_garden",
    description: "Waters.",
    topic: "garden/{{ zone }}/set",
    payload: "{{ minutes }}",
    qos: 0,
    retain: true,
    risk: "confirm" as const,
    parameters: PARAMETERS,
    reply_topic: "garden/reply",
    reply_match: "meta.id",
    result: "{{ value }}",
    timeout_s: 1.5,
    sentences: { en: ["water the {zone} garden", "rain"] },
    answers: { en: "Done" },
    questions: { de: "Wirklich?" },
  };
  expect(toolOf(formOf(tool as never))).toEqual(tool);
  const bare = toolOf(formOf(null));
  expect(Object.keys(bare)).not.toContain("payload");
  expect(Object.keys(bare)).not.toContain("timeout_s");
});

it("makes parameters of placeholders that are none yet", () => {
  const form = {
    ...formOf(null),
    topic: "garden/{{ zone }}/set",
    payload: "{{minutes|int}} {{ correlation }} {{ zone }}",
    rows: [newRow({ name: "minutes" })],
  };
  expect(missing(form).map((row) => row.name)).toEqual(["zone"]);
});

it("sends of an automation only what belongs to what is done", () => {
  const bell = { device: "Bell", type: "press", listen: true, satellite: "pi" };
  expect(whenOf(whenForm(bell as never))).toEqual(bell);
  const form = { ...whenForm(bell as never), listen: false, command: " light on ", room: "Hall" };
  expect(whenOf(form)).toEqual({
    device: "Bell",
    type: "press",
    command: "light on",
    room: "Hall",
  });
});

/** A rule as the hub tells it. */
// biome-ignore lint/suspicious/noThenProperty: the hub calls it so.
const ruled = (ruling: string, more: object = {}) => ({ then: ruling, ...more });

it("gives back a rule as it was; all days are no condition", () => {
  const rule = ruled("refuse", {
    domains: ["lock"],
    persons: ["!Anna"],
    hours: "22:00-06:30",
    weekdays: ["sat", "sun"] as const,
    words: "Ask a grown-up",
  });
  expect(ruleOf(ruleForm(rule as never))).toEqual(rule);
  const every = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
  expect(ruleOf(ruleForm(ruled("allow", { weekdays: every }) as never))).toEqual(ruled("allow"));
  expect(ruleOf({ ...ruleForm(null), from: "22:00" })).toEqual(
    ruled("confirm", { hours: "22:00-" }),
  );
  expect([dayName("mon", "en"), dayName("sun", "de", "long")]).toEqual(["Mon", "Sonntag"]);
});

it("keeps secrets that were not typed anew, and what the form does not show", () => {
  const server = {
    name: "files",
    command: "serve",
    args: ["--root", "/srv", `--key=${KEPT}`],
    env: { A: KEPT, B: KEPT },
    url: null,
    token: null,
    headers: {},
    tools: ["read"],
    risk: null,
    risks: { read: "confirm" as const },
    timeout_s: 3,
  };
  const form = serverForm(server);
  const env = form.env.map((pair) => (pair.name === "B" ? { ...pair, value: "new" } : pair));
  expect(serverOf({ ...form, env })).toEqual({
    name: "files",
    command: "serve",
    args: server.args,
    env: { A: KEPT, B: "new" },
    tools: ["read"],
    risk: null,
    risks: { read: "confirm" },
    timeout_s: 3,
  });
  expect(serverOf({ ...form, program: false, url: " http://a/mcp ", token: KEPT })).toMatchObject({
    url: "http://a/mcp",
    token: KEPT,
  });
});

it("moves a rule among its own kind, and not beyond the ends", () => {
  const items = ["a", "x", "b", "c"].map((id) => ({
    id,
    kind: id === "x" ? "tool" : "rule",
  })) as Addition[];
  const [a, , b, c] = items as [Addition, Addition, Addition, Addition];
  expect(moved(items, b, -1)).toEqual(["b", "a", "c"]);
  expect(moved(items, a, -1)).toBeNull();
  expect(moved(items, c, 1)).toBeNull();
  expect(placed(items, "rule", ["c", "a", "b"]).map((one) => one.id)).toEqual(["c", "x", "a", "b"]);
});

it("tells mistakes in the language of the page, by their keys", async () => {
  await i18n.loadNamespaces("hub");
  await i18n.changeLanguage("de");
  const words = { key: "no-parameter", values: { name: "sugar" } };
  const errors = [
    { where: "payload", what: "there is no parameter 'sugar'", words },
    { where: "topic", what: "somebody else's words", words: null },
  ];
  const problem = { status: 422, code: "bad-value", title: "", detail: "It is wrong.", errors };
  expect(mistakesOf(new ApiProblem(problem))).toEqual([
    { where: "payload", what: "es gibt keinen Parameter „sugar“" },
    { where: "topic", what: "somebody else's words" },
  ]);
  await i18n.changeLanguage("en");
});
