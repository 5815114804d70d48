import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useResource } from "@/api/useResource";
import { Badge } from "@/components/Badge";
import { Card } from "@/components/Card";
import { Search } from "@/components/Search";
import { Switch } from "@/components/Switch";
import { Empty, ErrorState, Skeleton } from "@/components/states";
import { Told } from "@/components/Told";
import { hubMeans } from "@/i18n/hub";
import { type HubSettings, sections, shown } from "./model";

/** What is set, where it is set, and what it means. It is changed where it stands. */
export function Hub() {
  const { t, ready } = useTranslation(["settings", "hub_settings"], { useSuspense: false });
  const hub = useResource<HubSettings>("/v1/settings");
  const [words, setWords] = useState("");
  const [onlySet, setOnlySet] = useState(false);

  if (!hub.data || !ready)
    return hub.problem ? (
      <ErrorState problem={hub.problem} again={hub.again} />
    ) : (
      <Skeleton lines={5} tall />
    );
  const settings = hub.data.settings.map((one) => ({ ...one, text: hubMeans(one.text) }));
  const found = sections(settings, words, onlySet);
  const meaning = (section: string) => hubMeans(hub.data?.sections[section] ?? "");
  return (
    <>
      <p className="quiet">
        {t("hub.text")} {hub.data.file && <code>{hub.data.file}</code>}
      </p>
      <div className="row">
        <Search label={t("hub.search")} value={words} onChange={setWords} />
        <Switch label={t("hub.onlySet")} checked={onlySet} onChange={setOnlySet} />
      </div>
      {found.length === 0 && <Empty title={t("hub.none")} text={t("hub.noneText")} />}
      {found.map((section) => (
        <Card key={section.name} title={section.name ? `[${section.name}]` : t("hub.top")}>
          {section.name && (
            <p className="quiet">
              <Told text={meaning(section.name)} />
            </p>
          )}
          <ul className="settings-list">
            {section.settings.map((one) => (
              <li key={one.name} className="settings-one">
                <div className="row">
                  <code className="grow settings-name">
                    {one.name.slice(one.name.indexOf(".") + 1)}
                  </code>
                  {one.source !== "default" && (
                    <Badge tone="accent">{t(`hub.sources.${sourceKey(one.source)}`)}</Badge>
                  )}
                </div>
                <pre className="settings-value">
                  {one.secret && one.value ? t("hub.secret") : shown(one.value)}
                </pre>
                <span className="hint">
                  <Told text={one.text} />
                </span>
              </li>
            ))}
          </ul>
        </Card>
      ))}
    </>
  );
}

/** A dot would be a step into the texts. */
function sourceKey(source: string): string {
  return source.replace(".", "");
}
