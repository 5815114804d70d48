import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Unreachable } from "@/api/client";
import { useResource } from "@/api/useResource";
import { attempt } from "@/components/attempt";
import { PageHead } from "@/components/Card";
import { ErrorState, Skeleton } from "@/components/states";
import { useLive } from "@/live/live";
import { type Engines as All, type Choice, choose, ENGINES, MODELS, type ModelList } from "./api";
import { EngineCard } from "./EngineCard";
import { Models } from "./Models";
import { HearingTrial, VoiceTrial } from "./Trials";
import "./engines.css";

/** What hears, speaks and thinks; which models there are; trying them. */
export default function Engines() {
  const { t } = useTranslation("engines");
  const engines = useResource<All>(ENGINES);
  const models = useResource<ModelList>(MODELS);
  const told = useLive("engines");
  const downloads = useLive("downloads");
  const [busy, setBusy] = useState(false);
  const done = Object.values(downloads).filter((one) => one.step === "done").length;

  const askEngines = engines.again;
  const askModels = models.again;
  useEffect(() => askEngines(), [told, askEngines]);
  useEffect(() => {
    if (done > 0) askModels();
  }, [done, askModels]);

  const take = async (choice: Choice) => {
    setBusy(true);
    try {
      const now = await choose(choice);
      engines.put(() => now);
    } finally {
      setBusy(false);
      models.again();
    }
  };
  const again = () => {
    askEngines();
    askModels();
  };
  const change = (part: Partial<Choice>) => {
    const before = engines.data?.choice;
    if (!before) return;
    void attempt(() => take({ ...before, ...part }), {
      done: t("chosen"),
      undo: () => take(before),
    });
  };

  const { data } = engines;
  // That the hub is away is said once.
  const saidAbove = !data && [engines, models].every((one) => one.problem instanceof Unreachable);
  const whispers =
    models.data?.items
      .filter((model) => model.here && model.name.startsWith("whisper/"))
      .map((model) => model.name.slice("whisper/".length)) ?? [];
  return (
    <div className="stack engines">
      <PageHead title={t("title")} text={t("text")} />
      {!data && engines.problem ? (
        <ErrorState problem={engines.problem} again={again} />
      ) : !data ? (
        <Skeleton lines={3} tall />
      ) : (
        <>
          <div className="engine-tiles">
            {data.engines.map((engine) => (
              <EngineCard
                key={engine.role}
                engine={engine}
                all={data}
                whispers={whispers}
                busy={busy}
                onChoose={change}
              />
            ))}
          </div>
          <div className="engine-tiles">
            <VoiceTrial languages={data.languages} />
            <HearingTrial languages={data.languages} />
          </div>
        </>
      )}
      {models.data ? (
        <Models list={models.data} again={models.again} />
      ) : saidAbove ? null : models.problem ? (
        <ErrorState problem={models.problem} again={models.again} />
      ) : (
        <Skeleton lines={4} />
      )}
    </div>
  );
}
