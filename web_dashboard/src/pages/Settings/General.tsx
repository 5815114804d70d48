import { useTranslation } from "react-i18next";
import { ask } from "@/api/client";
import { useResource } from "@/api/useResource";
import { LanguageSelect, ThemeSelect } from "@/app/choices";
import { settle, signOut } from "@/app/session";
import { attempt } from "@/components/attempt";
import { Badge } from "@/components/Badge";
import { Button } from "@/components/Button";
import { Card } from "@/components/Card";
import { sure } from "@/components/Sure";
import { ErrorState, Skeleton } from "@/components/states";
import { clientName, type Login, when } from "./model";
import { Password } from "./Password";

/** What is one's own: how the page looks and speaks, the password, and where one is logged in. */
export function General() {
  const { t } = useTranslation("settings");
  return (
    <div className="settings-columns">
      <Card title={t("general.page")}>
        <LanguageSelect />
        <ThemeSelect />
        <p className="hint">{t("general.pageHint")}</p>
      </Card>
      <Password />
      <Logins />
    </div>
  );
}

function Logins() {
  const { t, i18n } = useTranslation("settings");
  const logins = useResource<Login[]>("/v1/session/logins");

  const end = (login: Login) => {
    logins.put((all) => all.filter((one) => one.id !== login.id));
    void attempt(() => ask(`/v1/session/logins/${login.id}`, { method: "DELETE" }), {
      done: t("logins.ended", { client: clientName(login.client) }),
      rollback: logins.again,
    });
  };
  const endAll = async () => {
    const question = {
      title: t("logins.everywhereTitle"),
      text: t("logins.everywhereText"),
      action: t("logins.everywhere"),
      danger: true,
    };
    if (!(await sure(question))) return;
    await settle();
    if (await attempt(() => ask("/v1/session/everywhere-out", { method: "POST" })))
      await attempt(signOut);
  };

  return (
    <Card title={t("logins.title")} className="wide">
      {logins.data ? (
        <ul className="settings-list">
          {logins.data.map((login) => (
            <li key={login.id} className="row">
              <div className="grow">
                <strong>{clientName(login.client) || t("logins.unknown")}</strong>{" "}
                {login.this && <Badge tone="accent">{t("logins.this")}</Badge>}
                <div className="hint">
                  {t("logins.seen", { when: when(login.seen, i18n.language) })}
                </div>
              </div>
              {!login.this && (
                <Button
                  kind="quiet"
                  icon="leave"
                  aria-label={t("logins.endLabel", { client: clientName(login.client) })}
                  onClick={() => end(login)}
                >
                  {t("logins.end")}
                </Button>
              )}
            </li>
          ))}
        </ul>
      ) : logins.problem ? (
        <ErrorState problem={logins.problem} again={logins.again} />
      ) : (
        <Skeleton lines={2} />
      )}
      <div className="row">
        <Button kind="danger" icon="leave" onClick={() => void endAll()}>
          {t("logins.everywhere")}
        </Button>
      </div>
    </Card>
  );
}
