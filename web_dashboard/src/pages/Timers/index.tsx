import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { hubSaid } from "@/api/clock";
import { useResource } from "@/api/useResource";
import { PageHead } from "@/components/Card";
import { Lists } from "./Lists";
import { Timers } from "./Timers";
import "./timers.css";

export default function TimersPage() {
  const { t } = useTranslation("timers");
  // The live view tells what is set; this tells what time it is at the hub.
  const { data } = useResource<{ now: string }>("/v1/timers");
  useEffect(() => hubSaid(data?.now), [data]);
  return (
    <div className="stack">
      <PageHead title={t("title")} />
      <div className="timers-and-lists">
        <Timers />
        <Lists />
      </div>
    </div>
  );
}
