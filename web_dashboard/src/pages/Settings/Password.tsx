import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem, ask } from "@/api/client";
import { useSession } from "@/app/session";
import { Button } from "@/components/Button";
import { Card } from "@/components/Card";
import { TextField } from "@/components/Field";
import { toast } from "@/components/toasts";
import { passwordProblem } from "./model";

const NOTHING = { old: "", password: "", again: "" };

/** Changing one's own password. */
export function Password() {
  const { t } = useTranslation("settings");
  const name = useSession((session) => session.who?.name);
  const [typed, setTyped] = useState(NOTHING);
  const [tried, setTried] = useState(false);
  const [working, setWorking] = useState(false);
  const [wrong, setWrong] = useState({ old: "", password: "" });
  const problem = tried ? passwordProblem(typed.password, typed.again) : "";

  const type = (key: keyof typeof NOTHING) => (event: { target: { value: string } }) => {
    setTyped({ ...typed, [key]: event.target.value });
    setWrong({ old: "", password: "" });
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (working || passwordProblem(typed.password, typed.again)) return;
    setWorking(true);
    try {
      const json = { old: typed.old, new: typed.password };
      await ask("/v1/session/password", { method: "PUT", json });
      setTyped(NOTHING);
      setTried(false);
      toast(t("password.done"));
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      const isNew = error instanceof ApiProblem && error.code === "bad-password";
      setWrong(isNew ? { old: "", password: words } : { old: words, password: "" });
    } finally {
      setWorking(false);
    }
  };

  return (
    <Card title={t("password.title")}>
      <form className="stack" onSubmit={submit}>
        <input type="hidden" name="username" autoComplete="username" value={name ?? ""} readOnly />
        <TextField
          label={t("password.old")}
          error={wrong.old}
          type="password"
          autoComplete="current-password"
          required
          value={typed.old}
          onChange={type("old")}
        />
        <TextField
          label={t("password.new")}
          hint={t("password.hint")}
          error={wrong.password || (problem === "short" ? t("password.short") : "")}
          type="password"
          autoComplete="new-password"
          required
          value={typed.password}
          onChange={type("password")}
        />
        <TextField
          label={t("password.again")}
          error={problem === "differ" ? t("password.differ") : ""}
          type="password"
          autoComplete="new-password"
          required
          value={typed.again}
          onChange={type("again")}
        />
        <div className="row">
          <Button type="submit" kind="primary" busy={working}>
            {t("password.submit")}
          </Button>
        </div>
      </form>
    </Card>
  );
}
