import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ask } from "@/api/client";
import { hubNow } from "@/api/clock";
import { useResource } from "@/api/useResource";
import { atLeast, useSession } from "@/app/session";
import { attempt } from "@/components/attempt";
import { Badge } from "@/components/Badge";
import { Button, IconButton } from "@/components/Button";
import { Card } from "@/components/Card";
import { sure } from "@/components/Sure";
import { Switch } from "@/components/Switch";
import { Empty, ErrorState, Skeleton } from "@/components/states";
import { type Token, when } from "./model";
import { TokenDialog } from "./TokenDialog";

/** What programs log in with. */
export function Tokens() {
  const { t, i18n } = useTranslation("settings");
  const owner = useSession((session) => atLeast(session.who?.role, "owner"));
  const [everybody, setEverybody] = useState(false);
  const tokens = useResource<Token[]>(everybody ? "/v1/tokens?everybody=true" : "/v1/tokens");
  const [making, setMaking] = useState(false);

  const end = async (token: Token) => {
    const question = {
      title: t("tokens.endTitle", { name: token.name }),
      text: t("tokens.endText"),
      action: t("tokens.end"),
      danger: true,
    };
    if (!(await sure(question))) return;
    tokens.put((all) => all.filter((one) => one.id !== token.id));
    await attempt(() => ask(`/v1/tokens/${token.id}`, { method: "DELETE" }), {
      done: t("tokens.ended", { name: token.name }),
      rollback: tokens.again,
    });
  };
  const add = (
    <Button kind="primary" icon="add" onClick={() => setMaking(true)}>
      {t("tokens.add")}
    </Button>
  );

  return (
    <Card title={t("tabs.tokens")} actions={tokens.data?.length ? add : undefined}>
      <p className="quiet">{t("tokens.text")}</p>
      {owner && (
        <Switch label={t("tokens.everybody")} checked={everybody} onChange={setEverybody} />
      )}
      {tokens.data?.length === 0 ? (
        <Empty icon="lock" title={t("tokens.none")} text={t("tokens.noneText")} action={add} />
      ) : tokens.data ? (
        <ul className="settings-list">
          {tokens.data.map((token) => (
            <li key={token.id} className="row">
              <div className="grow">
                <strong>{token.name}</strong> {everybody && <span>({token.user})</span>}{" "}
                {token.scopes.map((scope) => (
                  <Badge key={scope} tone={scope === "admin" ? "warn" : "plain"}>
                    {t(`tokens.scopes.${scope}.name`)}
                  </Badge>
                ))}
                <div className="hint">{words(token)}</div>
              </div>
              <IconButton
                icon="trash"
                label={t("tokens.endLabel", { name: token.name })}
                onClick={() => void end(token)}
              />
            </li>
          ))}
        </ul>
      ) : tokens.problem ? (
        <ErrorState problem={tokens.problem} again={tokens.again} />
      ) : (
        <Skeleton lines={3} />
      )}
      {making && (
        <TokenDialog
          onClose={() => {
            setMaking(false);
            tokens.again();
          }}
        />
      )}
    </Card>
  );

  function words(token: Token): string {
    const day = (moment: string) => when(moment, i18n.language);
    const used = token.used ? t("tokens.used", { when: day(token.used) }) : t("tokens.unused");
    if (!token.expires) return used;
    const over = new Date(token.expires).getTime() <= hubNow();
    return `${used} · ${t(over ? "tokens.expired" : "tokens.expires", { when: day(token.expires) })}`;
  }
}
