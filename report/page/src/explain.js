// The path of a request: a waterfall of its steps, and the same as a table.
//
// SPDX-License-Identifier: GPL-3.0-or-later
import * as Plot from "@observablehq/plot";
import { chart, color, fit, narrow, plot, textWidth } from "./chart.js";
import { choice, el, facts, folded, legend, part, sentences } from "./dom.js";
import { columnsOf, table } from "./table.js";
import { axisUnit, digits, isNumber, time } from "./units.js";

const answered = "(the client has its answer)";

const brackets = { enter: " {", take: " {" };

// Steps of the server's and the handler's own need no layer's name.
const plainOrigins = ["server", "handler", "view"];

// "sync_to_async layer of access_log {", "own wait"
function wordsOf(row) {
  const of = row.origin && !plainOrigins.includes(row.origin) ? ` of ${row.origin}` : "";
  const what = `${row.what || row.item || row.op}${of}`;
  if (row.op === "leave" || row.op === "give") return `} ${row.cross ? `${row.cross} ` : ""}${what}`;
  return `${row.cross ? `${row.cross} ` : ""}${what}${brackets[row.op] ?? ""}`;
}

// Where each step begins and ends, and in which line. Steps without a price,
// where no step has one, are as wide as each other. What follows the answer
// leaves a line free before it.
function layOut(rows, waits) {
  const priced = rows.some((row) => isNumber(row.cost_us));
  let at = 0;
  return rows.map((row, index) => {
    const own = row.op === "wait";
    const us = !priced ? 1 : own && !waits ? 0 : (row.cost_us ?? 0);
    const begin = at;
    at += us;
    return { row, index: index + (row.after_answer ? 1 : 0), begin, end: at, own, priced };
  });
}

function placesOf(rows) {
  return [...new Set(rows.map((row) => row.place ?? "?"))];
}

// The moment when the client has its answer, where steps follow it.
function answerIn(laid) {
  const first = laid.find((d) => d.row.after_answer);
  return first ? [{ line: first.index - 0.5, at: first.begin }] : [];
}

function drawWaterfall(result, waits, width) {
  const laid = layOut(result.rows, waits);
  const answer = answerIn(laid);
  const lines = laid.length + answer.length;
  const places = placesOf(result.rows);
  const hue = (d) => color(places.indexOf(d.row.place ?? "?"));
  const priced = laid[0].priced;
  const total = laid.at(-1).end || 1;
  const { unit, us } = priced ? axisUnit([total]) : { unit: "steps", us: 1 };
  const small = narrow(width);
  const name = (d) => `${d.row.step}  ${"\u00b7 ".repeat(d.row.depth ?? 0)}${wordsOf(d.row)}`;
  const left = small ? 4 : Math.min(width * 0.42, 20 + textWidth(laid.map(name)));
  const right = small ? 10 : 84;
  const step = small ? 38 : 24;
  const lift = small ? 0.42 : 0.1;
  const text = (d) => (!priced ? "" : !isNumber(d.row.cost_us) ? "no price" : time(d.row.cost_us));
  const held = (result.holds ?? []).flatMap((hold, index) => {
    const first = laid.find((d) => d.row.step === hold.first_step);
    const last = laid.find((d) => d.row.step === hold.last_step);
    return first && last ? [{ hold, index, x1: first.begin / us, x2: last.end / us, y1: first.index, y2: last.index + 1 }] : [];
  });
  return plot({
    width,
    height: lines * step + 48,
    marginLeft: left, marginRight: right, marginTop: 6, marginBottom: 42,
    x: { domain: [0, total / us], grid: true, labelAnchor: "center", labelArrow: "none",
      label: priced ? `time since the request began, ${unit}` : "steps, which have no price: no profile was named",
      ticks: Math.max(3, Math.floor((width - left - right) / 90)) },
    y: { domain: [lines, 0], axis: null },
    marks: [
      Plot.ruleX(answer, { x: (d) => d.at / us, stroke: "var(--answer)", strokeWidth: 1.5 }),
      Plot.text(answer, { text: () => answered, frameAnchor: "left", dx: small ? 0 : -left + 2, y: "line", textAnchor: "start", fill: "var(--answer)" }),
      Plot.rect(held, { x1: "x1", x2: "x2", y1: "y1", y2: "y2", fill: "var(--held)", stroke: "var(--held-edge)", strokeDasharray: "4 3" }),
      Plot.rect(laid, { x1: (d) => d.begin / us, x2: (d) => d.end / us, y1: (d) => d.index + lift, y2: (d) => d.index + 0.9,
        fill: hue, fillOpacity: (d) => (d.own || d.row.after_answer ? 0.3 : 1), stroke: hue, strokeWidth: 1.5 }),
      Plot.text(laid, small
        ? { text: (d) => fit(`${name(d)}  ${text(d)}`, width - 10), frameAnchor: "left", y: (d) => d.index + 0.22, textAnchor: "start", fill: "var(--ink)" }
        : { text: (d) => fit(name(d), left - 16), frameAnchor: "left", dx: -left + 2, y: (d) => d.index + 0.5, textAnchor: "start", fill: "var(--ink)" }),
      small ? null : Plot.text(laid, { text, x: (d) => d.end / us, dx: 6, y: (d) => d.index + 0.5, textAnchor: "start", fill: "var(--ink)", stroke: "var(--paper)", strokeWidth: 3 }),
    ],
  });
}

