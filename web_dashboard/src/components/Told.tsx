/** A text of the hub: what stands between backticks in it is code, to be typed as it is. */
export function Told({ text }: { text: string }) {
  return text
    .split(/`([^`]+)`/)
    .map((part, at) => (at % 2 === 1 ? <code key={at}>{part}</code> : part));
}
