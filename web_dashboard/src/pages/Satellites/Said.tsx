import type { Words } from "./types";

/** What was said last, and what was answered. */
export function Said({ words }: { words: Words }) {
  return (
    <blockquote className="said">
      <p>{words.words}</p>
      {words.answer && <p className="quiet">{words.answer}</p>}
    </blockquote>
  );
}
