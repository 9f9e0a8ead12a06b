// What if: variants of a scenario against it as it is.
//
// SPDX-License-Identifier: GPL-3.0-or-later
import * as Plot from "@observablehq/plot";
import { chart, color, fit, intervals, narrow, plot } from "./chart.js";
import { choice, el, facts, legend, note, part, sentences } from "./dom.js";
import { columnsOf, table } from "./table.js";
import { digits, isNumber, keyWith, metrics, metricScale, metricText } from "./units.js";

const endsShown = 12; // the best and the worst, where there are more

const keysOf = (result) => Object.keys(metrics).filter((k) => result.rows.some((r) => isNumber(r[k])));

// "better", "worse" or "undecided": where the interval of the difference holds
// zero nobody knows.
function verdict(row, key) {
  const [d, low, high] = ["difference", "difference_low", "difference_high"].map((s) => row[keyWith(key, s)]);
  if (!isNumber(d) || d === 0) return "undecided";
  if (isNumber(low) && isNumber(high) && low <= 0 && high >= 0) return "undecided";
  return d * metrics[key].better > 0 ? "better" : "worse";
}

const hues = { better: color(0), worse: color(1), undecided: "var(--dim)" };
const legends = [
  { color: hues.better, label: "better than as it is" },
  { color: hues.worse, label: "worse" },
  { color: hues.undecided, label: "undecided: the interval holds zero" },
];

/* ---- Short names ---- */

// Of each key that has several values as much of its end as tells it from the
// others: "kind", "clients"; all of it where that is no key's name.
function shortKeys(result) {
  const several = (result.vary ?? []).filter((v) => v.values?.length > 1).map((v) => v.key);
  const end = (key, n) => key.split(".").slice(-n).join(".");
  return new Map(several.map((key) => {
    let n = 1;
    while (n < 5 && several.some((other) => other !== key && end(other, n) === end(key, n))) n++;
    return [key, end(key, n)];
  }));
}

function shortName(row, short) {
  const edits = Object.entries(row.edits ?? {}).filter(([key]) => short.has(key));
  return edits.length === 0 ? row.variant : edits.map(([key, value]) => `${short.get(key)}=${value}`).join(", ");
}

/* ---- The map ---- */

const editOf = (row, key) => row.edits?.[key];

// The keys of a map: the first two that have several values; the others are
// chosen.
function axesOf(result) {
  const several = (result.vary ?? []).filter((v) => Array.isArray(v.values) && v.values.length > 1 && v.values.length <= 40);
  return { down: several[0] ?? null, across: several[1] ?? null, others: several.slice(2) };
}

const mapScale = (rows, key) => metricScale(key, rows.map((row) => row[key]));

// "kind goes down, clients across; ms, and below it how many times as it is"
const mapTitle = ({ down, across }, rows, key) =>
  `${metrics[key].label}, ${mapScale(rows, key).unit}, and below it how many times as it is: ${down.key} goes down${across ? `, ${across.key} across` : ""}`;

function drawMap(rows, { down, across }, key, baseline, width) {
  const columns = across ? across.values : [""];
  const at = (row) => ({ i: down.values.indexOf(editOf(row, down.key)), k: across ? across.values.indexOf(editOf(row, across.key)) : 0 });
  const placed = rows.map((row) => ({ row, ...at(row) })).filter((p) => p.i >= 0 && p.k >= 0 && isNumber(p.row[key]));
  if (placed.length === 0) return null;
  const { scale } = mapScale(placed.map((p) => p.row), key);
  const base = baseline?.[key];
  const far = (p) => (isNumber(base) && base > 0 && p.row[key] > 0 ? Math.abs(Math.log(p.row[key] / base)) : 0);
  const most = Math.max(...placed.map(far), Math.log(1.1));
  const hue = (p) => hues[verdict(p.row, key)];
  const small = narrow(width);
  const left = Math.min(small ? 84 : 190, 14 + 7 * Math.max(...down.values.map((v) => v.length)));
  const room = (width - left - 4) / columns.length;
  const height = 46;
  const wide = room > 46;
  return plot({
    width, height: down.values.length * height + 42, marginLeft: left, marginRight: 4, marginTop: 36, marginBottom: 6,
    x: { domain: [0, columns.length], axis: null },
    y: { domain: [down.values.length, 0], axis: null },
    marks: [
      Plot.rect(placed, { x1: "k", x2: (p) => p.k + 1, y1: "i", y2: (p) => p.i + 1, inset: 1.5, fill: hue, fillOpacity: (p) => 0.1 + 0.45 * (far(p) / most), stroke: hue, strokeOpacity: 0.6 }),
      wide ? Plot.text(placed, { x: (p) => p.k + 0.5, y: (p) => p.i + 0.37, text: (p) => digits(p.row[key] / scale, room > 70 ? 4 : 3), fill: "var(--ink)", fontWeight: 600 }) : null,
      wide ? Plot.text(placed, { x: (p) => p.k + 0.5, y: (p) => p.i + 0.7, text: (p) => (isNumber(p.row[keyWith(key, "ratio")]) ? `\u00d7\u2009${digits(p.row[keyWith(key, "ratio")], room > 70 ? 3 : 2)}` : ""), fill: "var(--ink)", fontSize: 11 }) : null,
      Plot.text(columns, { x: (d, i) => i + 0.5, frameAnchor: "top", dy: -8, text: (d) => fit(d, room), fill: "var(--ink)" }),
      Plot.text(down.values, { y: (d, i) => i + 0.5, frameAnchor: "left", dx: -8, textAnchor: "end", text: (d) => fit(d, left - 10), fill: "var(--ink)" }),
      across ? Plot.text([fit(across.key, width - left)], { frameAnchor: "top", dy: -26, text: (d) => d, fill: "var(--dim)" }) : null,
      wide ? null : Plot.tip(placed, Plot.pointer({ x: (p) => p.k + 0.5, y: (p) => p.i + 0.5, title: (p) => `${p.row.variant}\n${metricText(key, p.row[key])}` })),
    ],
  });
}

