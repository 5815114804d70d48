import { useTranslation } from "react-i18next";
import { useLocation, useNavigate } from "react-router";
import { atLeast, type Role, useSession } from "@/app/session";
import { PageHead } from "@/components/Card";
import { Tabs } from "@/components/Tabs";
import { Backup } from "./Backup";
import { General } from "./General";
import { Hub } from "./Hub";
import { Tokens } from "./Tokens";
import { Users } from "./Users";
import "./Settings.css";

const TABS: { id: string; least: Role; Content: () => React.JSX.Element }[] = [
  { id: "general", least: "guest", Content: General },
  { id: "users", least: "owner", Content: Users },
  { id: "tokens", least: "member", Content: Tokens },
  { id: "backup", least: "owner", Content: Backup },
  { id: "hub", least: "owner", Content: Hub },
];

export default function Settings() {
  const { t } = useTranslation(["settings", "frame"]);
  const role = useSession((session) => session.who?.role);
  const navigate = useNavigate();
  const open = useLocation().pathname.split("/")[2] || "general";
  const tabs = TABS.filter((tab) => atLeast(role, tab.least)).map(({ id, Content }) => ({
    id,
    label: t(`tabs.${id}`),
    content: <Content />,
  }));
  return (
    <div className="stack">
      <PageHead title={t("frame:pages.settings")} />
      <Tabs
        label={t("frame:pages.settings")}
        tabs={tabs}
        open={open}
        onOpen={(id) => navigate(id === "general" ? "/settings" : `/settings/${id}`)}
      />
    </div>
  );
}
