// A capacity plan: which configurations meet the service levels, with how many
// instances, for how much.
//
// SPDX-License-Identifier: GPL-3.0-or-later
import { chart, color, intervals } from "./chart.js";
import { choice, facts, legend, part, sentences } from "./dom.js";
import { columnsOf, table } from "./table.js";
import { digits, isNumber, keyWith, metricScale, percent } from "./units.js";

const shownAtMost = 24;

const nameOf = (row) => (row.instance ? `${row.configuration} on ${row.instance}` : row.configuration);

// Verdicts in the order of their first row; the first has the first colour.
const verdictsOf = (rows) => [...new Set(rows.map((row) => row.verdict ?? "none"))];

const views = {
  max_rps: { label: "Largest rate of one instance", axis: () => "requests/s", order: -1 },
  p99_ms: { label: "99 % latency at the peak", axis: (u) => `latency, ${u}`, order: 1 },
  p95_ms: { label: "95 % latency at the peak", axis: (u) => `latency, ${u}`, order: 1 },
  p50_ms: { label: "Median latency at the peak", axis: (u) => `latency, ${u}`, order: 1 },
  cost_per_month: { label: "Cost per month", axis: (u, currency) => currency || "cost", order: 1 },
  instances: { label: "Instances", axis: () => "instances", order: 1 },
};

function draw(result, key, verdicts, width) {
  const rows = result.rows.filter((row) => isNumber(row[key])).sort((a, b) => views[key].order * (a[key] - b[key]));
  const kept = rows.slice(0, shownAtMost);
  const low = (row) => row[keyWith(key, "low")];
  const high = (row) => row[keyWith(key, "high")];
  const { unit, scale } = metricScale(key, kept.flatMap((row) => [row[key], high(row)]));
  const shown = kept.map((row) => ({
    label: nameOf(row), color: color(verdicts.indexOf(row.verdict ?? "none")), value: row[key] / scale,
    low: isNumber(low(row)) ? low(row) / scale : null, high: isNumber(high(row)) ? high(row) / scale : null,
    text: digits(row[key] / scale),
  }));
  if (rows.length > kept.length) shown.push({ head: `\u2026 ${rows.length - kept.length} more, see the table` });
  return intervals(shown, { width, axis: views[key].axis(unit, result.currency) });
}

function charts(result) {
  const keys = Object.keys(views).filter((k) => result.rows.some((row) => isNumber(row[k])));
  if (keys.length === 0) return null;
  const verdicts = verdictsOf(result.rows);
  let key = keys[0];
  const figure = chart("Candidates, the best first, with 95 % intervals", () => `${views[key].label} of the candidates; the table has the numbers.`, (width) => draw(result, key, verdicts, width));
  return part("Candidates",
    choice("Shown", keys.map((k) => [k, views[k].label]), key, (value) => { key = value; figure.update(); }),
    figure,
    legend(verdicts.map((v, i) => ({ color: color(i), label: v }))));
}

function periodsOf(result) {
  const periods = (result.periods ?? []).map((p) => ({ period: p.label, average_rps: p.average_rps, peak_rps: p.peak_rps, instances: p.instances?.[0] ?? null }));
  return periods.length > 1 ? part("Month by month, by the first plan", table(periods, { caption: "Load and instances in each period", filter: false })) : null;
}

export function planSection(result) {
  const best = result.rows.find((row) => row.verdict === "recommended");
  const columns = columnsOf(result.rows, { only: ["configuration", "instance", "verdict", "instances", "max_rps", "cost_per_month", "p50_ms", "p95_ms", "p99_ms", "slo_miss", "utilisation", "in_flight", "requests_per_unit", "bottleneck", "processes", "threads", "cores", "reason", "validity"] })
    .filter((c) => result.rows.some((row) => row[c.key] !== null && row[c.key] !== undefined));
  return {
    title: `Capacity plan${result.scenario ? `: ${result.scenario}` : ""}`,
    content: [
      facts([
        ["Recommended", best ? `${isNumber(best.instances) ? `${digits(best.instances)} \u00d7 ` : ""}${nameOf(best)}` : "nothing meets the limits"],
        ["Cost per month", best && isNumber(best.cost_per_month) ? `${digits(best.cost_per_month)} ${result.currency ?? ""}`.trim() : null],
        ["Limits", result.slo || null],
        ["Limits where a zone is lost", result.zones > 1 ? result.zone_slo || null : null],
        ["Of the largest rate, at most", isNumber(result.target_utilisation) ? percent(100 * result.target_utilisation) : null],
        ["Spare instances", result.spare > 0 ? digits(result.spare) : null],
        ["Seed", result.seed === undefined ? null : String(result.seed)],
      ]),
      charts(result),
      part("Capacity table", table(result.rows, { caption: "Every candidate; slo miss is how likely a measured run misses the limits", columns, filter: true, mark: (row) => (row.verdict === "recommended" ? "baseline" : null) })),
      periodsOf(result),
      sentences(result.notes),
    ],
  };
}
