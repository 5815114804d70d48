import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Badge } from "@/components/Badge";
import { Button } from "@/components/Button";
import { Card } from "@/components/Card";
import { Facts } from "@/components/Facts";
import { Search } from "@/components/Search";
import { Empty } from "@/components/states";
import type { Made, Tool, Tools } from "./api";
import { AddButton, FromFile, type ListProps, OwnActs, Problem } from "./Own";
import { Rehearsal, type Tried } from "./Rehearsal";
import { fields } from "./schema";

/** What a model and sentences may use, by where it comes from; the owner's MQTT tools first. */
export function ToolList({ all, own, acts, onEdit }: ListProps<Made<"tool">> & { all: Tools }) {
  const { t } = useTranslation("tools");
  const [words, setWords] = useState("");
  const [tried, setTried] = useState<Tried | null>(null);
  const wanted = words.toLowerCase();
  const fits = (tool: { name: string; description: string }) =>
    `${tool.name} ${tool.description}`.toLowerCase().includes(wanted);
  const groups = useMemo(() => {
    const found = new Map<string, Tool[]>();
    for (const tool of all.tools) found.set(tool.kind, [...(found.get(tool.kind) ?? []), tool]);
    found.delete("mqtt");
    return [...found];
  }, [all.tools]);
  const inFile = all.mqtt.flatMap((message) => {
    const tool = all.tools.find((one) => one.name === message.name && one.kind === "mqtt");
    return tool ? [{ message, tool }] : [];
  });
  const ownShown = own.filter((one) => fits(one.value));
  const fileShown = inFile.filter(({ tool }) => fits(tool));
  const shown = groups
    .map(([kind, tools]) => [kind, tools.filter(fits)] as const)
    .filter(([, tools]) => tools.length > 0);
  const nothing = ownShown.length + fileShown.length + shown.length === 0;

  return (
    <>
      <div className="row tools-search">
        <Search label={t("search")} value={words} onChange={setWords} />
        <AddButton label={t("edit.add.tool")} onClick={() => onEdit(null)} />
      </div>
      {nothing && <Empty title={t("none")} />}
      {(!words || ownShown.length + fileShown.length > 0) && (
        <Card title={t("kinds.mqtt")}>
          {own.length + inFile.length === 0 && <p className="quiet">{t("tool.none")}</p>}
          <ul className="lines">
            {ownShown.map((one) => (
              <li key={one.id} className="stack tight">
                <div className="row">
                  <code className="tool-name">{one.name}</code>
                  {one.value.risk === "confirm" && <Badge tone="warn">{t("asks")}</Badge>}
                  <span className="grow" />
                  <OwnActs one={one} name={one.name} acts={acts} onEdit={onEdit}>
                    {one.enabled && !one.problem && (
                      <Button
                        aria-label={t("try.title", { tool: one.name })}
                        onClick={() =>
                          setTried({
                            name: one.name,
                            parameters: { properties: one.value.parameters ?? {} },
                            uses: true,
                          })
                        }
                      >
                        {t("try.short")}
                      </Button>
                    )}
                  </OwnActs>
                </div>
                <Problem one={one} />
                <p className="quiet">{one.value.description}</p>
                <MessageFacts message={one.value} />
              </li>
            ))}
            {fileShown.map(({ message, tool }) => (
              <li key={tool.name} className="stack tight">
                <div className="row">
                  <code className="tool-name">{tool.name}</code>
                  {tool.asks && <Badge tone="warn">{t("asks")}</Badge>}
                  <FromFile file="tools.toml" />
                  <span className="grow" />
                  <TryButton tool={tool} onTry={setTried} />
                </div>
                <p className="quiet">{tool.description}</p>
                <MessageFacts message={message} />
              </li>
            ))}
          </ul>
        </Card>
      )}
      {shown.map(([kind, tools]) => (
        <Card key={kind} title={t(`kinds.${kind}`, kind)}>
          <ul className="lines">
            {tools.map((tool) => (
              <li key={tool.name} className="stack tight">
                <div className="row">
                  <code className="grow tool-name">{tool.name}</code>
                  {tool.asks && <Badge tone="warn">{t("asks")}</Badge>}
                  {tool.kind === "mcp" && <TryButton tool={tool} onTry={setTried} />}
                </div>
                <p className="quiet">{tool.description}</p>
                <Arguments tool={tool} />
              </li>
            ))}
          </ul>
        </Card>
      ))}
      {tried && <Rehearsal tool={tried} onClose={() => setTried(null)} />}
    </>
  );
}

function TryButton({ tool, onTry }: { tool: Tool; onTry: (tried: Tried) => void }) {
  const { t } = useTranslation("tools");
  const { name, parameters, kind } = tool;
  return (
    <Button
      aria-label={t("try.title", { tool: name })}
      onClick={() => onTry({ name, parameters, uses: true, silent: kind !== "mqtt" })}
    >
      {t("try.short")}
    </Button>
  );
}

interface Message {
  topic: string;
  payload?: string | null;
  reply_topic?: string | null;
  sentences?: Record<string, string[]>;
}

function MessageFacts({ message }: { message: Message }) {
  const { t } = useTranslation("tools");
  return (
    <details>
      <summary>{t("details")}</summary>
      <div className="stack tight">
        <Facts
          facts={{
            [t("mqtt.topic")]: <code>{message.topic}</code>,
            [t("mqtt.payload")]: <code>{message.payload ?? t("mqtt.json")}</code>,
            [t("mqtt.reply")]: message.reply_topic && <code>{message.reply_topic}</code>,
          }}
        />
        {Object.entries(message.sentences ?? {}).map(([language, sentences]) => (
          <p key={language} className="small">
            <Badge>{language}</Badge> {sentences.join(" · ")}
          </p>
        ))}
      </div>
    </details>
  );
}

function Arguments({ tool }: { tool: Tool }) {
  const { t } = useTranslation("tools");
  const wanted = fields(tool.parameters);
  if (wanted.length === 0) return null;
  return (
    <details>
      <summary>{t("details")}</summary>
      <ul className="arguments">
        {wanted.map((field) => (
          <li key={field.name}>
            <code>
              {field.name}: {field.type}
              {field.required ? "" : "?"}
            </code>{" "}
            <span className="quiet small">
              {[field.description, field.hint].filter(Boolean).join(" · ")}
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}