function waterfall(result) {
  const hasWaits = result.rows.some((row) => row.op === "wait" && isNumber(row.cost_us));
  let waits = true;
  const total = result.total?.total_us;
  const figure = chart("Waterfall of one request, alone",
    () => `Waterfall of ${result.rows.length} steps${isNumber(total) ? `, ${time(total)} in all` : ""}; the table below has every step.`,
    (width) => drawWaterfall(result, waits, width));
  const entries = placesOf(result.rows).map((place, i) => ({ color: color(i), label: `runs on ${place}` }));
  if (hasWaits) entries.push({ kind: "waiting", label: "own wait" });
  if (result.rows.some((row) => row.after_answer)) entries.push({ kind: "answer", label: "the client has its answer; what follows may hold up other requests" });
  if (result.holds?.length) entries.push({ kind: "held", label: "a thread or place is held for all that runs inside" });
  return [
    hasWaits
      ? choice("Time shown", [["all", "all of it"], ["work", "without own waits"]], "all", (value) => {
          waits = value === "all";
          figure.update();
        })
      : null,
    figure,
    legend(entries),
  ];
}

function holdsOf(result) {
  const all = result.holds ?? [];
  if (all.length === 0) return null;
  return el("ul", { class: "sentences held" }, all.map((h) =>
    el("li", {}, `Steps ${h.first_step} to ${h.last_step} hold the ${placeName(h.place)}${h.origin ? `, because of ${h.origin}` : ""}${isNumber(h.held_us) ? `, for ${time(h.held_us)}` : ""}.`)));
}

// What the program calls "sensitive" is a thread.
const placeName = (place) => (place === "sensitive" ? "thread for thread-sensitive code" : (place ?? "place"));

function countsOf(counts) {
  if (!counts) return null;
  const plural = (n, word) => `${n} ${word}${n === 1 ? "" : "s"}`;
  return [`${counts.sync_to_async} sync_to_async`, `${counts.async_to_sync} async_to_sync`,
    plural(counts.loops_created, "new loop"), plural(counts.threads_created, "new thread")].join(", ");
}

export function validityOf(validity) {
  if (!validity) return null;
  return typeof validity === "string" ? validity : (validity.tier ?? null);
}

