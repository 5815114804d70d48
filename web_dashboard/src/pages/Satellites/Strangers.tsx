import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { ask, askJson } from "@/api/client";
import { attempt } from "@/components/attempt";
import { Button } from "@/components/Button";
import { Card } from "@/components/Card";
import { copyFrom } from "@/components/copying";
import { Dialog } from "@/components/Dialog";
import { sure } from "@/components/Sure";
import { toast } from "@/components/toasts";
import { useFormat } from "@/i18n/format";
import { useLive } from "@/live/live";
import { type Approval, pathOf, type Stranger } from "./types";

interface Shown {
  name: string;
  setting: string | null;
}

/** Satellites that knock, and letting them in. Shows nothing where none does. */
export function Strangers() {
  const { t } = useTranslation("satellites");
  const strangers = Object.values(useLive<Stranger>("satellites_waiting"));
  const [approval, setApproval] = useState<Shown | null>(null);
  const setting = useRef<HTMLPreElement>(null);
  const copy = async () => {
    if (setting.current) toast(t((await copyFrom(setting.current)) ? "copied" : "marked"));
  };
  const approve = async (one: Stranger) => {
    const name = one.name || one.id;
    const code = one.pairing_code ?? null;
    if (code !== null) {
      const question = {
        title: t("pairing.title", { name, code: inGroups(code) }),
        text: t("pairing.text"),
        action: t("pairing.same"),
      };
      if (!(await sure(question))) return;
    }
    await attempt(async () => {
      const given = await askJson<Approval>(`${pathOf(one.id)}/approve`, {
        method: "POST",
        json: { code },
      });
      if (given.handed) toast(t("pairing.done", { name }));
      else setApproval({ name, setting: given.setting ?? null });
    });
  };
  return (
    <>
      {strangers.length > 0 && (
        <Card title={t("waiting.title")}>
          <p className="quiet">{t("waiting.text")}</p>
          <ul className="strangers">
            {strangers.map((one) => (
              <Knocking key={one.id} one={one} onApprove={() => void approve(one)} />
            ))}
          </ul>
        </Card>
      )}
      {approval && (
        <Dialog
          open
          stays
          title={t("approved.title", { name: approval.name })}
          onClose={() => setApproval(null)}
          actions={
            <Button kind="primary" onClick={() => setApproval(null)}>
              {t("approved.done")}
            </Button>
          }
        >
          <p>{t(approval.setting ? "approved.text" : "approved.noToken")}</p>
          {approval.setting && (
            <>
              <pre ref={setting} className="token">
                {approval.setting}
              </pre>
              <div>
                <Button icon="copy" onClick={() => void copy()}>
                  {t("copy")}
                </Button>
              </div>
              <p className="quiet small">{t("approved.once")}</p>
            </>
          )}
        </Dialog>
      )}
    </>
  );
}

function Knocking({ one, onApprove }: { one: Stranger; onApprove: () => void }) {
  const { t } = useTranslation("satellites");
  const { ago } = useFormat();
  const name = one.name || one.id;
  const turnAway = () =>
    attempt(
      () => ask(`/v1/satellites/waiting/${encodeURIComponent(one.id)}`, { method: "DELETE" }),
      { done: t("pairing.turnedAway", { name }) },
    );
  return (
    <li className="row">
      <span className="grow">
        <strong>{name}</strong>
        {one.area && <span className="quiet"> · {one.area}</span>}
        {one.pairing_code && (
          <span className="pairing-code">
            <span className="visually-hidden">{t("pairing.code")}</span>
            {inGroups(one.pairing_code)}
          </span>
        )}
        <span className="hint">
          {t(one.pairing_code ? "pairing.waits" : `waiting.${one.reason}`)} · {one.address} ·{" "}
          {ago(one.first_tried)}
        </span>
        {one.known && <span className="hint warn">{t("pairing.known")}</span>}
      </span>
      <span className="row">
        <Button onClick={() => void turnAway()}>{t("pairing.turnAway")}</Button>
        <Button icon="check" kind={one.pairing_code ? "primary" : "plain"} onClick={onApprove}>
          {t(one.pairing_code ? "pairing.compare" : "waiting.approve")}
        </Button>
      </span>
    </li>
  );
}

/** Digits are compared three by three. */
function inGroups(code: string): string {
  return `${code.slice(0, 3)} ${code.slice(3)}`;
}
