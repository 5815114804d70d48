import { useState } from "react";

/** What trying a draft has given; another draft forgets it. */
export function useTrial<T>(ask: () => Promise<T>) {
  const [result, setResult] = useState<T | null>(null);
  const [trying, setTrying] = useState(false);
  const begin = async (fail: (error: unknown) => void) => {
    setTrying(true);
    setResult(null);
    try {
      setResult(await ask());
    } catch (error) {
      fail(error);
    }
    setTrying(false);
  };
  return { result, trying, begin, forget: () => setResult(null) };
}
