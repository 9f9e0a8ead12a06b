// Charts: figures that are drawn anew when their width changes. Colours are
// those of the style sheet, so that light, dark and print need no script.
//
// SPDX-License-Identifier: GPL-3.0-or-later
import * as Plot from "@observablehq/plot";
import { el } from "./dom.js";
import { isNumber } from "./units.js";

const hues = 6;

// The colour of the n-th of several things; they repeat after six.
export const color = (index) => `var(--hue-${(index % hues) + 1})`;

export const narrow = (width) => width < 620;

const letter = 6.6; // a mean letter's width at the charts' size of 12 px

// How wide the longest of some texts is, about.
export const textWidth = (texts) => letter * Math.max(0, ...texts.map((text) => text.length));

// `text` in so many pixels, cut with an ellipsis; tables have all of it.
export function fit(text, pixels) {
  const room = Math.max(4, Math.floor(pixels / letter));
  return text.length <= room ? text : `${text.slice(0, room - 1).trimEnd()}\u2026`;
}

// A figure. `draw(width)` returns a plot; `summary` says in a sentence what is
// seen, for who does not see it. `update()` draws again.
export function chart(title, summary, draw) {
  const place = el("div", { class: "canvas" });
  const caption = el("figcaption", {}, title);
  const figure = el("figure", {}, caption, place);
  let last = 0;

  function update() {
    const width = Math.floor(place.clientWidth);
    if (width < 40) return;
    last = width;
    const plot = draw(width);
    if (!plot) {
      place.replaceChildren(el("p", { class: "note" }, "There is nothing to draw."));
      return;
    }
    plot.setAttribute("role", "img");
    plot.setAttribute("aria-label", typeof summary === "function" ? summary() : summary);
    place.replaceChildren(plot);
  }
  new ResizeObserver(() => {
    if (Math.floor(place.clientWidth) !== last) requestAnimationFrame(update);
  }).observe(place);
  figure.update = update;
  figure.retitle = (text) => caption.replaceChildren(text);
  return figure;
}

// What all plots have in common.
export function plot(options) {
  return Plot.plot({
    style: { fontSize: "12px", background: "transparent", overflow: "visible" },
    ...options,
  });
}

const domainOf = (rows, zero) => {
  const values = rows.flatMap((r) => [r.value, r.low, r.high]).filter(isNumber);
  const low = Math.min(...values);
  const high = Math.max(...values);
  const room = (high - low || Math.abs(high) || 1) * 0.04;
  const least = zero && low >= 0 ? 0 : low - room;
  return [least, high + room];
};

// Rows of a dot and its interval, one below the other: {label, value, low,
// high, color, text} or {head: "..."}. Labels stand at the left or, where it
// is narrow, above. `rule` is a value to compare with.
export function intervals(rows, { width, axis, zero = true, rule = null, grow = [] }) {
  const small = narrow(width);
  const step = small ? 40 : 26;
  const longest = (key) => textWidth(rows.map((row) => row[key] ?? ""));
  const left = small ? 4 : Math.min(width * 0.42, Math.max(70, longest("label") + 16));
  const right = small ? 12 : longest("text") + 18;
  let at = 0;
  const placed = rows.map((row) => {
    const y = at + (row.head ? 0.6 : 0.5);
    at += row.head ? 1.1 : 1;
    return { ...row, y };
  });
  const data = placed.filter((row) => isNumber(row.value));
  if (data.length === 0) return null;
  const lift = small ? 0.22 : 0;
  const [x0, x1] = domainOf([...data, ...grow.map((value) => ({ value }))], zero);
  const shared = { x: "value", y: (d) => d.y + lift };
  return plot({
    width,
    height: at * step + 52,
    marginLeft: left,
    marginRight: right,
    marginTop: 6,
    marginBottom: 44,
    x: { domain: [x0, x1], label: axis, grid: true, labelAnchor: "center", labelArrow: "none", ticks: Math.max(3, Math.floor((width - left - right) / 90)) },
    y: { domain: [at, 0], axis: null },
    marks: [
      rule === null ? null : Plot.ruleX([rule], { stroke: "var(--ink)", strokeDasharray: "3 3" }),
      Plot.link(data.filter((d) => isNumber(d.low) && isNumber(d.high)), {
        x1: "low", x2: "high", y1: (d) => d.y + lift, y2: (d) => d.y + lift,
        stroke: (d) => d.color, strokeWidth: 3, strokeOpacity: 0.55, strokeLinecap: "butt",
      }),
      Plot.dot(data, { ...shared, r: 4, fill: (d) => d.color, stroke: "var(--paper)", strokeWidth: 1 }),
      Plot.text(placed.filter((d) => d.head), {
        text: (d) => fit(d.head, width - 8), frameAnchor: "left", dx: -left + 4, y: "y",
        textAnchor: "start", fontWeight: 600, fill: "var(--ink)",
      }),
      Plot.text(placed.filter((d) => !d.head), small
        ? { text: (d) => fit(`${d.label}: ${d.text}`, width - 8), frameAnchor: "left", y: (d) => d.y - 0.2, textAnchor: "start", fill: "var(--ink)" }
        : { text: (d) => fit(d.label, left - 14), frameAnchor: "left", dx: -10, y: "y", textAnchor: "end", fill: "var(--ink)" }),
      small ? null : Plot.text(data, {
        text: "text", frameAnchor: "right", dx: right, y: "y", textAnchor: "end", fill: "var(--ink)",
      }),
    ],
  });
}


