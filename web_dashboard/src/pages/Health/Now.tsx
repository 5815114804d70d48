/** How the hub does at this moment: its parts, queues, machine, errors and findings. */

import { useTranslation } from "react-i18next";
import { useResource } from "@/api/useResource";
import { Badge } from "@/components/Badge";
import { Button } from "@/components/Button";
import { Card } from "@/components/Card";
import { Facts } from "@/components/Facts";
import { Icon } from "@/components/Icon";
import { Plot } from "@/components/Plot";
import { Meter } from "@/components/Progress";
import { Empty, ErrorState, Skeleton } from "@/components/states";
import { Told } from "@/components/Told";
import { useFormat } from "@/i18n/format";
import { hubLogs, hubName, hubSays } from "@/i18n/hub";
import { type Details, FINDINGS, type Finding, type Machine, type Part } from "./api";
import { textOf } from "./figures";

const TONES = { well: "good", spare: "warn", down: "bad" } as const;

export function Parts({ details }: { details: Details }) {
  const { t } = useTranslation("health");
  const format = useFormat();
  const down = details.parts.filter((part) => part.needed && part.state === "down");
  return (
    <Card
      title={t("parts.title")}
      actions={
        <Badge tone={details.ready ? "good" : "bad"} dot>
          {t(details.ready ? "parts.ready" : "parts.notReady")}
        </Badge>
      }
    >
      {down.length > 0 && (
        <p className="notice" role="alert">
          {t("parts.down", { names: format.list(down.map((part) => nameOf(t, part))) })}
        </p>
      )}
      <ul className="lines">
        {details.parts.map((part) => (
          <li key={part.name} className="row">
            <Badge tone={!part.needed && part.state === "down" ? "plain" : TONES[part.state]} dot>
              {t(`states.${!part.needed && part.state === "down" ? "without" : part.state}`)}
            </Badge>
            <strong>{nameOf(t, part)}</strong>
            <span className="quiet grow">
              <Told text={hubSays(part.text, part.words)} />
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function nameOf(t: (key: string, fallback: string) => string, part: Part): string {
  return t(`parts.${part.name}`, part.name);
}

export function Queues({ details }: { details: Details }) {
  const { t } = useTranslation("health");
  const format = useFormat();
  const points = (value: (sample: Details["samples"][number]) => number) =>
    details.samples.map((sample) => ({ at: new Date(sample.at).getTime(), value: value(sample) }));
  return (
    <Card title={t("queues.title")}>
      <p className="quiet">{t("queues.text")}</p>
      <ul className="lines">
        {details.queues.map((queue) => (
          <li key={queue.name} className="queue">
            <span>{queueName(t, queue.name)}</span>
            <Meter
              label={queueName(t, queue.name)}
              value={queue.most ? queue.waiting / queue.most : 0}
              text={t("queues.of", { count: queue.waiting, most: queue.most })}
            />
            <span className="number quiet">
              {queue.waiting} / {queue.most}
            </span>
            {queue.lost > 0 && <Badge tone="bad">{t("queues.lost", { count: queue.lost })}</Badge>}
          </li>
        ))}
      </ul>
      {details.samples.length > 1 && (
        <>
          <Plot
            title={t("queues.waiting")}
            format={format.number}
            height={140}
            series={[{ name: t("queues.waiting"), points: points((one) => one.waiting) }]}
          />
          <Plot
            title={t("machine.cpu")}
            format={(value) => format.percent(value / 100)}
            height={140}
            series={[{ name: t("machine.cpu"), points: points((one) => one.cpu_percent) }]}
          />
          <Plot
            title={t("machine.memoryUsed")}
            format={format.bytes}
            height={140}
            series={[
              { name: t("machine.memoryUsed"), points: points((one) => one.memory_used_bytes) },
            ]}
          />
        </>
      )}
    </Card>
  );
}

/** Return what a queue is called: "Hearing: phrases". */
function queueName(t: (key: string, fallback: string) => string, name: string): string {
  const [role = name, engine] = name.split(": ");
  const kept = role === "audit" || role === "turns";
  const called = t(kept ? `queues.${role}` : `parts.${role}`, role);
  return engine ? `${called}: ${engine}` : called;
}

export function MachineCard({ machine }: { machine: Machine }) {
  const { t } = useTranslation("health");
  const format = useFormat();
  const of = (free: number, all: number) =>
    t("machine.free", { free: format.bytes(free), all: format.bytes(all) });
  return (
    <Card title={t("machine.title")}>
      <Facts
        facts={{
          [t("machine.cpu")]: format.percent(machine.cpu_percent / 100),
          [t("machine.cores")]: machine.cores,
          [t("machine.load")]: format.number(machine.load),
          [t("machine.memory")]: of(machine.memory_free_bytes, machine.memory_bytes),
          [t("machine.disk")]: of(machine.disk_free_bytes, machine.disk_bytes),
          [t("machine.hub")]: format.bytes(machine.hub_memory_bytes),
        }}
      />
      {machine.gpus.length === 0 && <p className="quiet small">{t("machine.noGpu")}</p>}
      {machine.gpus.map((gpu, index) => (
        <div key={index} className="stack tight">
          <h3>{gpu.name}</h3>
          <Facts
            facts={{
              [t("machine.gpu")]:
                gpu.used_percent == null ? null : format.percent(gpu.used_percent / 100),
              [t("machine.memory")]:
                gpu.memory_used_bytes == null || gpu.memory_bytes == null
                  ? null
                  : of(gpu.memory_bytes - gpu.memory_used_bytes, gpu.memory_bytes),
              [t("machine.warm")]: gpu.celsius == null ? null : format.celsius(gpu.celsius),
            }}
          />
        </div>
      ))}
    </Card>
  );
}

export function Errors({ details }: { details: Details }) {
  const { t } = useTranslation("health");
  const format = useFormat();
  return (
    <Card title={t("errors.title")}>
      {details.errors.length === 0 ? (
        <Empty icon="check" title={t("errors.none")} text={t("errors.noneText")} />
      ) : (
        <ul className="lines">
          {details.errors.map((error) => (
            <li key={`${error.level} ${error.text}`} className="stack tight">
              <div className="row">
                <Badge tone={error.level === "warning" ? "warn" : "bad"}>
                  {t(`levels.${error.level}`, error.level)}
                </Badge>
                <strong className="grow">{hubLogs(error.text)}</strong>
                <span className="quiet small">
                  {error.count > 1 && `${t("errors.times", { count: error.count })} · `}
                  {format.ago(error.last_at, new Date(details.now).getTime())}
                </span>
              </div>
              {error.last && Object.keys(error.last.values).length > 0 && (
                <details>
                  <summary>{t("errors.last")}</summary>
                  <p className="small words" lang="en">
                    {textOf(error.last)}
                  </p>
                </details>
              )}
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

/** What the doctor finds, with what to do; what is not well comes first. */
export function Findings() {
  const { t } = useTranslation("health");
  const { data, problem, loading, again } = useResource<Finding[]>(FINDINGS);
  const sorted = [...(data ?? [])].sort((one, other) => Number(one.ok) - Number(other.ok));
  const wrong = sorted.filter((finding) => !finding.ok).length;
  return (
    <Card
      title={t("findings.title")}
      actions={
        <Button icon="refresh" busy={loading && data !== undefined} onClick={again}>
          {t("findings.again")}
        </Button>
      }
    >
      {!data && problem ? (
        <ErrorState problem={problem} again={again} />
      ) : !data ? (
        <Skeleton lines={4} />
      ) : (
        <>
          <p>{wrong ? t("findings.wrong", { count: wrong }) : t("findings.well")}</p>
          <ul className="lines findings">
            {sorted.map((finding, index) => (
              <li key={`${finding.name} ${index}`} className={finding.ok ? "row" : "row wrong"}>
                <span className={finding.ok ? "mark good" : "mark bad"}>
                  <Icon name={finding.ok ? "check" : "warning"} />
                  <span className="visually-hidden">
                    {t(finding.ok ? "states.well" : "findings.toDo")}
                  </span>
                </span>
                <strong>{hubName(finding.name)}</strong>
                <span className={finding.ok ? "quiet grow" : "grow"}>
                  <Told text={hubSays(finding.text, finding.words)} />
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </Card>
  );
}
