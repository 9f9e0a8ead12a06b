// Numbers for reading: four significant digits, and times in the unit that
// suits them.
//
// SPDX-License-Identifier: GPL-3.0-or-later

const times = [
  { unit: "ns", us: 0.001 },
  { unit: "\u00b5s", us: 1 },
  { unit: "ms", us: 1e3 },
  { unit: "s", us: 1e6 },
];

export const isNumber = (value) =>
  typeof value === "number" && Number.isFinite(value);

// 0.01234, 1.235, 12.35, 1235, 12,346: no exponent where it can be helped.
export function digits(value, significant = 4) {
  if (!isNumber(value)) return "\u2013";
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e12))
    return value.toExponential(significant - 1);
  if (size >= 10 ** (significant - 1))
    return Math.round(value).toLocaleString("en-US");
  return String(Number(value.toPrecision(significant)));
}

// The unit of a list of times in microseconds: that of their median.
export function timeUnit(list) {
  const sizes = list.filter((us) => isNumber(us) && us !== 0).map(Math.abs).sort((a, b) => a - b);
  if (sizes.length === 0) return times[1];
  let best = times[0];
  for (const unit of times) if (sizes[(sizes.length - 1) >> 1] >= unit.us) best = unit;
  return best;
}

// The unit of an axis that begins at zero: that of its end, where it is a few.
export function axisUnit(list) {
  const largest = Math.max(0, ...list.filter(isNumber).map(Math.abs));
  let best = largest > 0 ? times[0] : times[1];
  for (const unit of times) if (largest >= 2 * unit.us) best = unit;
  return best;
}

// "37.71 us", "20 ms", "1.2 s", of microseconds.
export function time(us, significant = 4) {
  if (!isNumber(us)) return "\u2013";
  const { unit, us: size } = timeUnit([us]);
  return `${digits(us / size, significant)}\u00a0${unit}`;
}

export const percent = (value) =>
  isNumber(value) ? `${digits(value, 3)}\u00a0%` : "\u2013";

// The metrics that results have. Times are in ms in every file.
export const metrics = {
  rps: { label: "Throughput", unit: "requests/s", better: 1 },
  mean_ms: { label: "Mean latency", short: "mean", better: -1, time: true },
  p50_ms: { label: "Median latency (p50)", short: "p50", better: -1, time: true },
  p90_ms: { label: "90 % latency (p90)", short: "p90", better: -1, time: true },
  p95_ms: { label: "95 % latency (p95)", short: "p95", better: -1, time: true },
  p99_ms: { label: "99 % latency (p99)", short: "p99", better: -1, time: true },
};

// How values of a metric are shown: in one unit, which `scale` divides by.
export function metricScale(key, values) {
  if (!metrics[key]?.time) return { unit: metrics[key]?.unit ?? "", scale: 1 };
  const { unit, us } = axisUnit(values.filter(isNumber).map((v) => v * 1e3));
  return { unit, scale: us / 1e3 };
}

// A single value of a metric, with its unit.
export const metricText = (key, value) =>
  metrics[key]?.time
    ? time(value * 1e3)
    : `${digits(value)}\u00a0${metrics[key]?.unit ?? ""}`;

const inUs = { ms: 1e3, us: 1, ns: 1e-3 };

// What a key says of its numbers: "p99_ms" and "p99_difference_ms" are times,
// "p99_ratio" is none. {stem, us, suffix}: the key without its unit.
export function keyUnit(key) {
  const found = /^(.+)_(ms|us|ns)$/.exec(key);
  if (!found) return { stem: key, us: null, suffix: "" };
  const [, stem, unit] = found;
  return { stem, us: inUs[unit], suffix: `_${unit}` };
}

// The key of what is told of a number, its unit last; a ratio has none.
export function keyWith(key, what) {
  const { stem, suffix } = keyUnit(key);
  return `${stem}_${what}${what === "ratio" ? "" : suffix}`;
}