export function explainSection(result) {
  const s = result.scenario ?? {};
  const t = result.total;
  return {
    title: `Path of a request: ${s.name || s.file || "a scenario"}`,
    content: [
      facts([
        ["Total", t && isNumber(t.total_us) ? `${time(t.total_us)}${isNumber(t.se_us) ? ` (standard error ${time(t.se_us, 3)})` : ""}` : null],
        ["Server and framework", t ? time(t.framework_us) : null],
        ["Own CPU and waits", t ? time(t.own_us) : null],
        ["Runs on", s.server ? `${s.server}, ${s.framework ?? ""} ${s.framework_version ?? ""}, ${s.path ?? ""} path` : null],
        ["Crossings", countsOf(result.counts)],
        ["Validity", validityOf(result.validity)],
      ]),
      sentences(result.validity?.sentences),
      part("Step by step", waterfall(result), holdsOf(result)),
      folded("Steps as a table", table(result.rows, {
        caption: "Steps of the request",
        columns: columnsOf(result.rows, { only: ["step", "what", "op", "cross", "place", "origin", "holds", "after_answer", "cost_us", "cost_percent", "priced_by"] }),
      })),
      sentences(result.notes),
    ],
  };
}

/* ---- Two paths ---- */

function drawAgainst(result, width) {
  const rows = result.rows.filter((r) => r.item !== "total" && (r.total_us || r.against_total_us));
  const totals = rows.flatMap((r) => [r.total_us, r.against_total_us]);
  const { unit, us } = axisUnit(totals);
  const small = narrow(width);
  const left = small ? 4 : 170;
  const sides = rows.flatMap((r, i) => [
    { r, y: i + 0.32, label: r.item, us: r.total_us, hue: color(0) },
    { r, y: i + 0.6, label: "", us: r.against_total_us, hue: color(1) },
  ]);
  return plot({
    width, height: rows.length * 58 + 48, marginLeft: left, marginRight: 84, marginTop: 4, marginBottom: 42,
    x: { label: `time per request, ${unit}`, grid: true, labelAnchor: "center", labelArrow: "none", domain: [0, Math.max(...totals) / us], ticks: Math.max(3, Math.floor(width / 140)) },
    y: { domain: [rows.length, 0], axis: null },
    marks: [
      Plot.rect(sides, { x1: 0, x2: (d) => d.us / us, y1: (d) => d.y - 0.12, y2: (d) => d.y + 0.12, fill: "hue" }),
      Plot.text(sides, { text: (d) => time(d.us), x: (d) => d.us / us, dx: 6, y: "y", textAnchor: "start", fill: "var(--ink)" }),
      Plot.text(rows.map((r, i) => ({ text: r.item, y: small ? i + 0.08 : i + 0.45 })), {
        text: (d) => fit(d.text, small ? width : left - 10), y: "y", frameAnchor: "left", dx: small ? 0 : -left + 2, textAnchor: "start", fill: "var(--ink)" }),
    ],
  });
}

export function againstSection(result) {
  const base = result.base?.path ?? "one";
  const other = result.against?.path ?? "the other";
  const r = result.ratio ?? {};
  const between = (low, high) => (isNumber(low) && isNumber(high) ? `${digits(low, 3)} to ${digits(high, 3)}` : null);
  return {
    title: `The ${base} path against the ${other} path`,
    content: [
      facts([
        [`${base} path`, time(result.base?.total_us)],
        [`${other} path`, time(result.against?.total_us)],
        ["Ratio", isNumber(r.value) ? digits(r.value, 3) : null],
        ["95 % by the unit costs", between(r.low, r.high)],
        ["95 % with the misfit of two configurations", between(r.wide_low, r.wide_high)],
        ["Validity", [validityOf(result.base?.validity), validityOf(result.against?.validity)].filter(Boolean).join("; ") || null],
      ]),
      part("What each pays for",
        chart(`Time per request, ${base} and ${other} path`, "Bars of what each item costs on either path; the table below has the numbers.", (width) => drawAgainst(result, width)),
        legend([{ color: color(0), label: `${base} path` }, { color: color(1), label: `${other} path` }]),
        table(result.rows, { caption: "Items of cost on both paths", filter: false })),
      sentences(result.notes),
    ],
  };
}

