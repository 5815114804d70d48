/** Where a plot's lines and marks are. */

export interface Point {
  /** Milliseconds since 1970. */
  at: number;
  /** null: nothing is known of this time, and the line has a gap. */
  value: number | null;
}

/** Return round values from 0 that reach over `most`: about `wanted` of them, of counts whole ones. */
export function ticks(most: number, whole = false, wanted = 4): number[] {
  if (!(most > 0) || !Number.isFinite(most)) return [0, 1];
  const rough = most / wanted;
  const size = 10 ** Math.floor(Math.log10(rough));
  const steps = [1, 2, 2.5, 5, 10].map((one) => one * size);
  const fits = (one: number) => one >= rough && (!whole || Number.isInteger(one));
  const step = steps.find(fits) ?? (whole ? 1 : rough);
  const count = Math.ceil(most / step - 1e-9);
  return Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(12)));
}

const MINUTE = 60_000;
const STEPS = [1, 5, 15, 30, 60, 180, 360, 720, 1440, 2880, 10_080, 43_200].map((m) => m * MINUTE);

/** Return round moments from one time to another by the clock on the wall: at most `most`. */
export function moments(from: number, to: number, most = 6): number[] {
  const step = STEPS.find((one) => (to - from) / one <= most) ?? (to - from) / most;
  const zone = new Date(from).getTimezoneOffset() * MINUTE;
  const found: number[] = [];
  for (let at = Math.ceil((from - zone) / step) * step + zone; at <= to; at += step) found.push(at);
  return found;
}

export interface Scale {
  x: (at: number) => number;
  y: (value: number) => number;
}

/** Return a line as a path of SVG; where a value is missing it breaks. */
export function line(points: readonly Point[], { x, y }: Scale): string {
  let path = "";
  let pen = false;
  for (const { at, value } of points) {
    if (value === null) {
      pen = false;
      continue;
    }
    path += `${pen ? "L" : "M"}${x(at).toFixed(1)} ${y(value).toFixed(1)}`;
    pen = true;
  }
  return path;
}

/** Return the points that have no neighbours: a line does not show them. */
export function alone(points: readonly Point[]): Point[] {
  const missing = (index: number) => (points[index]?.value ?? null) === null;
  return points.filter((_, at) => !missing(at) && missing(at - 1) && missing(at + 1));
}

/** Return the point nearest to a time, of those that have a value. */
export function nearest(points: readonly Point[], at: number): Point | undefined {
  let found: Point | undefined;
  for (const point of points) {
    if (point.value === null) continue;
    if (!found || Math.abs(point.at - at) < Math.abs(found.at - at)) found = point;
  }
  return found;
}
