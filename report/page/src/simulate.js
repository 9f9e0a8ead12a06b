// What was simulated: throughput and latency with intervals, the distribution,
// who was busy, where the time went.
//
// SPDX-License-Identifier: GPL-3.0-or-later
import * as Plot from "@observablehq/plot";
import { chart, color, fit, intervals, narrow, plot } from "./chart.js";
import { el, facts, folded, legend, note, part, sentences } from "./dom.js";
import { validityOf } from "./explain.js";
import { columnsOf, table } from "./table.js";
import { axisUnit, digits, isNumber, keyWith, metrics, metricScale, metricText, percent } from "./units.js";

const latencies = ["mean_ms", "p50_ms", "p90_ms", "p95_ms", "p99_ms"];

const bounds = (row, key) => [row[keyWith(key, "low")], row[keyWith(key, "high")]];

function estimate(row, key, { unit, scale }, label, hue) {
  const [low, high] = bounds(row, key);
  const span = isNumber(low) && isNumber(high) ? ` (${digits(low / scale, 3)}\u2026${digits(high / scale, 3)})` : "";
  return {
    label, color: hue, value: isNumber(row[key]) ? row[key] / scale : null,
    low: isNumber(low) ? low / scale : null, high: isNumber(high) ? high / scale : null,
    text: isNumber(row[key]) ? (span ? `${digits(row[key] / scale)}${span}` : `${digits(row[key] / scale)} ${unit}`) : "none",
  };
}

/* ---- Throughput and percentiles ---- */

function throughput(rows) {
  const scale = { unit: "requests/s", scale: 1 };
  return chart("Throughput, with the 95 % interval of what a measured run would show", "Throughput of each scenario with its interval; the table has the numbers.", (width) =>
    intervals(rows.map((row, i) => estimate(row, "rps", scale, row.scenario, color(i))), { width, axis: "requests/s" }));
}

function percentiles(rows) {
  const all = rows.flatMap((row) => latencies.flatMap((key) => [row[key], ...bounds(row, key)]));
  const scale = metricScale("mean_ms", all);
  const marked = rows.flatMap((row, i) => [
    ...(rows.length > 1 ? [{ head: row.scenario }] : []),
    ...latencies.map((key) => estimate(row, key, scale, metrics[key].short, color(i))),
  ]);
  return chart("Latency, with the 95 % interval of what a measured run would show", "Mean and percentiles of latency with their intervals; the table has the numbers.", (width) =>
    intervals(marked, { width, axis: `latency, ${scale.unit}` }));
}

/* ---- The distribution ---- */

// Latency against the share of answers that took at most so long.
function drawCurve(results, width) {
  const points = results.flatMap((r, i) => r.quantiles.map((q) => ({ ...q, i, scenario: r.scenario })));
  const positive = points.filter((p) => p.ms > 0).map((p) => p.ms);
  const [least, most] = [Math.min(...positive), Math.max(...positive)];
  const log = most / least > 30;
  const { unit, us } = axisUnit([most * 1e3]);
  const scale = us / 1e3;
  const shown = points.filter((p) => !log || p.ms > 0).map((p) => ({ ...p, x: p.ms / scale }));
  return plot({
    width, height: narrow(width) ? 280 : 340, marginLeft: 46, marginRight: 18, marginBottom: 42, marginTop: 12,
    x: { type: log ? "log" : "linear", label: `latency, ${unit}${log ? ", logarithmic" : ""}`, grid: true, labelAnchor: "center", labelArrow: "none", nice: !log,
      ticks: Math.max(3, Math.floor(width / 110)), tickFormat: (v) => digits(v, 3) },
    y: { label: null, domain: [0, 100], grid: true, tickFormat: (v) => `${v}\u00a0%` },
    marks: [
      Plot.line(shown, { x: "x", y: "percent", z: "i", stroke: (d) => color(d.i), strokeWidth: 2 }),
      Plot.tip(shown, Plot.pointer({ x: "x", y: "percent", title: (d) => `${fit(d.scenario, 260)}\n${digits(d.percent, 5)} % within ${metricText("mean_ms", d.ms)}` })),
    ],
  });
}

function distribution(results) {
  const known = results.filter((r) => r.quantiles?.length > 1);
  if (known.length === 0)
    return note("These results hold no curve of the distribution: they come from an older version, or nothing was answered.");
  const percents = [...new Set(known.flatMap((r) => r.quantiles.map((q) => q.percent)))].sort((a, b) => a - b);
  const scale = metricScale("mean_ms", known.flatMap((r) => r.quantiles.map((q) => q.ms)));
  const rows = percents.map((p) => {
    const row = { percent: p };
    known.forEach((r, i) => { row[`s${i}`] = r.quantiles.find((q) => q.percent === p)?.ms / scale.scale; });
    known.forEach((r, i) => { if (!isNumber(row[`s${i}`])) row[`s${i}`] = null; });
    return row;
  });
  return [
    chart("How many answers took at most so long", "Curves of the latency distribution; the table below has their points.", (width) => drawCurve(known, width)),
    known.length > 1 ? legend(known.map((r, i) => ({ color: color(i), label: r.scenario }))) : null,
    folded("The curve as a table", table(rows, {
      caption: `Latency, ${scale.unit}, within which so many percent were answered`, filter: false,
      columns: [{ key: "percent", text: "answers", unit: "%", numeric: true, scale: 1, size: "number", bounds: null },
        ...known.map((r, i) => ({ key: `s${i}`, text: r.scenario, unit: scale.unit, numeric: true, scale: 1, size: "number", bounds: null }))],
    })),
  ];
}

/* ---- Where the time went, who was busy ---- */

