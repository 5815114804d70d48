import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useLocation, useNavigate } from "react-router";
import { hubSaid } from "@/api/clock";
import { useResource } from "@/api/useResource";
import { atLeast, useSession } from "@/app/session";
import { PageHead } from "@/components/Card";
import { ErrorState, Skeleton } from "@/components/states";
import { Tabs } from "@/components/Tabs";
import { useFormat } from "@/i18n/format";
import { DETAILS, type Details } from "./api";
import { Log } from "./Log";
import { Errors, Findings, MachineCard, Parts, Queues } from "./Now";
import { Speed } from "./Speed";
import "./health.css";

const EVERY_MS = 15_000;
const PLACE = "/health-report";

/** How the hub does. */
export default function Health() {
  const { t } = useTranslation("health");
  const format = useFormat();
  const owner = atLeast(
    useSession((session) => session.who?.role),
    "owner",
  );
  const { data, problem, again } = useResource<Details>(DETAILS);
  const navigate = useNavigate();
  const open = useLocation().pathname.slice(PLACE.length + 1) || "now";

  useEffect(() => {
    // A page in the background need not be kept up to date.
    const timer = setInterval(() => document.hidden || again(), EVERY_MS);
    return () => clearInterval(timer);
  }, [again]);
  useEffect(() => hubSaid(data?.now), [data?.now]);

  const now = data ? (
    <div className="stack">
      <Parts details={data} />
      <div className="halves">
        <MachineCard machine={data.machine} />
        <Errors details={data} />
      </div>
      <Queues details={data} />
    </div>
  ) : problem ? (
    <ErrorState problem={problem} again={again} />
  ) : (
    <Skeleton lines={3} tall />
  );

  return (
    <div className="stack health">
      <PageHead
        title={t("title")}
        text={
          data &&
          t("since", {
            hub: data.hub,
            version: data.version,
            ago: format.ago(data.started_at, new Date(data.now).getTime()),
          })
        }
      />
      {data && problem ? <p className="notice warn">{t("stale")}</p> : null}
      <Tabs
        label={t("title")}
        open={open}
        onOpen={(id) => navigate(id === "now" ? PLACE : `${PLACE}/${id}`, { replace: true })}
        tabs={[
          { id: "now", label: t("tabs.now"), content: now },
          { id: "speed", label: t("tabs.speed"), content: <Speed /> },
          ...(owner
            ? [
                { id: "doctor", label: t("tabs.doctor"), content: <Findings /> },
                { id: "log", label: t("tabs.log"), content: <Log /> },
              ]
            : []),
        ]}
      />
    </div>
  );
}
