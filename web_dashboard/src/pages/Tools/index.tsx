import { type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation, useNavigate } from "react-router";
import { useResource } from "@/api/useResource";
import { Button } from "@/components/Button";
import { PageHead } from "@/components/Card";
import { ErrorState, Skeleton } from "@/components/states";
import { Tabs } from "@/components/Tabs";
import { Told } from "@/components/Told";
import { hubSays } from "@/i18n/hub";
import { useLiveItem } from "@/live/live";
import { Audit } from "./Audit";
import { useActs } from "./acts";
import {
  ADDITIONS,
  type Addition,
  type Additions,
  type Tools as All,
  type Kind,
  ofKind,
  type Policies,
} from "./api";
import { RuleDialog } from "./RuleDialog";
import { RuleList } from "./RuleList";
import { RuleTrial } from "./RuleTrial";
import { ServerDialog } from "./ServerDialog";
import { ServerList } from "./ServerList";
import { ToolDialog } from "./ToolDialog";
import { ToolList } from "./ToolList";
import { WhenDialog } from "./WhenDialog";
import { WhenList } from "./WhenList";
import "./tools.css";

const PLACE = "/tools";

/** What may be used in this home, under which rules, and what was. */
export default function Tools() {
  const { t } = useTranslation("tools");
  const tools = useResource<All>("/v1/tools");
  const policies = useResource<Policies>("/v1/policies");
  const additions = useResource<Additions>(ADDITIONS);
  const navigate = useNavigate();
  const open = useLocation().pathname.slice(PLACE.length + 1) || "tools";
  const [edited, setEdited] = useState<{ kind: Kind; one: Addition | null } | null>(null);

  const again = () => {
    tools.again();
    additions.again();
  };
  const acts = useActs(additions, again);
  useChanges(again);

  const own = additions.data;
  const problem = tools.problem ?? additions.problem ?? policies.problem;
  const { data } = tools;
  const shown = (content: (all: All, rules: Policies) => ReactNode) =>
    data && own && policies.data ? (
      content(data, policies.data)
    ) : problem ? (
      <ErrorState
        problem={problem}
        again={() => {
          again();
          policies.again();
        }}
      />
    ) : (
      <Skeleton lines={5} />
    );
  const edits = (kind: Kind) => ({
    acts,
    onEdit: (one: Addition | null) => setEdited({ kind, one }),
  });

  return (
    <div className="stack tools">
      <PageHead
        title={t("title")}
        text={t("text")}
        actions={
          <Button icon="refresh" onClick={again} busy={tools.loading && !!data}>
            {t("again")}
          </Button>
        }
      />
      {data && data.problems.length > 0 && (
        <div className="notice warn stack tight" role="alert">
          <strong>{t("problems")}</strong>
          <ul>
            {data.problems.map((one, at) => (
              <li key={one}>
                <Told text={hubSays(one, data.problem_words[at])} />
              </li>
            ))}
          </ul>
        </div>
      )}
      <Tabs
        label={t("title")}
        open={open}
        onOpen={(id) => navigate(id === "tools" ? PLACE : `${PLACE}/${id}`, { replace: true })}
        tabs={[
          {
            id: "tools",
            label: t("tabs.tools"),
            content: shown((all) => (
              <ToolList all={all} own={ofKind(own, "tool")} {...edits("tool")} />
            )),
          },
          {
            id: "servers",
            label: t("tabs.servers"),
            content: shown((all) => (
              <ServerList
                servers={all.servers}
                own={ofKind(own, "server")}
                again={again}
                {...edits("server")}
              />
            )),
          },
          {
            id: "automations",
            label: t("tabs.automations"),
            content: shown((all) => (
              <WhenList inFile={all.whens} own={ofKind(own, "when")} {...edits("when")} />
            )),
          },
          {
            id: "rules",
            label: t("tabs.rules"),
            content: shown((_, { rules }) => (
              <>
                <RuleList inFile={rules} own={ofKind(own, "rule")} {...edits("rule")} />
                <RuleTrial own={ofKind(own, "rule")} />
              </>
            )),
          },
          { id: "audit", label: t("tabs.audit"), content: <Audit /> },
        ]}
      />
      {data && (
        <p className="quiet small">{t("files", { file: data.file, folder: data.sentences })}</p>
      )}
      {edited && (
        <Edited
          kind={edited.kind}
          one={edited.one}
          tools={data}
          onClose={() => setEdited(null)}
          onDone={() => {
            setEdited(null);
            again();
          }}
        />
      )}
    </div>
  );
}

interface EditedProps {
  kind: Kind;
  one: Addition | null;
  tools: All | undefined;
  onClose: () => void;
  onDone: () => void;
}

function Edited({ kind, one, tools, ...rest }: EditedProps) {
  switch (kind) {
    case "tool":
      return <ToolDialog tool={one?.kind === "tool" ? one : null} {...rest} />;
    case "when":
      return <WhenDialog when={one?.kind === "when" ? one : null} {...rest} />;
    case "rule":
      return <RuleDialog rule={one?.kind === "rule" ? one : null} tools={tools} {...rest} />;
    case "server":
      return <ServerDialog server={one?.kind === "server" ? one : null} {...rest} />;
  }
}

/** Look again when a server comes or goes, or somebody else changes something. */
function useChanges(again: () => void): void {
  const version = useLiveItem<{ version: number }>("tools", "tools")?.version;
  const known = useRef(version);
  const look = useRef(again);
  look.current = again;
  useEffect(() => {
    if (version === undefined || version === known.current) return;
    const first = known.current === undefined;
    known.current = version;
    if (!first) look.current();
  }, [version]);
}
