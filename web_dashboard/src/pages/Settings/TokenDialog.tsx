import { type FormEvent, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { askJson } from "@/api/client";
import { atLeast, useSession } from "@/app/session";
import { Button } from "@/components/Button";
import { copyFrom } from "@/components/copying";
import { Dialog } from "@/components/Dialog";
import { SelectField, TextField } from "@/components/Field";
import { toast } from "@/components/toasts";
import { type MadeToken, SCOPES, type Scope } from "./model";

const DAYS = ["30", "90", "365", ""];

/** Makes a token, and shows its text, once. */
export function TokenDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(["settings", "frame"]);
  const owner = useSession((session) => atLeast(session.who?.role, "owner"));
  const form = useId();
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<Scope[]>(["read"]);
  const [days, setDays] = useState("365");
  const [problem, setProblem] = useState("");
  const [working, setWorking] = useState(false);
  const [made, setMade] = useState<MadeToken | null>(null);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (working) return;
    setWorking(true);
    setProblem("");
    try {
      const json = { name, scopes, days: days ? Number(days) : null };
      setMade(await askJson<MadeToken>("/v1/tokens", { method: "POST", json }));
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
      setWorking(false);
    }
  };
  if (made) return <Made token={made} onClose={onClose} />;
  return (
    <Dialog
      open
      title={t("tokens.add")}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t("frame:cancel")}</Button>
          <Button type="submit" form={form} kind="primary" busy={working}>
            {t("tokens.make")}
          </Button>
        </>
      }
    >
      <form id={form} className="stack" onSubmit={submit}>
        {problem && (
          <p className="notice" role="alert">
            {problem}
          </p>
        )}
        <TextField
          label={t("tokens.name")}
          hint={t("tokens.nameHint")}
          required
          maxLength={60}
          autoComplete="off"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <fieldset className="settings-scopes">
          <legend>{t("tokens.may")}</legend>
          {SCOPES.filter((scope) => owner || scope !== "admin").map((scope) => (
            <label key={scope}>
              <input
                type="checkbox"
                checked={scopes.includes(scope)}
                onChange={(event) =>
                  setScopes(
                    event.target.checked
                      ? [...scopes, scope]
                      : scopes.filter((one) => one !== scope),
                  )
                }
              />
              <span>
                {t(`tokens.scopes.${scope}.name`)}
                <span className="hint">{t(`tokens.scopes.${scope}.text`)}</span>
              </span>
            </label>
          ))}
        </fieldset>
        <SelectField
          label={t("tokens.lasts")}
          options={DAYS.map((value) => ({
            value,
            label: value ? t("tokens.days", { count: Number(value) }) : t("tokens.forever"),
          }))}
          value={days}
          onChange={(event) => setDays(event.target.value)}
        />
      </form>
    </Dialog>
  );
}

function Made({ token, onClose }: { token: MadeToken; onClose: () => void }) {
  const { t } = useTranslation("settings");
  const text = useRef<HTMLInputElement>(null);
  const copy = async () => {
    if (text.current) toast(t((await copyFrom(text.current)) ? "tokens.copied" : "tokens.select"));
  };
  return (
    <Dialog
      open
      stays
      title={t("tokens.made", { name: token.name })}
      onClose={onClose}
      actions={
        <>
          <Button icon="copy" onClick={() => void copy()}>
            {t("tokens.copy")}
          </Button>
          <Button kind="primary" onClick={onClose}>
            {t("tokens.kept")}
          </Button>
        </>
      }
    >
      <p className="notice warn">{t("tokens.once")}</p>
      <input
        ref={text}
        className="input settings-token"
        aria-label={t("tokens.tokenLabel")}
        readOnly
        value={token.token}
        onFocus={(event) => event.target.select()}
      />
    </Dialog>
  );
}
