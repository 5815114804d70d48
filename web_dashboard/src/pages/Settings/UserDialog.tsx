import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { askJson } from "@/api/client";
import type { Role } from "@/app/session";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { SelectField, TextField } from "@/components/Field";
import { Switch } from "@/components/Switch";
import { toast } from "@/components/toasts";
import { LANGUAGES, language } from "@/i18n";
import { LEAST_PASSWORD, ROLES, type User } from "./model";

/** Makes a user, or changes one. */
export function UserDialog({
  user,
  onClose,
  onDone,
}: {
  user: User | null;
  onClose: () => void;
  onDone: () => void;
}) {
  const { t } = useTranslation(["settings", "frame"]);
  const form = useId();
  const [name, setName] = useState(user?.name ?? "");
  const [role, setRole] = useState<Role>(user?.role ?? "member");
  const [speaks, setSpeaks] = useState<string>(user?.language ?? language());
  const [enabled, setEnabled] = useState(!user?.disabled);
  const [password, setPassword] = useState("");
  const [problem, setProblem] = useState("");
  const [tried, setTried] = useState(false);
  const [working, setWorking] = useState(false);
  const wanted = password !== "" || user === null;
  const short = wanted && [...password].length < LEAST_PASSWORD;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (working || short) return;
    setWorking(true);
    setProblem("");
    const said = { name, role, language: speaks, ...(password && { password }) };
    try {
      if (user) {
        const json = { ...said, disabled: !enabled };
        await askJson(`/v1/users/${user.id}`, { method: "PATCH", json });
      } else {
        await askJson("/v1/users", { method: "POST", json: said });
      }
      toast(t(user ? "users.changed" : "users.added", { name }));
      onDone();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
      setWorking(false);
    }
  };

  return (
    <Dialog
      open
      title={user ? t("users.edit", { name: user.name }) : t("users.add")}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t("frame:cancel")}</Button>
          <Button type="submit" form={form} kind="primary" busy={working}>
            {t(user ? "users.save" : "users.add")}
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
          label={t("users.name")}
          required
          maxLength={60}
          autoComplete="off"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <SelectField
          label={t("users.role")}
          hint={t(`users.roles.${role}`)}
          options={ROLES.map((one) => ({ value: one, label: t(`frame:roles.${one}`) }))}
          value={role}
          onChange={(event) => setRole(event.target.value as Role)}
        />
        <SelectField
          label={t("frame:language")}
          options={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))}
          value={speaks}
          onChange={(event) => setSpeaks(event.target.value)}
        />
        <TextField
          label={t(user ? "users.newPassword" : "users.password")}
          hint={t(user ? "users.newPasswordHint" : "password.hint")}
          error={tried && short ? t("password.short") : ""}
          type="password"
          autoComplete="new-password"
          required={user === null}
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        {user && (
          <Switch
            label={t("users.enabled")}
            hint={t("users.enabledHint")}
            checked={enabled}
            onChange={setEnabled}
          />
        )}
      </form>
    </Dialog>
  );
}
