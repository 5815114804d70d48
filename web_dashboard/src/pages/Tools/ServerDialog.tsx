import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Badge } from "@/components/Badge";
import { Button } from "@/components/Button";
import { SelectField, TextArea, TextField } from "@/components/Field";
import { type Made, tryServer } from "./api";
import { EditDialog } from "./editing";
import { Pairs, Secret } from "./Pairs";
import { type ServerForm, serverForm, serverOf } from "./server";
import { useTrial } from "./useTrial";

const KEYS = ["name", "command", "args", "env", "url", "token", "headers", "risk", "timeout_s"];

/** An MCP server: a program that the hub starts, or an address that it asks. */
export function ServerDialog({
  server,
  onClose,
  onDone,
}: {
  server: Made<"server"> | null;
  onClose: () => void;
  onDone: () => void;
}) {
  const { t } = useTranslation("tools");
  const [form, setForm] = useState(() => serverForm(server?.value ?? null));
  const [dirty, setDirty] = useState(false);
  const trial = useTrial(() => tryServer(serverOf(form), server?.id ?? null));
  const found = trial.result?.tools;
  const put = (more: Partial<ServerForm>) => {
    setForm({ ...form, ...more });
    setDirty(true);
    trial.forget();
  };
  const plain = { autoCapitalize: "none", autoComplete: "off", spellCheck: false } as const;

  return (
    <EditDialog
      kind="server"
      addition={server}
      value={() => serverOf(form)}
      name={form.name}
      dirty={dirty}
      keys={KEYS}
      onClose={onClose}
      onDone={onDone}
    >
      {({ at, clear, fail }) => (
        <>
          <TextField
            {...plain}
            label={t("server.name")}
            hint={t("server.nameHint")}
            maxLength={16}
            value={form.name}
            error={at("name")}
            onChange={(event) => put({ name: event.target.value })}
          />
          <SelectField
            label={t("server.how")}
            value={form.program ? "program" : "address"}
            options={["program", "address"].map((value) => ({
              value,
              label: t(`server.${value}`),
            }))}
            onChange={(event) => put({ program: event.target.value === "program" })}
          />
          {form.program ? (
            <>
              <p className="notice warn">{t("server.programMeans")}</p>
              <TextField
                {...plain}
                label={t("server.command")}
                hint={t("server.commandHint")}
                maxLength={1000}
                value={form.command}
                error={at("command")}
                onChange={(event) => put({ command: event.target.value })}
              />
              <TextArea
                {...plain}
                label={t("server.args")}
                hint={t("server.argsHint")}
                rows={3}
                value={form.args}
                error={at("args")}
                onChange={(event) => put({ args: event.target.value })}
              />
              <Pairs
                legend={t("server.env")}
                hint={t("server.envHint")}
                addLabel={t("server.addEnv")}
                pairs={form.env}
                errorOf={(name) => at(`env.${name}`)}
                onChange={(env) => put({ env })}
              />
            </>
          ) : (
            <>
              <TextField
                {...plain}
                label={t("server.url")}
                hint={t("server.urlHint")}
                type="url"
                value={form.url}
                error={at("url")}
                onChange={(event) => put({ url: event.target.value })}
              />
              <Secret
                label={t("server.token")}
                hint={t("server.tokenHint")}
                value={form.token}
                error={at("token")}
                onChange={(token) => put({ token })}
              />
              <Pairs
                legend={t("server.headers")}
                hint={t("server.headersHint")}
                addLabel={t("server.addHeader")}
                pairs={form.headers}
                errorOf={(name) => at(`headers.${name}`)}
                onChange={(headers) => put({ headers })}
              />
            </>
          )}
          <SelectField
            label={t("server.risk")}
            error={at("risk")}
            value={form.risk}
            options={["", "confirm", "low"].map((value) => ({
              value,
              label: t(`server.risks.${value || "own"}`),
            }))}
            onChange={(event) => put({ risk: event.target.value as ServerForm["risk"] })}
          />
          <TextField
            label={t("server.timeoutS")}
            inputMode="decimal"
            value={form.timeoutS}
            error={at("timeout_s")}
            onChange={(event) => put({ timeoutS: event.target.value })}
          />
          <div className="row">
            <Button
              busy={trial.trying}
              onClick={() => {
                clear();
                void trial.begin(fail);
              }}
            >
              {t("server.try")}
            </Button>
            <span className="hint grow">
              {t(form.program ? "server.tryProgram" : "server.tryAddress")}
            </span>
          </div>
          <div role="status">
            {found && (
              <div className="notice good stack tight">
                <strong>{t("server.found", { count: found.length })}</strong>
                <ul className="arguments">
                  {found.map((tool) => (
                    <li key={tool.name}>
                      <code>{tool.name}</code>{" "}
                      {!tool.reads && <Badge tone="warn">{t("server.acts")}</Badge>}{" "}
                      <span className="quiet small">{tool.description}</span>
                    </li>
                  ))}
                </ul>
              </div>
            )}
          </div>
        </>
      )}
    </EditDialog>
  );
}
