import { useState } from "react";
import { useTranslation } from "react-i18next";
import { attempt } from "@/components/attempt";
import { Badge } from "@/components/Badge";
import { Card } from "@/components/Card";
import { Switch } from "@/components/Switch";
import { Empty } from "@/components/states";
import { Told } from "@/components/Told";
import { toast } from "@/components/toasts";
import { hubSays } from "@/i18n/hub";
import { hide, type Made, type Server, undo } from "./api";
import { AddButton, FromFile, type ListProps, OwnActs } from "./Own";
import { sentence } from "./words";

/** Servers of both kinds; one that is switched off is known by what was made here alone. */
export function ServerList({
  servers,
  own,
  acts,
  onEdit,
  again,
}: ListProps<Made<"server">> & { servers: readonly Server[]; again: () => void }) {
  const { t } = useTranslation("tools");
  const add = <AddButton label={t("edit.add.server")} onClick={() => onEdit(null)} />;
  const inFile = servers.filter((server) => server.source === "file");
  if (inFile.length + own.length === 0)
    return (
      <Empty icon="tools" title={t("servers.none")} text={t("servers.noneText")} action={add} />
    );
  return (
    <>
      <div className="row end">{add}</div>
      <div className="tiles tools-servers">
        {own.map((one) => (
          <ServerCard
            key={one.id}
            name={one.name}
            where={one.value.command || (one.value.url ?? "")}
            server={servers.find((it) => it.name === one.name && it.source === "dashboard")}
            again={again}
          >
            <OwnActs one={one} name={one.name} acts={acts} onEdit={onEdit} />
          </ServerCard>
        ))}
        {inFile.map((server) => (
          <ServerCard
            key={server.name}
            name={server.name}
            where={server.where}
            server={server}
            again={again}
          >
            <FromFile file="hub.toml" />
          </ServerCard>
        ))}
      </div>
    </>
  );
}

function ServerCard({
  name,
  where,
  server,
  again,
  children,
}: {
  name: string;
  where: string;
  /** None: it is switched off. */
  server: Server | undefined;
  again: () => void;
  children: React.ReactNode;
}) {
  const { t } = useTranslation("tools");
  const state = !server ? "off" : server.ready ? "ready" : "away";
  const tone = { off: "plain", ready: "good", away: "bad" } as const;
  return (
    <Card
      title={name}
      actions={
        <Badge tone={tone[state]} dot>
          {t(`servers.${state}`)}
        </Badge>
      }
    >
      <p className="quiet one-line">
        <code>{where}</code>
      </p>
      {server?.problem && (
        <p className="notice">
          <Told text={sentence(hubSays(server.problem, server.words))} /> {t("servers.again")}
        </p>
      )}
      {server && server.offers.length > 0 && <Offers server={server} again={again} />}
      {server?.ready && server.offers.length === 0 && (
        <p className="small">{t("servers.noTools")}</p>
      )}
      <div className="row end">{children}</div>
    </Card>
  );
}

/** The tools of a server: each can be hidden, from a model and from sentences. */
function Offers({ server, again }: { server: Server; again: () => void }) {
  const { t } = useTranslation("tools");
  const [believed, setBelieved] = useState<Record<string, boolean>>({});
  const isHidden = (name: string, told: boolean) => believed[name] ?? told;
  const put = (name: string, hidden: boolean) => {
    setBelieved({ ...believed, [name]: hidden });
    const names = server.offers
      .filter((one) => (one.name === name ? hidden : isHidden(one.name, one.hidden)))
      .map((one) => one.name);
    const settled = () => {
      setBelieved({});
      again();
    };
    void attempt(
      async () => {
        const { undo: step } = await hide(server.name, names);
        settled();
        toast(t(hidden ? "servers.hidden" : "servers.offered", { tool: name }), {
          undo: () => attempt(() => undo(step)).then(settled),
        });
      },
      { rollback: settled },
    );
  };
  return (
    <details open={server.offers.length <= 5}>
      <summary>{t("servers.tools", { count: server.offers.length })}</summary>
      <div className="stack tight">
        {server.offers.map((one) => (
          <Switch
            key={one.name}
            label={<code>{one.name}</code>}
            hint={one.description}
            checked={!isHidden(one.name, one.hidden)}
            onChange={(offered) => put(one.name, !offered)}
          />
        ))}
      </div>
    </details>
  );
}
