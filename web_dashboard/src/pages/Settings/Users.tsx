import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ask, askJson } from "@/api/client";
import { useResource } from "@/api/useResource";
import { useSession } from "@/app/session";
import { attempt } from "@/components/attempt";
import { Badge } from "@/components/Badge";
import { Button, IconButton } from "@/components/Button";
import { Card } from "@/components/Card";
import { sure } from "@/components/Sure";
import { ErrorState, Skeleton } from "@/components/states";
import { LANGUAGES } from "@/i18n";
import type { User } from "./model";
import { UserDialog } from "./UserDialog";

interface UserPage {
  items: User[];
  next: string | null;
}
const PATH = "/v1/users?limit=200";

/** Who there is, and what each may do. */
export function Users() {
  const { t } = useTranslation(["settings", "frame"]);
  const me = useSession((session) => session.who?.user);
  const users = useResource<UserPage>(PATH);
  const [edited, setEdited] = useState<User | "new" | null>(null);

  const more = async (next: string) => {
    const page = await askJson<UserPage>(`${PATH}&after=${encodeURIComponent(next)}`);
    users.put((before) => ({ items: [...before.items, ...page.items], next: page.next }));
  };
  const remove = async (user: User) => {
    const question = {
      title: t("users.removeTitle", { name: user.name }),
      text: t("users.removeText"),
      action: t("users.remove"),
      danger: true,
    };
    if (!(await sure(question))) return;
    users.put((page) => ({ ...page, items: page.items.filter((one) => one.id !== user.id) }));
    await attempt(() => ask(`/v1/users/${user.id}`, { method: "DELETE" }), {
      done: t("users.removed", { name: user.name }),
      rollback: users.again,
    });
  };

  return (
    <Card
      title={t("tabs.users")}
      actions={
        <Button kind="primary" icon="add" onClick={() => setEdited("new")}>
          {t("users.add")}
        </Button>
      }
    >
      <p className="quiet">{t("users.text")}</p>
      {users.data ? (
        <ul className="settings-list">
          {users.data.items.map((user) => (
            <li key={user.id} className="row">
              <div className="grow">
                <strong>{user.name}</strong>{" "}
                {user.id === me && <Badge tone="accent">{t("users.you")}</Badge>}{" "}
                {user.disabled && <Badge tone="warn">{t("users.disabled")}</Badge>}
                <div className="hint">
                  {t(`frame:roles.${user.role}`)} ·{" "}
                  {LANGUAGES[user.language as keyof typeof LANGUAGES] ?? user.language}
                </div>
              </div>
              <IconButton
                icon="edit"
                label={t("users.edit", { name: user.name })}
                onClick={() => setEdited(user)}
              />
              <IconButton
                icon="trash"
                label={t("users.removeLabel", { name: user.name })}
                onClick={() => void remove(user)}
              />
            </li>
          ))}
        </ul>
      ) : users.problem ? (
        <ErrorState problem={users.problem} again={users.again} />
      ) : (
        <Skeleton lines={3} />
      )}
      {users.data?.next && (
        <Button onClick={() => void attempt(() => more(users.data?.next ?? ""))}>
          {t("users.more")}
        </Button>
      )}
      {edited && (
        <UserDialog
          user={edited === "new" ? null : edited}
          onClose={() => setEdited(null)}
          onDone={() => {
            setEdited(null);
            users.again();
          }}
        />
      )}
    </Card>
  );
}
