/** Asks before something is done that cannot be undone: `if (await sure({...}))`. */

import { useTranslation } from "react-i18next";
import { create } from "zustand";
import { Button } from "./Button";
import { Dialog } from "./Dialog";
import "./Sure.css";

export interface Question {
  title: string;
  text?: string;
  /** What it is about, each in a line of its own. */
  lines?: readonly string[];
  /** What the button says: the thing itself, like "Delete all". */
  action: string;
  danger?: boolean;
}

interface Asked {
  question: Question;
  answer: (sure: boolean) => void;
}

const useAsked = create<{ asked: Asked | null }>(() => ({ asked: null }));

export function sure(question: Question): Promise<boolean> {
  useAsked.getState().asked?.answer(false);
  return new Promise((resolve) => {
    const answer = (yes: boolean) => {
      useAsked.setState({ asked: null });
      resolve(yes);
    };
    useAsked.setState({ asked: { question, answer } });
  });
}

/** Where the questions appear; there is one in the frame. */
export function SureDialog() {
  const { t } = useTranslation();
  const asked = useAsked((state) => state.asked);
  if (!asked) return null;
  const { question, answer } = asked;
  return (
    <Dialog
      open
      title={question.title}
      onClose={() => answer(false)}
      actions={
        <>
          <Button data-first onClick={() => answer(false)}>
            {t("cancel")}
          </Button>
          <Button kind={question.danger ? "danger" : "primary"} onClick={() => answer(true)}>
            {question.action}
          </Button>
        </>
      }
    >
      {question.text && <p className="quiet">{question.text}</p>}
      {question.lines && (
        <ul className="sure-lines">
          {question.lines.map((line) => (
            <li key={line}>
              <code>{line}</code>
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  );
}
