/** Asks for the code of a lock or an alarm panel: `const code = await askCode(question)`. */

import { useState } from "react";
import { useTranslation } from "react-i18next";
import { create } from "zustand";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { TextField } from "@/components/Field";

interface Asked {
  question: string;
  answer: (code: string | null) => void;
}

const useAsked = create<{ asked: Asked | null }>(() => ({ asked: null }));

/** Return the code; null: nobody wants to say it. */
export function askCode(question: string): Promise<string | null> {
  useAsked.getState().asked?.answer(null);
  return new Promise((resolve) => {
    const answer = (code: string | null) => {
      useAsked.setState({ asked: null });
      resolve(code);
    };
    useAsked.setState({ asked: { question, answer } });
  });
}

/** Where it is asked; there is one in the page. */
export function CodeDialog() {
  const asked = useAsked((state) => state.asked);
  return asked && <Entry key={asked.question} asked={asked} />;
}

function Entry({ asked }: { asked: Asked }) {
  const { t } = useTranslation("home");
  const { t: frame } = useTranslation();
  const [code, setCode] = useState("");
  const send = () => code.trim() && asked.answer(code.trim());
  return (
    <Dialog
      open
      title={asked.question}
      onClose={() => asked.answer(null)}
      actions={
        <>
          <Button onClick={() => asked.answer(null)}>{frame("cancel")}</Button>
          <Button kind="primary" disabled={!code.trim()} onClick={send}>
            {t("code.send")}
          </Button>
        </>
      }
    >
      <TextField
        label={t("code.label")}
        type="password"
        inputMode="numeric"
        autoComplete="off"
        maxLength={100}
        value={code}
        onChange={(event) => setCode(event.target.value)}
        onKeyDown={(event) => event.key === "Enter" && send()}
      />
    </Dialog>
  );
}
