// Elements of the page. Texts become text nodes: nothing that a user wrote is
// ever read as HTML.
//
// SPDX-License-Identifier: GPL-3.0-or-later

// el("p", {class: "note"}, "text", child): what is null is left out.
export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((c) => c !== null && c !== undefined));
  return element;
}

let count = 0;
export const uniqueId = (word) => `${word}-${++count}`;

// A heading of a section's part, and what stands under it.
export function part(title, ...children) {
  return el("section", { class: "part" }, el("h3", {}, title), ...children);
}

export const note = (...children) => el("p", { class: "note" }, ...children);

// Sentences that the command itself said.
export function sentences(list, kind = "note") {
  const all = (list ?? []).filter((text) => typeof text === "string" && text);
  return all.length === 0
    ? null
    : el("ul", { class: `sentences ${kind}` }, all.map((t) => el("li", {}, t)));
}

// What is of interest to some alone: closed, but printed.
export const folded = (title, ...children) =>
  el("details", {}, el("summary", {}, title), ...children);

// A choice; `change` is called with the value, now and whenever it changes.
export function choice(label, options, chosen, change) {
  const id = uniqueId("choice");
  const select = el(
    "select",
    { id, onchange: () => change(select.value) },
    options.map(([value, text]) =>
      el("option", { value, selected: value === chosen }, text),
    ),
  );
  return el("p", { class: "control" }, el("label", { for: id }, label), " ", select);
}

// A list of what stands beside a figure of importance.
export function facts(pairs) {
  return el(
    "dl",
    { class: "facts" },
    pairs
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([term, value]) => el("div", {}, el("dt", {}, term), el("dd", {}, value))),
  );
}

export function legend(entries) {
  return el(
    "ul",
    { class: "legend" },
    entries.map(({ color, label, kind }) => {
      const swatch = el("span", { class: `swatch ${kind ?? ""}`, "aria-hidden": "true" });
      if (color) swatch.style.setProperty("--swatch", color);
      return el("li", {}, swatch, label);
    }),
  );
}
