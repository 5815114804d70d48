/** What was heard of an answer, and what was only written. */

export interface Parts {
  heard: string;
  unheard: string;
}

export function parts(answer: string, heard: string | null): Parts {
  if (heard === null || heard === "") return { heard: "", unheard: answer };
  if (answer.startsWith(heard)) {
    return { heard: answer.slice(0, heard.length), unheard: answer.slice(heard.length) };
  }
  // They differ in spaces or signs: count words instead.
  const words = heard.trim().split(/\s+/).length;
  const pieces = answer.match(/\s*\S+/g) ?? [];
  return { heard: pieces.slice(0, words).join(""), unheard: pieces.slice(words).join("") };
}
