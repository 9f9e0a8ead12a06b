// Tables that sort and filter, by mouse and by keyboard. Every number of a
// chart stands in one.
//
// SPDX-License-Identifier: GPL-3.0-or-later
import { el, uniqueId } from "./dom.js";
import { digits, isNumber, keyUnit, keyWith, timeUnit } from "./units.js";

const rowsAtFirst = 60;

/* ---- Columns ---- */

const words = {
  rps: "requests/s", p50: "p50", io_ms: "waits", cpu_us: "CPU", what: "step does",
  in_use_percent: "in use", concurrency: "clients", slo_miss: "misses the goal",
  cost_per_month: "cost per month", requests_per_unit: "requests per unit of cost",
};

// Parts of one, which are shown in percent.
const shares = ["utilisation", "slo_miss", "errors", "turned_away", "late"];

function heading(key, stem) {
  const percent = stem.endsWith("_percent");
  const text = (percent ? stem.slice(0, -8) : stem).replaceAll("_", " ");
  return { text: words[key] ?? text, unit: percent ? "%" : "" };
}

// The keys of a value's interval: "x_low_ms", its unit last.
function boundsOf(key, keys) {
  const [low, high] = [keyWith(key, "low"), keyWith(key, "high")];
  return keys.includes(low) && keys.includes(high) ? [low, high] : null;
}

const isPlain = (value) =>
  value === null || ["string", "number", "boolean"].includes(typeof value);

// Columns of a list of objects: intervals go with their value, times get the
// unit that suits the column.
export function columnsOf(rows, { leave = [], only = null } = {}) {
  const keys = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const taken = new Set();
  const columns = [];
  for (const key of keys) {
    const bounds = boundsOf(key, keys);
    if (bounds) bounds.forEach((k) => taken.add(k));
  }
  for (const key of only ?? keys) {
    if (taken.has(key) || leave.includes(key) || !keys.includes(key)) continue;
    if (!rows.every((row) => isPlain(row[key] ?? null))) continue;
    columns.push(column(key, rows, boundsOf(key, keys)));
  }
  return columns;
}

function column(key, rows, bounds) {
  const values = rows.map((row) => row[key]);
  const numeric = values.some(isNumber) && values.every((v) => v === null || v === undefined || isNumber(v));
  const { stem, us } = keyUnit(key);
  const head = heading(key, stem);
  let scale = 1;
  if (numeric && shares.includes(key)) {
    scale = 0.01;
    head.unit = "%";
  }
  if (numeric && us !== null) {
    const best = timeUnit(values.filter(isNumber).map((v) => v * us));
    scale = best.us / us;
    head.unit = best.unit;
  }
  const longest = Math.max(...values.map((v) => plain(v).length));
  const size = numeric ? "number" : longest > 60 ? "text long" : longest <= 26 ? "text short" : "text";
  return { key, bounds, numeric, scale, size, ...head };
}

const label = (c) => (c.unit ? `${c.text}, ${c.unit}` : c.text);

const plain = (value) =>
  value === null || value === undefined || value === "" ? "\u2013"
    : typeof value === "boolean" ? (value ? "yes" : "no") : String(value);

const whole = (value) => Number.isInteger(value) && Math.abs(value) < 1e15;

function cellText(c, value) {
  if (!c.numeric || !isNumber(value)) return plain(value);
  if (c.scale === 0.01 && value > 0 && value < 1e-5) return "< 0.001";
  return c.scale === 1 && whole(value) ? value.toLocaleString("en-US") : digits(value / c.scale);
}

function cell(c, row, first) {
  const texts = [cellText(c, row[c.key])];
  if (c.bounds && c.bounds.every((k) => isNumber(row[k])))
    texts.push(el("span", { class: "interval" },
      `${digits(row[c.bounds[0]] / c.scale, 3)} \u2026 ${digits(row[c.bounds[1]] / c.scale, 3)}`));
  return el(first ? "th" : "td", { scope: first ? "row" : null, class: c.size }, texts);
}

/* ---- Filters ---- */

const tests = {
  "<": (a, b) => a < b, "<=": (a, b) => a <= b, ">": (a, b) => a > b,
  ">=": (a, b) => a >= b, "=": (a, b) => a === b,
};

