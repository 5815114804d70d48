import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Route, Routes, useParams } from "react-router";
import { PageHead } from "@/components/Card";
import { Empty } from "@/components/states";
import { useLive } from "@/live/live";
import { Conversation } from "./Conversation";
import "./conversations.css";
import { KeepingButton } from "./Keeping";
import { List } from "./List";
import { stop } from "./replay";
import { first, refreshFirst } from "./search";
import { UnderWay } from "./UnderWay";

interface Shown extends Record<string, unknown> {
  id: string;
  running: boolean;
}

function Both() {
  const { t } = useTranslation("conversations");
  const { conversation } = useParams();
  return (
    <div className="conversations" data-open={conversation ? "" : undefined}>
      <section className="conversations-list" aria-label={t("list")}>
        <UnderWay />
        <List open={conversation} />
      </section>
      <section className="conversations-one" aria-label={t("one")}>
        {conversation ? (
          <Conversation key={conversation} id={conversation} />
        ) : (
          <Empty icon="conversations" title={t("chooseTitle")} text={t("choose")} />
        )}
      </section>
    </div>
  );
}

export default function Conversations() {
  const { t } = useTranslation("conversations");
  const turns = useLive<Shown>("turns");
  const over = Object.values(turns)
    .filter((turn) => !turn.running)
    .map((turn) => turn.id)
    .join();

  useEffect(() => {
    void first();
    return stop;
  }, []);
  // What is over is in the list a moment later.
  useEffect(() => {
    const timer = setTimeout(() => void refreshFirst(), 400);
    return () => clearTimeout(timer);
  }, [over]);

  return (
    <>
      <PageHead title={t("title")} actions={<KeepingButton />} />
      <Routes>
        <Route index element={<Both />} />
        <Route path=":conversation" element={<Both />} />
      </Routes>
    </>
  );
}
