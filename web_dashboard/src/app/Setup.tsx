import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useSearchParams } from "react-router";
import { Button } from "@/components/Button";
import { TextField } from "@/components/Field";
import { Told } from "@/components/Told";
import { LanguageSelect } from "./choices";
import { Figure } from "./Figure";
import { setUp } from "./session";

const LEAST = 10;

/** The first page of a hub that has no owner yet, opened by its one-time link. */
export function Setup() {
  const { t } = useTranslation();
  const [query] = useSearchParams();
  const code = query.get("code") ?? "";
  return (
    <main className="centre">
      <Figure />
      <div className="card stack">
        <h1>{t("setup.title")}</h1>
        <p className="quiet">
          <Told text={t(code ? "setup.text" : "setup.needLink")} />
        </p>
        <LanguageSelect />
        {code && <OwnerForm code={code} />}
      </div>
    </main>
  );
}

function OwnerForm({ code }: { code: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");
  const [tried, setTried] = useState(false);
  const [problem, setProblem] = useState("");
  const [working, setWorking] = useState(false);
  const short = password.length < LEAST;
  const differ = password !== again;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (short || differ || working) return;
    setWorking(true);
    setProblem("");
    try {
      await setUp(code, name, password);
      navigate("/", { replace: true });
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
      setWorking(false);
    }
  };

  return (
    <form className="stack" onSubmit={submit}>
      {problem && (
        <p className="notice" role="alert">
          <Told text={problem} />
        </p>
      )}
      <TextField
        label={t("login.name")}
        name="name"
        autoComplete="username"
        required
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <TextField
        label={t("setup.password")}
        hint={t("setup.passwordHint")}
        error={tried && short ? t("setup.short") : ""}
        name="password"
        type="password"
        autoComplete="new-password"
        required
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      <TextField
        label={t("setup.again")}
        error={tried && !short && differ ? t("setup.differ") : ""}
        name="again"
        type="password"
        autoComplete="new-password"
        required
        value={again}
        onChange={(event) => setAgain(event.target.value)}
      />
      <Button type="submit" kind="primary" busy={working}>
        {t("setup.submit")}
      </Button>
    </form>
  );
}
