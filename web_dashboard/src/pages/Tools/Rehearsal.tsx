import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "@/api/client";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { Facts } from "@/components/Facts";
import { TextField } from "@/components/Field";
import { sure } from "@/components/Sure";
import { Told } from "@/components/Told";
import { type Rehearsed, rehearse, use } from "./api";
import { argumentsOf, fields } from "./schema";

export interface Tried {
  name: string;
  parameters: Record<string, unknown>;
  /** It is not kept yet. */
  draft?: object;
  /** It can be used for real. */
  uses?: boolean;
  /** It sends no message that could be shown. */
  silent?: boolean;
}

/** Tries a tool: shows the message that it would send, or uses it for real. */
export function Rehearsal({ tool, onClose }: { tool: Tried; onClose: () => void }) {
  const { t } = useTranslation("tools");
  const [values, setValues] = useState<Record<string, string>>({});
  const [message, setMessage] = useState<Rehearsed | null>(null);
  const [answer, setAnswer] = useState<string | null>(null);
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState("");
  const wanted = fields(tool.parameters);

  const attempt = async (what: string, work: () => Promise<void>) => {
    setBusy(what);
    setProblem("");
    setMessage(null);
    setAnswer(null);
    try {
      await work();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
    setBusy("");
  };
  const show = () =>
    attempt("show", async () => setMessage(await rehearse(tool, argumentsOf(wanted, values))));
  const really = () =>
    attempt("use", async () => {
      const given = argumentsOf(wanted, values);
      try {
        setAnswer((await use(tool.name, given, false)).result);
      } catch (error) {
        if (!(error instanceof ApiProblem) || error.code !== "needs-confirmation") throw error;
        const question = { title: error.message, action: t("try.yes") };
        if (await sure(question)) setAnswer((await use(tool.name, given, true)).result);
      }
    });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!busy) void (tool.silent ? really() : show());
  };

  return (
    <Dialog open onClose={onClose} title={t("try.title", { tool: tool.name })}>
      <form className="stack" onSubmit={submit}>
        <p className="quiet">{t(tool.silent ? "try.textReal" : "try.text")}</p>
        {wanted.map((field) => (
          <TextField
            key={field.name}
            label={field.name}
            hint={[field.description, field.hint].filter(Boolean).join(" · ")}
            required={field.required}
            maxLength={2000}
            value={values[field.name] ?? ""}
            onChange={(event) => setValues({ ...values, [field.name]: event.target.value })}
          />
        ))}
        <div className="row end">
          {tool.uses && !tool.silent && (
            <Button busy={busy === "use"} onClick={() => void really()}>
              {t("try.send")}
            </Button>
          )}
          <Button type="submit" kind="primary" busy={busy === (tool.silent ? "use" : "show")}>
            {t(tool.silent ? "try.use" : "try.action")}
          </Button>
        </div>
        <div role="status" className="stack">
          {message && (
            <>
              <Facts
                facts={{
                  [t("mqtt.topic")]: <code>{message.topic}</code>,
                  [t("mqtt.reply")]: message.reply_topic && <code>{message.reply_topic}</code>,
                  QoS: message.qos,
                  [t("mqtt.retain")]: message.retain ? t("yes") : t("no"),
                }}
              />
              <pre className="code">{message.payload}</pre>
            </>
          )}
          {answer !== null && (
            <div className="notice good stack tight">
              <strong>{t("try.done")}</strong>
              <pre className="code">{answer}</pre>
            </div>
          )}
        </div>
        {problem && (
          <p className="notice" role="alert">
            <Told text={problem} />
          </p>
        )}
      </form>
    </Dialog>
  );
}
