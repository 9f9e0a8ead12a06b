// Prediction against measurement.
//
// SPDX-License-Identifier: GPL-3.0-or-later
import * as Plot from "@observablehq/plot";
import { chart, color, fit, narrow, plot } from "./chart.js";
import { choice, facts, folded, legend, part, sentences } from "./dom.js";
import { table } from "./table.js";
import { digits, isNumber, metrics, metricScale, metricText, percent } from "./units.js";

// "gunicorn, SA, sync view, 8 clients"
function configuration(row) {
  const extra = [row.io_ms ? `waits ${digits(row.io_ms)} ms` : "", row.cpu_us ? `CPU ${digits(row.cpu_us)} us` : ""].filter(Boolean);
  return [row.server, row.threads > 1 ? `${row.threads} threads` : "", row.path && row.path !== "dual" ? `${row.path} path` : "", row.stack || "no layers", row.view ? `${row.view} view` : "", ...extra,
    row.rate_per_s ? `${digits(row.rate_per_s)}/s${row.process === "poisson" ? "" : ` ${row.process}`}` : "",
    row.concurrency ? `${row.concurrency} client${row.concurrency === 1 ? "" : "s"}` : ""].filter(Boolean).join(", ");
}

const unique = (list) => [...new Set(list)];

// Two values of the same kind against each other: logarithmic, both axes alike,
// with the line on which they are equal.
function drawPair(points, { width, unit, log = true, links = true, radius = 3.5, faint = 0.75, size = 520 }) {
  const good = points.filter((p) => isNumber(p.x) && isNumber(p.y) && (!log || (p.x > 0 && p.y > 0)));
  if (good.length === 0) return null;
  const all = good.flatMap((p) => [p.x, p.y]);
  const factor = log ? 1.15 : 1.04;
  const domain = [Math.min(...all) / factor, Math.max(...all) * factor];
  const side = Math.min(width, size);
  const axis = { type: log ? "log" : "linear", domain, grid: true, tickFormat: (v) => digits(v, 3), ticks: narrow(side) ? 4 : 6, labelArrow: "none" };
  const whole = (p) => isNumber(p.low) && isNumber(p.high);
  return plot({
    width: side, height: side * 0.86, marginLeft: 60, marginRight: 14, marginBottom: 44, marginTop: 28,
    x: { ...axis, label: `measured, ${unit}`, labelAnchor: "center" },
    y: { ...axis, label: `predicted, ${unit}` },
    marks: [
      Plot.line([domain, domain].map((d, i) => ({ v: d[i] })), { x: "v", y: "v", stroke: "var(--ink)", strokeWidth: 1, strokeDasharray: "5 4" }),
      links ? Plot.link(good.filter(whole), { x1: "x", x2: "x", y1: (d) => Math.max(d.low, domain[0]), y2: (d) => Math.min(d.high, domain[1]), stroke: "hue", strokeOpacity: 0.28 }) : null,
      Plot.dot(good, { x: "x", y: "y", r: radius, fill: "hue", fillOpacity: faint, stroke: "var(--paper)", strokeWidth: 0.6 }),
      Plot.tip(good, Plot.pointer({ x: "x", y: "y", title: "title" })),
    ],
  });
}

/* ---- The scatter ---- */

function scatter(rows) {
  const keys = unique(rows.map((r) => r.metric)).filter((k) => metrics[k]);
  const sets = unique(rows.map((r) => r.dataset));
  let key = keys.includes("mean_ms") ? "mean_ms" : keys[0];
  let set = "all";
  const draw = (width) => {
    const kept = rows.filter((r) => r.metric === key && (set === "all" || r.dataset === set));
    const { unit, scale } = metricScale(key, kept.flatMap((r) => [r.measured, r.predicted]));
    return drawPair(kept.map((r) => ({
      x: r.measured / scale, y: r.predicted / scale, low: r.predicted_low / scale, high: r.predicted_high / scale, hue: color(sets.indexOf(r.dataset)),
      title: `${fit(configuration(r), 330)}\nmeasured ${metricText(key, r.measured)}, predicted ${metricText(key, r.predicted)}\nerror ${percent(r.error_percent)}`,
    })), { width, unit });
  };
  const figure = chart("Predicted against measured; on the dashed line they are equal", () => `Scatter of predicted against measured ${metrics[key]?.label ?? key}; the table of all rows has the numbers.`, draw);
  return [
    choice("Metric", keys.map((k) => [k, metrics[k].label]), key, (value) => { key = value; figure.update(); }),
    sets.length > 1 ? choice("Data set", [["all", "all"], ...sets.map((s) => [s, s])], set, (value) => { set = value; figure.update(); }) : null,
    figure,
    legend([...sets.map((s, i) => ({ color: color(i), label: s })), { kind: "link", label: "95 % prediction interval" }]),
  ];
}

