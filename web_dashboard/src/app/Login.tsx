import { type FormEvent, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/Button";
import { TextField } from "@/components/Field";
import { Told } from "@/components/Told";
import { LanguageSelect } from "./choices";
import { Figure } from "./Figure";
import { signIn, useSession } from "./session";

export function Login() {
  const { t } = useTranslation();
  // What the hub is called is nothing for who is not logged in.
  useEffect(() => {
    document.title = `${t("login.title")} · Sotto`;
  }, [t]);
  return (
    <main className="centre">
      <Figure />
      <div className="card stack">
        <h1>{t("login.title")}</h1>
        <LoginForm />
      </div>
      <LanguageSelect bare />
    </main>
  );
}

export function LoginForm() {
  const { t } = useTranslation();
  const who = useSession((session) => session.who);
  const [name, setName] = useState(who?.name ?? "");
  const [password, setPassword] = useState("");
  const [problem, setProblem] = useState("");
  const [working, setWorking] = useState(false);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (working) return;
    setWorking(true);
    setProblem("");
    try {
      await signIn(name, password);
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
        autoCapitalize="none"
        required
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <TextField
        label={t("login.password")}
        name="password"
        type="password"
        autoComplete="current-password"
        // Who was here before has but the password to type.
        data-first={who ? "" : undefined}
        required
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      <Button type="submit" kind="primary" busy={working}>
        {t("login.submit")}
      </Button>
    </form>
  );
}
