import { useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { attempt } from "@/components/attempt";
import { Badge, type Tone } from "@/components/Badge";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { Facts } from "@/components/Facts";
import { SelectField } from "@/components/Field";
import { Search } from "@/components/Search";
import { Switch } from "@/components/Switch";
import { Empty, ErrorState, Skeleton } from "@/components/states";
import { Table } from "@/components/Table";
import { useFormat } from "@/i18n/format";
import { type Entry, entries, undo, type Wanted } from "./api";

const VERDICTS = ["allowed", "asked", "refused", "confirmed", "declined"] as const;
const TONES: Record<string, Tone> = {
  allowed: "good",
  confirmed: "good",
  asked: "accent",
  refused: "bad",
  declined: "warn",
};

interface Found {
  items: Entry[];
  next: string | null;
}

/** What was done in the home, by whom, and what came of it. */
export function Audit() {
  const { t } = useTranslation("tools");
  const format = useFormat();
  const [wanted, setWanted] = useState<Wanted>({ q: "", verdict: "", failed: false });
  const [found, setFound] = useState<Found | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const [opened, setOpened] = useState<Entry | null>(null);
  const asking = useRef<AbortController | null>(null);
  const [tries, setTries] = useState(0);

  useEffect(() => {
    const gone = new AbortController();
    asking.current = gone;
    entries(wanted, null, gone.signal).then(
      (page) => {
        setFound({ items: page.items, next: page.next ?? null });
        setProblem(null);
      },
      (error: unknown) => gone.signal.aborted || setProblem(error),
    );
    return () => gone.abort();
  }, [wanted, tries]);

  const loading = useRef(false);
  const more = useCallback(() => {
    const signal = asking.current?.signal;
    if (!found?.next || !signal || loading.current) return;
    loading.current = true;
    entries(wanted, found.next, signal)
      .then(
        (page) => setFound({ items: [...found.items, ...page.items], next: page.next ?? null }),
        (error: unknown) => signal.aborted || setProblem(error),
      )
      .finally(() => {
        loading.current = false;
      });
  }, [found, wanted]);

  const takeBack = async (step: string) => {
    await attempt(() => undo(step), { done: t("audit.undone") });
    setOpened(null);
    setTries(tries + 1);
  };

  return (
    <>
      <div className="row audit-filter">
        <Search
          label={t("audit.search")}
          value={wanted.q}
          onChange={(q) => setWanted({ ...wanted, q })}
        />
        <SelectField
          label={t("audit.verdict")}
          value={wanted.verdict}
          onChange={(event) => setWanted({ ...wanted, verdict: event.target.value })}
          options={[
            { value: "", label: t("audit.any") },
            ...VERDICTS.map((one) => ({ value: one, label: t(`verdicts.${one}`) })),
          ]}
        />
        <Switch
          label={t("audit.failed")}
          checked={wanted.failed}
          onChange={(failed) => setWanted({ ...wanted, failed })}
        />
      </div>
      {problem ? (
        <ErrorState problem={problem} again={() => setTries(tries + 1)} />
      ) : found === null ? (
        <Skeleton lines={6} />
      ) : found.items.length === 0 ? (
        <Empty title={t("audit.none")} text={t("audit.noneText")} />
      ) : (
        <Table
          label={t("tabs.audit")}
          rows={found.items}
          keyOf={(entry) => String(entry.id)}
          onOpen={setOpened}
          onEnd={more}
          columns={[
            {
              id: "at",
              head: t("audit.when"),
              width: "min(11.5rem, 26vw)",
              cell: (entry) => format.dateTime(entry.at),
            },
            { id: "tool", head: t("audit.what"), width: "1.2fr", cell: (entry) => entry.tool },
            {
              id: "who",
              head: t("audit.who"),
              desk: true,
              cell: (entry) => [entry.person, entry.room].filter(Boolean).join(", ") || "–",
            },
            {
              id: "arguments",
              head: t("audit.arguments"),
              width: "2fr",
              desk: true,
              cell: (entry) => <code className="one-line">{entry.arguments}</code>,
            },
            {
              id: "verdict",
              head: t("audit.verdict"),
              width: "min(8rem, 27vw)",
              cell: (entry) => (
                <Badge tone={toneOf(entry)}>
                  {t(isFailed(entry) ? "audit.failedOne" : `verdicts.${entry.verdict}`)}
                </Badge>
              ),
            },
          ]}
        />
      )}
      <Dialog
        open={opened !== null}
        onClose={() => setOpened(null)}
        title={opened?.tool}
        side
        actions={
          opened?.undo && (
            <Button icon="undo" onClick={() => takeBack(opened.undo as string)}>
              {t("audit.undo")}
            </Button>
          )
        }
      >
        {opened && (
          <div className="stack">
            <Facts
              facts={{
                [t("audit.when")]: format.dateTime(opened.at),
                [t("audit.who")]: opened.person,
                [t("audit.room")]: opened.room,
                [t("audit.verdict")]: t(`verdicts.${opened.verdict}`, opened.verdict),
                [t("audit.took")]: format.duration(opened.took_ms),
                [t("audit.turn")]: opened.turn,
              }}
            />
            {isFailed(opened) ? (
              <p className="notice">{opened.code}</p>
            ) : (
              opened.code !== "ok" && <p className="quiet">{opened.code}</p>
            )}
            <h3>{t("audit.arguments")}</h3>
            <pre className="code">{pretty(opened.arguments)}</pre>
          </div>
        )}
      </Dialog>
    </>
  );
}

/** Whether it was done, and went wrong; what was asked or refused has a code too. */
function isFailed(entry: Entry): boolean {
  return entry.code !== "ok" && (entry.verdict === "allowed" || entry.verdict === "confirmed");
}

function toneOf(entry: Entry): Tone {
  return isFailed(entry) ? "bad" : (TONES[entry.verdict] ?? "plain");
}

/** Return JSON on several lines; what was cut off, as it is. */
function pretty(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
}