/* ---- Q-Q ---- */

function quantilesOf(result) {
  const all = (result.quantiles ?? []).filter((q) => Array.isArray(q.measured_ms) && Array.isArray(q.predicted_ms));
  if (all.length === 0) return null;
  const sets = unique(all.map((q) => q.dataset));
  let chosen = "all";
  const place = (q) => q.measured_ms.map((m, i) => ({ q, m, p: q.predicted_ms[i], level: q.level_percent?.[i] }));
  const draw = (width) => {
    const kept = (chosen === "all" ? all : [all[Number(chosen)]]).flatMap(place);
    const { unit, scale } = metricScale("mean_ms", kept.flatMap((d) => [d.m, d.p]));
    return drawPair(kept.map((d) => ({ x: d.m / scale, y: d.p / scale, hue: color(sets.indexOf(d.q.dataset)),
      title: `${fit(configuration(d.q), 330)}\n${digits(d.level, 3)} % within: measured ${metricText("mean_ms", d.m)}, predicted ${metricText("mean_ms", d.p)}` })),
      { width, unit, links: false, radius: chosen === "all" ? 2.2 : 4.5, faint: chosen === "all" ? 0.5 : 0.9, log: chosen === "all" });
  };
  const figure = chart("Quantiles of latency, predicted against measured", "Quantiles of the latency of configurations, predicted against measured; the table below has the numbers.", draw);
  const rows = all.flatMap((q) => place(q).map((d) => ({ dataset: q.dataset, configuration: configuration(q), level_percent: d.level ?? null, measured_ms: d.m, predicted_ms: d.p })));
  return part("Shape of latency (Q-Q)",
    choice("Configuration", [["all", `all ${all.length}`], ...all.map((q, i) => [String(i), `${q.dataset}: ${configuration(q)}`])], "all", (value) => { chosen = value; figure.update(); }),
    figure,
    legend(sets.map((s, i) => ({ color: color(i), label: s }))),
    folded("The quantiles as a table", table(rows, { caption: "Quantiles of latency", numbered: true })),
    result.shapes?.length ? folded("Distances of the distributions", table(result.shapes, { caption: "Largest distance of the distributions (Kolmogorov-Smirnov), and that of repeated runs", filter: false })) : null);
}

/* ---- The section ---- */

function summaryFacts(result) {
  const whole = (result.summary ?? []).filter((s) => s.server === "all" && s.metric === "mean_ms");
  return facts(whole.map((s) => [s.dataset, `mean latency off by ${percent(s.median_error_percent)} (median of ${s.rows}), ${percent(s.covered_percent)} inside their interval; repeated runs differ by ${percent(s.noise_percent)}`]));
}

export function validateSection(result) {
  const rows = result.rows.map((r) => ({ dataset: r.dataset, configuration: configuration(r), metric: r.metric, measured: r.measured, measured_low: r.measured_low, measured_high: r.measured_high, predicted: r.predicted, predicted_low: r.predicted_low, predicted_high: r.predicted_high, error_percent: r.error_percent }));
  const more = (key, title, caption) => (result[key]?.length ? folded(title, table(result[key], { caption, numbered: true })) : null);
  return {
    title: "Predictions against measurements",
    content: [
      summaryFacts(result),
      part("Predicted against measured", scatter(result.rows),
        folded("All rows as a table (times in ms)", table(rows, { caption: "Measured and predicted, with 95 % intervals", sort: { key: "error_percent", direction: -1 }, numbered: true }))),
      quantilesOf(result),
      part("How good the predictions are",
        result.summary?.length ? table(result.summary, { caption: "Errors by data set, server and metric, beside the noise of repeated runs", numbered: true }) : null,
        more("worst", "The configurations that are farthest off", "Farthest off, and what their prediction hangs on"),
        more("tiers", "Errors by validity", "Errors by tier of validity"),
        more("laws", "The operational laws in the measured runs", "Little's law and the utilisation law")),
      sentences(result.notes),
    ],
  };
}
