import { useEffect, useRef, useState } from "react";
import { Icon } from "./Icon";

const REST_MS = 180;

/** An input to search with: `onChange` hears of it when the hand rests. The key / comes here. */
export function Search({
  label,
  value,
  onChange,
}: {
  label: string;
  value: string;
  onChange: (words: string) => void;
}) {
  const [words, setWords] = useState(value);
  const rest = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => setWords(value), [value]);
  useEffect(() => () => clearTimeout(rest.current), []);
  return (
    <label className="search">
      <span className="visually-hidden">{label}</span>
      <Icon name="search" />
      <input
        type="search"
        className="input"
        placeholder={label}
        value={words}
        data-search
        onChange={(event) => {
          const typed = event.target.value;
          setWords(typed);
          clearTimeout(rest.current);
          rest.current = setTimeout(() => onChange(typed), typed ? REST_MS : 0);
        }}
      />
    </label>
  );
}
