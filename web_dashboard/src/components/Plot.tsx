import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/i18n/format";
import { alone, line, moments, nearest, type Point, ticks } from "./plotting";
import "./Plot.css";

export interface Series {
  name: string;
  points: readonly Point[];
}

interface PlotProps {
  title: string;
  series: readonly Series[];
  /** How a value is written, with its unit. */
  format: (value: number) => string;
  height?: number;
}

const LEFT = 56;
const RIGHT = 12;
const TOP = 10;
const BOTTOM = 26;
/** Lines differ by more than their colour. */
const DASHES = ["", "7 4", "2 4", "10 3 2 3"];

/** Values over time, as lines; a table says the same to who does not see them. */
export function Plot({ title, series, format, height = 220 }: PlotProps) {
  const { t } = useTranslation();
  const { time, dateTime } = useFormat();
  const [width, setWidth] = useState(600);
  const [looked, setLooked] = useState<number | null>(null);
  const frame = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const seen = frame.current;
    if (!seen) return;
    const observer = new ResizeObserver(() => setWidth(Math.max(240, seen.clientWidth)));
    observer.observe(seen);
    return () => observer.disconnect();
  }, []);

  const { from, to, most } = useMemo(() => span(series), [series]);
  const whole = series.every((one) =>
    one.points.every(({ value }) => Number.isInteger(value ?? 0)),
  );
  const levels = ticks(most, whole);
  const top = levels.at(-1) ?? 1;
  const x = (at: number) => LEFT + ((at - from) / (to - from || 1)) * (width - LEFT - RIGHT);
  const y = (value: number) => TOP + (1 - value / top) * (height - TOP - BOTTOM);
  const long = to - from > 36 * 3_600_000;
  const label = (at: number) => (long ? dateTime(at).split(",")[0] : time(at));

  const rows = useMemo(() => table(series), [series]);
  return (
    <figure className="plot">
      <figcaption className="row">
        <strong className="grow">{title}</strong>
        {series.map((one, index) => (
          <span key={one.name} className={`legend line-${index % 4}`}>
            <svg width="22" height="8" aria-hidden="true">
              <path d="M1 4h20" strokeDasharray={DASHES[index % 4]} />
            </svg>
            {one.name}
          </span>
        ))}
      </figcaption>
      <div
        ref={frame}
        className="plot-frame"
        onPointerMove={(event) => {
          const left = event.currentTarget.getBoundingClientRect().left;
          const part = (event.clientX - left - LEFT) / (width - LEFT - RIGHT);
          setLooked(from + part * (to - from));
        }}
        onPointerLeave={() => setLooked(null)}
      >
        <svg width={width} height={height} aria-hidden="true">
          {levels.map((level) => (
            <g key={level} className="level">
              <path d={`M${LEFT} ${y(level)}H${width - RIGHT}`} />
              <text x={LEFT - 8} y={y(level) + 4} textAnchor="end">
                {format(level)}
              </text>
            </g>
          ))}
          {moments(from, to, Math.floor(width / 110)).map((at) => (
            <text key={at} className="moment" x={x(at)} y={height - 6} textAnchor="middle">
              {label(at)}
            </text>
          ))}
          {series.map((one, index) => (
            <path
              key={one.name}
              className={`line line-${index % 4}`}
              strokeDasharray={DASHES[index % 4]}
              d={line(one.points, { x, y })}
            />
          ))}
          {series.flatMap((one, index) =>
            alone(one.points).map((point) => (
              <circle
                key={`${one.name} ${point.at}`}
                className={`dot line-${index % 4}`}
                cx={x(point.at)}
                cy={y(point.value ?? 0)}
                r="3.5"
              />
            )),
          )}
          {looked !== null &&
            series.map((one, index) => {
              const point = nearest(one.points, looked);
              return point?.value == null ? null : (
                <circle
                  key={one.name}
                  className={`mark line-${index % 4}`}
                  cx={x(point.at)}
                  cy={y(point.value)}
                  r="4"
                />
              );
            })}
        </svg>
        {looked !== null && (
          <div className={looked > (from + to) / 2 ? "plot-words left" : "plot-words"}>
            {series.map((one) => {
              const point = nearest(one.points, looked);
              return point?.value == null ? null : (
                <span key={one.name}>
                  {time(point.at)} · {one.name}: <strong>{format(point.value)}</strong>
                </span>
              );
            })}
          </div>
        )}
      </div>
      <details>
        <summary>{t("asTable")}</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard. */}
        <div className="plot-table" tabIndex={0}>
          <table aria-label={title}>
            <thead>
              <tr>
                <th scope="col">{t("time")}</th>
                {series.map((one) => (
                  <th key={one.name} scope="col">
                    {one.name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map(([at, values]) => (
                <tr key={at}>
                  <th scope="row">{dateTime(at)}</th>
                  {series.map((one, index) => (
                    <td key={one.name}>{values[index] == null ? "–" : format(values[index])}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}

function span(series: readonly Series[]): { from: number; to: number; most: number } {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  let most = 0;
  for (const { at, value } of series.flatMap((one) => one.points)) {
    from = Math.min(from, at);
    to = Math.max(to, at);
    most = Math.max(most, value ?? 0);
  }
  return Number.isFinite(from) ? { from, to, most } : { from: 0, to: 1, most };
}

/** Rows of the table beneath: more are of no use to anybody. */
const MOST_ROWS = 200;

function table(series: readonly Series[]): [number, (number | null)[]][] {
  const found = new Map<number, (number | null)[]>();
  series.forEach((one, index) => {
    for (const { at, value } of one.points) {
      const row = found.get(at) ?? series.map(() => null);
      row[index] = value;
      found.set(at, row);
    }
  });
  return [...found].sort(([one], [other]) => other - one).slice(0, MOST_ROWS);
}
