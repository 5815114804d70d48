/** What the hub sends over the socket, and what it makes of what was known. */

export type Value = Record<string, unknown>;
export type Things = Record<string, Value>;
export type Topics = Record<string, Things>;

export type Message =
  | { type: "snapshot"; epoch: string; seq: number; now: string; state: Topics }
  /** Goes on after what this page knows; `now` is the hub's time in both. */
  | { type: "resumed"; seq: number; now: string }
  | { type: "change"; seq: number; topic: string; id: string; value: Value | null }
  | { type: "error"; code: string; text: string };

/** Return the topics after some messages; a topic that nothing changed stays the same object. */
export function after(topics: Topics, messages: readonly Message[]): Topics {
  let result = topics;
  const copied = new Set<string>();
  for (const message of messages) {
    if (message.type === "snapshot") {
      result = message.state;
      copied.clear();
    } else if (message.type === "change") {
      const { topic, id, value } = message;
      if (!copied.has(topic)) {
        result = { ...result, [topic]: { ...result[topic] } };
        copied.add(topic);
      }
      const things = result[topic] ?? {};
      if (value === null) delete things[id];
      else things[id] = value;
    }
  }
  return result;
}
