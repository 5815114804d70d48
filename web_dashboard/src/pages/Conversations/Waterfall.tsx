import { useTranslation } from "react-i18next";
import { useToolNames } from "@/i18n/toolNames";
import type { Stage, Tool } from "./types";
import { took, waterfall } from "./waterfall";

const ROW_PX = 40;
const BAR_PX = 12;
/** Of a row, where its bar begins: its name stands above. */
const BELOW_NAME_PX = 21;
/** Lines over time reach so far over the bars, and never through a name. */
const OVER_PX = 4;
const LANE_PX = BAR_PX + 2 * OVER_PX;
const AXIS_PX = 24;

/** The stages of a turn as bars over time, and as a table for who can not see them. */
export function Waterfall({ stages, tools }: { stages: Stage[]; tools: Tool[] }) {
  const { t, i18n } = useTranslation("conversations");
  const named = useToolNames();
  const { bars, ticks, marks } = waterfall(
    stages,
    tools.map((tool) => ({ ...tool, tool: named(tool.tool, tool.arguments) })),
  );
  if (!bars.length) return <p className="quiet">{t("noStages")}</p>;
  const name = (bar: { name: string; kind: string }) =>
    bar.kind === "tool" ? bar.name : t(`stage.${bar.name}`, { defaultValue: bar.name });
  const height = bars.length * ROW_PX;
  const lane = {
    y1: BELOW_NAME_PX - OVER_PX,
    y2: height,
    strokeDasharray: `${LANE_PX} ${ROW_PX - LANE_PX}`,
  };
  return (
    <>
      <svg className="waterfall" height={height + AXIS_PX} width="100%" aria-hidden="true">
        {ticks.map((tick) => (
          <g key={tick.ms}>
            <line className="tick" x1={x(tick.at)} x2={x(tick.at)} {...lane} />
            <text className="axis" x={x(tick.at)} y={height + 16} textAnchor={anchor(tick.at)}>
              {took(tick.ms, i18n.language)}
            </text>
          </g>
        ))}
        {bars.map((bar, index) => (
          <g key={bar.key}>
            <text className="name" x={0} y={index * ROW_PX + 15}>
              {name(bar)}
            </text>
            <text className="time" x="100%" y={index * ROW_PX + 15} textAnchor="end">
              {took(bar.tookMs, i18n.language)}
            </text>
            <rect
              className={`bar ${bar.kind}`}
              x={x(bar.left)}
              y={index * ROW_PX + BELOW_NAME_PX}
              width={x(bar.width)}
              height={BAR_PX}
              rx={bar.cutLeft || bar.cutRight ? 0 : 4}
            />
          </g>
        ))}
        {marks.map((mark) => (
          <line
            key={mark.name}
            className={`mark ${mark.name}`}
            x1={x(mark.at)}
            x2={x(mark.at)}
            {...lane}
          />
        ))}
      </svg>
      {marks.length > 0 && (
        <p className="waterfall-legend" aria-hidden="true">
          {marks.map((mark) => (
            <span key={mark.name} className={mark.name}>
              {t(`mark.${mark.name}`)}
            </span>
          ))}
        </p>
      )}
      <table className="visually-hidden">
        <caption>{t("table.caption")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("table.stage")}</th>
            <th scope="col">{t("table.begins")}</th>
            <th scope="col">{t("table.takes")}</th>
          </tr>
        </thead>
        <tbody>
          {bars.map((bar) => (
            <tr key={bar.key}>
              <th scope="row">{name(bar)}</th>
              <td>{took(bar.startMs, i18n.language)}</td>
              <td>{took(bar.tookMs, i18n.language)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function x(share: number): string {
  return `${(share * 100).toFixed(2)}%`;
}

function anchor(at: number): "start" | "middle" | "end" {
  return at < 0.06 ? "start" : at > 0.94 ? "end" : "middle";
}