// "p99_ms<50" is in the unit of the key, "p99<50" of the column whose key begins
// so, in the unit that is shown.
function condition(word, columns) {
  const found = /^([a-z0-9_]+)(<=|>=|<|>|=)(-?[0-9.]+)$/i.exec(word);
  if (!found) return null;
  const name = found[1].toLowerCase();
  const c = columns.find((x) => x.numeric && x.key.toLowerCase() === name) ??
    columns.find((x) => x.numeric && x.key.toLowerCase().startsWith(name));
  if (!c) return null;
  const scale = c.key.toLowerCase() === name ? 1 : c.scale;
  return (row) => isNumber(row[c.key]) && tests[found[2]](row[c.key] / scale, Number(found[3]));
}

// Every word has to be in the row, every condition has to hold.
export function filterOf(text, columns) {
  const all = text.trim().split(/\s+/).filter(Boolean).map((word) => {
    const test = condition(word, columns);
    const part = word.toLowerCase();
    return test ?? ((row) => columns.some((c) => cellText(c, row[c.key]).toLowerCase().includes(part)));
  });
  return (row) => all.every((test) => test(row));
}

/* ---- Order ---- */

const collator = new Intl.Collator("en", { numeric: true });

// What has no value comes last, whatever the direction.
function compare(c, direction) {
  const empty = (v) => v === null || v === undefined || v === "";
  return (a, b) => {
    const x = a[c.key], y = b[c.key];
    if (empty(x) || empty(y)) return empty(x) - empty(y);
    return direction * (c.numeric ? x - y : collator.compare(String(x), String(y)));
  };
}

/* ---- The table ---- */

// A table of objects. `caption` names it; `filter` gives it a field for words
// and conditions.
export function table(rows, { caption, columns = columnsOf(rows), filter = rows.length > 8, mark = null, sort = null, numbered = false } = {}) {
  let order = sort ?? { key: null, direction: 1 };
  let words = "";
  let all = false;
  const body = el("tbody");
  const status = el("span", { class: "status", role: "status" });
  const more = el("button", { type: "button", class: "more", onclick: () => { all = true; fill(); } });
  const headings = columns.map((c) => {
    const mark = el("span", { class: "order", "aria-hidden": "true" });
    const button = el("button", { type: "button", onclick: () => sortBy(c) }, label(c), mark);
    const th = el("th", { scope: "col", class: c.size }, button);
    return { c, th, mark };
  });

  function sortBy(c) {
    // Numbers are asked for from the top, words from a to z.
    const first = c.numeric ? -1 : 1;
    order = order.key === c.key ? { key: c.key, direction: -order.direction } : { key: c.key, direction: first };
    fill();
  }

  function fill() {
    const c = columns.find((x) => x.key === order.key);
    const kept = rows.filter(filterOf(words, columns));
    if (c) kept.sort(compare(c, order.direction));
    const shown = all ? kept : kept.slice(0, rowsAtFirst);
    body.replaceChildren(...shown.map((row) =>
      el("tr", { class: mark?.(row) ?? null }, columns.map((x, i) => cell(x, row, i === 0 && !numbered)))));
    for (const { c: x, th, mark: arrow } of headings) {
      const here = x.key === order.key;
      if (here) th.setAttribute("aria-sort", order.direction > 0 ? "ascending" : "descending");
      else th.removeAttribute("aria-sort");
      arrow.textContent = !here ? "" : order.direction > 0 ? "\u25b2" : "\u25bc";
    }
    status.textContent = kept.length === rows.length ? `${rows.length} rows` : `${kept.length} of ${rows.length} rows`;
    more.hidden = shown.length === kept.length;
    more.textContent = `Show all ${kept.length} rows`;
  }

  fill();
  const id = uniqueId("filter");
  const search = el("input", { id, type: "search", autocomplete: "off", spellcheck: "false", placeholder: placeholder(columns),
    oninput: () => { words = search.value; fill(); } });
  return el("div", { class: "table" },
    filter ? el("p", { class: "control" }, el("label", { for: id }, "Filter"), " ", search, " ", status) : null,
    el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
      el("table", {}, el("caption", {}, caption), el("thead", {}, el("tr", {}, headings.map((h) => h.th))), body)),
    more);
}

// An example of what can be asked, of a column that is there.
function placeholder(columns) {
  const c = columns.find((x) => x.key === "p99_ms") ?? columns.find((x) => x.numeric && x.bounds) ??
    columns.find((x) => x.numeric && x.unit);
  return c ? `words, or ${c.key}<50` : "words";
}