/* ---- Differences ---- */

function ranked(rows, key) {
  const known = rows.filter((r) => isNumber(r[keyWith(key, "difference")]));
  const better = metrics[key].better;
  known.sort((a, b) => better * (b[keyWith(key, "difference")] - a[keyWith(key, "difference")]));
  if (known.length <= 2 * endsShown) return { known, left: 0 };
  return { known: [...known.slice(0, endsShown), null, ...known.slice(-endsShown)], left: known.length - 2 * endsShown };
}

function drawDifferences(result, key, width) {
  const short = shortKeys(result);
  const { known, left } = ranked(result.rows, key);
  const all = known.filter(Boolean);
  if (all.length === 0) return null;
  const { unit, scale } = metricScale(key, all.map((r) => r[keyWith(key, "difference")]));
  const sign = (v, n) => `${v > 0 ? "+" : ""}${digits(v / scale, n)}`;
  return intervals(known.map((row) => row === null
    ? { head: `\u2026 ${left} more in between, see the table` }
    : { label: shortName(row, short), color: hues[verdict(row, key)],
        value: row[keyWith(key, "difference")] / scale,
        low: isNumber(row[keyWith(key, "difference_low")]) ? row[keyWith(key, "difference_low")] / scale : null,
        high: isNumber(row[keyWith(key, "difference_high")]) ? row[keyWith(key, "difference_high")] / scale : null,
        text: `${sign(row[keyWith(key, "difference")], 3)}${isNumber(row[keyWith(key, "ratio")]) ? `  \u00d7\u2009${digits(row[keyWith(key, "ratio")], 3)}` : ""}` }),
    { width, axis: `difference from the scenario as it is, ${unit}`, rule: 0, zero: false, grow: [0] });
}

/* ---- The section ---- */

function charts(result) {
  const keys = keysOf(result);
  if (keys.length === 0) return note("No variant has a figure to draw.");
  let key = keys.includes(result.metric) ? result.metric : keys.includes("mean_ms") ? "mean_ms" : keys[0];
  const axes = axesOf(result);
  const fixed = Object.fromEntries(axes.others.map((v) => [v.key, v.values[0]]));
  const chosen = () => result.rows.filter((row) => axes.others.every((v) => editOf(row, v.key) === fixed[v.key]));
  const map = axes.down && chart("Map of the variants", () => `Map of ${metrics[key].label} over ${axes.down.key}${axes.across ? ` and ${axes.across.key}` : ""}; the table has the numbers.`,
    (width) => {
      map.retitle(mapTitle(axes, chosen(), key));
      return drawMap(chosen(), axes, key, result.baseline, width);
    });
  const differences = chart("Paired differences from the scenario as it is, the best first, with 95 % intervals",
    () => `Ranked differences of ${metrics[key].label}; the table has the numbers.`, (width) => drawDifferences(result, key, width));
  return [
    choice("Metric", keys.map((k) => [k, metrics[k].label]), key, (value) => { key = value; map?.update(); differences.update(); }),
    ...axes.others.map((v) => choice(`Map for ${v.key}`, v.values.map((x) => [x, x]), v.values[0], (value) => { fixed[v.key] = value; map?.update(); })),
    map ? el("div", { class: "map" }, map) : null,
    differences,
    legend(legends),
  ];
}

// The variant and what was changed, then each metric with its difference.
function variantsTable(result) {
  const rows = [...(result.baseline?.variant ? [result.baseline] : []), ...result.rows];
  const shown = rows.map(({ edits, ...row }) => row);
  return table(shown, { caption: "All variants", filter: true, mark: (row) => (row.variant === result.baseline?.variant ? "baseline" : null),
    columns: columnsOf(shown, { only: ["variant", ...Object.keys(metrics).flatMap((k) => [k, keyWith(k, "difference"), keyWith(k, "ratio")]), "bottleneck", "utilisation", "in_flight", "validity", "reason", "warnings"] })
      .filter((c) => shown.some((row) => row[c.key] !== null && row[c.key] !== "" && row[c.key] !== undefined)) });
}

export function whatifSection(result) {
  const keys = (result.vary ?? []).map((v) => v.key).join(", ");
  const left = (result.pruned_by_bound ?? 0) + (result.pruned_by_approximation ?? 0);
  return {
    title: `What if: ${result.scenario ?? "variants of a scenario"}`,
    content: [
      facts([
        ["Varied", keys || null],
        ["Variants", `${result.rows.length}${isNumber(result.combinations) ? ` of ${digits(result.combinations)} combinations` : ""}`],
        ["Not simulated, as a bound says enough", left > 0 ? digits(left) : null],
        ["Cannot be", result.refused > 0 ? digits(result.refused) : null],
        ["By", result.reader === "solve" ? "formula" : result.reader === "sim" ? "simulation, with common random numbers" : null],
        ["Seed", result.seed === undefined ? null : String(result.seed)],
      ]),
      part("Variants against the scenario as it is", charts(result)),
      part("Every variant", variantsTable(result)),
      sentences(result.notes),
    ],
  };
}
