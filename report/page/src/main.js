// The page: a section for each result of the block of data.
//
// SPDX-License-Identifier: GPL-3.0-or-later
import "./style.css";
import { calibrateSection } from "./calibrate.js";
import { el, uniqueId } from "./dom.js";
import { againstSection, explainSection } from "./explain.js";
import { planSection } from "./plan.js";
import { simulateSection } from "./simulate.js";
import { validateSection } from "./validate.js";
import { whatifSection } from "./whatif.js";

const sections = {
  explain: explainSection,
  "explain --against": againstSection,
  simulate: simulateSection,
  validate: validateSection,
  whatif: whatifSection,
  plan: planSection,
  calibrate: calibrateSection,
};

// One result that cannot be shown does not take the others along.
function sectionOf(file) {
  try {
    return sections[file.command](file.result);
  } catch (error) {
    return {
      title: `reqpath ${file.command}`,
      content: [el("p", { class: "warning" }, `This result cannot be shown: ${error.message}.`)],
    };
  }
}

function sectionElement(file) {
  const { title, content } = sectionOf(file);
  const id = uniqueId("result");
  const heading = el("h2", { id: `${id}-title` }, title);
  return {
    id, title,
    element: el("section", { id, class: "result", "aria-labelledby": `${id}-title`, tabindex: "-1" },
      heading, el("p", { class: "source" }, "reqpath ", file.command, ", ", el("code", {}, file.file)), content),
  };
}

function build({ title, files }) {
  const all = files.map(sectionElement);
  document.title = title;
  document.body.append(
    el("header", {},
      el("h1", {}, title),
      all.length > 1
        ? el("nav", { "aria-label": "Results" }, el("ol", {}, all.map((s) => el("li", {}, el("a", { href: `#${s.id}` }, s.title)))))
        : null),
    el("main", {}, all.map((s) => s.element)),
    el("footer", {}, "Made by reqpath export page. Charts are drawn from the results named above; every figure stands in a table, whose columns sort and whose rows filter."),
  );
}

// What is folded is printed too, and folded again after.
function openForPrint() {
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open])")];
    for (const details of opened) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of opened) details.open = false;
  });
}

build(JSON.parse(document.getElementById("data").textContent));
openForPrint();
document.documentElement.dataset.ready = "true";