// Bars of one length each, labelled; `full` is what the longest could be.
export function bars(rows, { width, axis, full = null, hue = color(0) }) {
  const small = narrow(width);
  const step = small ? 40 : 26;
  const left = small ? 4 : Math.min(260, width * 0.34);
  const right = 90;
  const most = full ?? Math.max(...rows.map((r) => r.value), 0);
  return plot({
    width, height: rows.length * step + 48, marginLeft: left, marginRight: right, marginTop: 4, marginBottom: 42,
    x: { domain: [0, most || 1], label: axis, grid: true, labelAnchor: "center", labelArrow: "none", ticks: Math.max(3, Math.floor(width / 140)) },
    y: { domain: [rows.length, 0], axis: null },
    marks: [
      Plot.rect(rows, { x1: 0, x2: "value", y1: (d, i) => i + (small ? 0.5 : 0.2), y2: (d, i) => i + (small ? 0.85 : 0.8), fill: (d) => d.color ?? hue, stroke: (d) => d.color ?? hue }),
      Plot.text(rows, { text: "text", x: "value", dx: 6, y: (d, i) => i + (small ? 0.68 : 0.5), textAnchor: "start", fill: "var(--ink)" }),
      Plot.text(rows, { text: (d) => fit(d.label, small ? width - 8 : left - 14), frameAnchor: "left", dx: small ? 0 : -left + 2, y: (d, i) => i + (small ? 0.25 : 0.5), textAnchor: "start", fill: "var(--ink)" }),
    ],
  });
}

function timesOf(result) {
  const rows = (result.times ?? []).filter((t) => isNumber(t.mean_ms) && t.mean_ms > 0);
  if (rows.length === 0) return null;
  const { unit, us } = axisUnit(rows.map((t) => t.mean_ms * 1e3));
  const shown = rows.map((t) => ({ label: t.time, value: (t.mean_ms * 1e3) / us, text: percent(t.share_percent),
    color: t.time.startsWith("queue") ? color(1) : t.time.includes("wait") ? color(4) : color(0) }));
  return part("Where the time of the mean request goes",
    chart(`Time per request, ${unit}, and its share`, "Bars of the kinds of time in the mean request; the table below has the numbers.", (width) => bars(shown, { width, axis: `time per request, ${unit}` })),
    legend([{ color: color(1), label: "waits for its turn" }, { color: color(4), label: "waits that are the view's own" }, { color: color(0), label: "work" }]),
    folded("These times as a table", table(result.times, { caption: "Kinds of time in the mean request", filter: false })));
}

function placesOf(result) {
  const rows = (result.places ?? []).filter((p) => isNumber(p.in_use_percent));
  if (rows.length === 0) return null;
  const shown = rows.map((p) => ({ label: p.servers > 1 ? `${p.place} (${p.servers})` : p.place, value: p.in_use_percent, text: percent(p.in_use_percent), color: p.in_use_percent >= 95 ? color(1) : color(0) }));
  return part("How busy each place was",
    chart("Part of the time that a place was taken, %", "Bars of how busy each place was; the table below has the numbers.", (width) => bars(shown, { width, axis: "taken, % of the time", full: 100 })),
    table(result.places, { caption: "Places: in use, and who waits for them", filter: false }));
}

function classesOf(result) {
  const rows = (result.classes ?? []).map((c) => ({
    class: c.class, requests: c.requests,
    ...Object.fromEntries(Object.entries(c.metrics ?? {}).flatMap(([key, m]) => [[key, m.value], [keyWith(key, "low"), m.own_low], [keyWith(key, "high"), m.own_high]])),
  }));
  const lost = (result.fates ?? []).some((f) => f.late || f.turned_away || f.left || f.given_up);
  return [
    rows.length > 0 ? part("Classes of requests", table(rows, { caption: "Each class, with the interval of the simulation", filter: false })) : null,
    lost ? part("What became of requests", table(result.fates, { caption: "Answered, late, turned away, left, given up", filter: false })) : null,
  ];
}

function details(result, row) {
  return [
    facts([
      ["Throughput", row ? metricText("rps", row.rps) : null],
      ["Requests", isNumber(result.requests) ? `${digits(result.requests)} in ${result.replications} replications, ${digits(result.warm_up_requests)} left out of each as warm-up` : null],
      ["In flight, on average", row && isNumber(row.in_flight) ? digits(row.in_flight) : null],
      ["Seed", result.seed === undefined ? null : String(result.seed)],
      ["Validity", validityOf(result.validity)],
    ]),
    sentences(result.validity?.sentences),
    sentences(result.warnings, "warning"),
    timesOf(result), placesOf(result), classesOf(result),
  ];
}

export function simulateSection(result) {
  const rows = result.rows;
  const results = result.results ?? [];
  const one = rows.length === 1;
  const each = results.map((r, i) => (one ? details(r, rows[i]) : folded(r.scenario, details(r, rows[i]))));
  return {
    title: one ? `Under load: ${rows[0].scenario}` : `${rows.length} scenarios under load`,
    content: [
      part("Throughput and latency", one ? null : throughput(rows), percentiles(rows),
        table(rows, { caption: "Metrics, with their 95 % prediction intervals", filter: rows.length > 3,
          columns: columnsOf(rows, { only: ["scenario", "rps", ...latencies, "in_flight", "capacity_per_s", "validity", "late_percent", "turned_away_percent", "left_percent", "given_up_percent"].filter((k) => !k.endsWith("_percent") || rows.some((r) => r[k] > 0)) }) })),
      part("Distribution of latency", distribution(results)),
      one ? each : el("div", { class: "each" }, el("h3", {}, "Each scenario"), each),
      sentences(result.notes),
    ],
  };
}
