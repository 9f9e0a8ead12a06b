// node browse.mjs CHROMIUM FOLDER: looks at the pages of FOLDER as a reader
// does. What is seen is compared with the results in FOLDER/in, which the page
// had no hand in.
//
// SPDX-License-Identifier: GPL-3.0-or-later
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const [, , executablePath, folder] = process.argv;
const input = (name) => JSON.parse(readFileSync(join(folder, "in", name), "utf8"));
const order = ["explain", "against", "unpriced", "workers", "one", "several", "whatif", "plan", "validate", "calibrate"];

let checks = 0;
async function check(name, test) {
  try {
    await test();
    checks++;
    console.log(`ok: ${name}`);
  } catch (error) {
    console.log(`FAILED: ${name}\n${error.stack}`);
    process.exitCode = 1;
  }
}

// A browser that is new, alone and without a network.
const profile = mkdtempSync(join(tmpdir(), "reqpath-page-"));
const browser = await chromium.launchPersistentContext(profile, {
  executablePath,
  headless: true,
  offline: true,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
browser.setDefaultTimeout(120e3);

// Opens a page for `use`, with all that it says and asks for.
async function open(file, { width = 1280, scheme = "light" }, use) {
  const page = await browser.newPage();
  const said = [];
  const asked = [];
  const url = pathToFileURL(join(folder, file)).href;
  page.on("console", (message) => said.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => said.push(error.message));
  page.on("request", (request) => request.url() !== url && asked.push(request.url()));
  await page.setViewportSize({ width, height: 900 });
  await page.emulateMedia({ colorScheme: scheme });
  await page.goto(url);
  await page.waitForSelector("html[data-ready] figure svg");
  await settle(page);
  await use(page, { said, asked });
  await page.close();
}

// Two frames: charts are drawn in the first after their place has a width.
const settle = (page) =>
  page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 50)))));

const section = (page, name) => page.locator("section.result").nth(order.indexOf(name));

const openAll = (page) => page.evaluate(() => document.querySelectorAll("details").forEach((d) => { d.open = true; }));

const showAll = (page) => page.evaluate(() => document.querySelectorAll("button.more:not([hidden])").forEach((b) => b.click()));

// A table as a reader sees it: headings, and cells without their intervals.
const read = (table) =>
  table.evaluate((t) => ({
    head: [...t.tHead.rows[0].cells].map((c) => c.textContent.replace(/[\u25b2\u25bc]/g, "").trim()),
    rows: [...t.tBodies[0].rows].map((r) => [...r.cells].map((c) => c.firstChild?.textContent ?? "")),
  }));

const unitsInUs = { ns: 1e-3, "\u00b5s": 1, ms: 1e3, s: 1e6 };

// Column `name` of a table in us where it is a time, as numbers.
function column({ head, rows }, name) {
  const at = head.findIndex((h) => h === name || h.startsWith(`${name}, `));
  assert.notEqual(at, -1, `no column ${name} in ${head}`);
  const factor = unitsInUs[head[at].split(", ")[1]] ?? 1;
  return rows.map((r) => Number(r[at].replaceAll(",", "")) * factor);
}

function near(seen, expected, what) {
  assert.equal(seen.length, expected.length, what);
  expected.forEach((value, i) => {
    if (value === null || value === undefined) assert.ok(Number.isNaN(seen[i]), `${what} ${i}: ${seen[i]}`);
    else assert.ok(Math.abs(seen[i] - value) <= 6e-4 * Math.abs(value), `${what} ${i}: ${seen[i]} for ${value}`);
  });
}

/* ---- All results ---- */

await open("all.html", {}, async (page, { said, asked }) => {
  await openAll(page);
  await settle(page);
  await check("loads without a word and without a request", () => {
    assert.deepEqual(said, []);
    assert.deepEqual(asked, []);
  });
  await check("has a section for each result, and a way to each", async () => {
    assert.equal(await page.locator("section.result").count(), order.length);
    assert.equal(await page.locator("nav a").count(), order.length);
    assert.equal(await page.title(), "All of it");
  });
  await check("every chart is drawn, and says what it is", async () => {
    const figures = await page.locator("figure").evaluateAll((all) => all.map((f) => ({
      marks: f.querySelectorAll("svg rect, svg circle, svg path, svg line").length,
      role: f.querySelector("svg")?.getAttribute("role"),
      words: f.querySelector("svg")?.getAttribute("aria-label") ?? "",
      title: f.querySelector("figcaption").textContent,
    })));
    assert.ok(figures.length >= 18, `${figures.length} figures`);
    for (const f of figures) {
      assert.ok(f.marks >= 3, f.title);
      assert.equal(f.role, "img", f.title);
      assert.ok(f.words.length > 10 && f.title.length > 10, f.title);
    }
  });
  await check("every table has a caption, every field a label", async () => {
    const bad = await page.evaluate(() => [
      ...[...document.querySelectorAll("table")].filter((t) => !t.caption?.textContent),
      ...[...document.querySelectorAll("th")].filter((t) => !t.scope),
      ...[...document.querySelectorAll("select, input")].filter((f) => f.labels.length !== 1),
    ].map((e) => e.outerHTML.slice(0, 200)));
    assert.deepEqual(bad, []);
  });
  await showAll(page);
  await check("the steps have the costs of the file", async () => {
    const seen = await read(section(page, "explain").locator("table"));
    near(column(seen, "cost"), input("explain.json").rows.map((r) => r.cost_us), "cost");
    const text = await section(page, "explain").textContent();
    for (const hold of input("explain.json").holds) assert.match(text, new RegExp(`Steps ${hold.first_step} to ${hold.last_step} hold`));
  });
  await check("the moment of the answer stands before the steps that follow it, and nowhere else", async () => {
    const late = (name) => input(`${name}.json`).rows.map((r) => r.after_answer);
    const first = late("explain").indexOf(true);
    assert.ok(first > 0);
    const seen = await section(page, "explain").locator("figure svg").first().evaluate((svg) => ({
      at: [...svg.querySelectorAll('[aria-label="rule"] line')].map((line) => line.getBoundingClientRect().x),
      bars: [...[...svg.querySelectorAll('[aria-label="rect"]')].at(-1).querySelectorAll("rect")].map((bar) => bar.getBoundingClientRect()).map(({ x, y, bottom }) => ({ x, y, bottom })),
      words: [...svg.querySelectorAll("text")].filter((t) => t.textContent.includes("(the client has its answer)")).map((t) => t.getBoundingClientRect()).map(({ y, bottom }) => ({ y, bottom })),
    }));
    assert.equal(seen.at.length, 1);
    assert.equal(seen.words.length, 1);
    assert.ok(Math.abs(seen.at[0] - seen.bars[first].x) < 2, `${seen.at[0]} and ${seen.bars[first].x}`);
    assert.ok(seen.bars[first - 1].bottom < seen.words[0].y + 8 && seen.words[0].bottom - 8 < seen.bars[first].y);
    const { head, rows } = await read(section(page, "explain").locator("table"));
    const at = head.findIndex((h) => h.startsWith("after answer"));
    assert.deepEqual(rows.map((r) => r[at] === "yes"), late("explain"));
    assert.ok(!late("workers").includes(true));
    assert.equal(await section(page, "workers").getByText("the client has its answer").count(), 0);
  });
  await check("the metrics are those of the file", async () => {
    for (const name of ["one", "several"]) {
      const { rows, results } = input(`${name}.json`);
      const seen = await read(section(page, name).locator("table").first());
      near(column(seen, "requests/s"), rows.map((r) => r.rps), "rps");
      near(column(seen, "mean"), rows.map((r) => r.mean_ms * 1e3), "mean");
      near(column(seen, "p99"), rows.map((r) => r.p99_ms * 1e3), "p99");
      const curve = await read(section(page, name).locator("table").nth(1));
      near(column(curve, results[0].scenario), results[0].quantiles.map((q) => q.ms * 1e3).concat(Array(curve.rows.length - results[0].quantiles.length).fill(null)), "curve");
    }
  });
  await check("the variants have the differences of the file", async () => {
    const { rows } = input("whatif.json");
    const seen = await read(section(page, "whatif").locator("table"));
    near(column(seen, "mean difference").slice(1), rows.map((r) => r.mean_difference_ms * 1e3), "difference");
    near(column(seen, "p99").slice(1), rows.map((r) => r.p99_ms * 1e3), "p99");
  });
  await check("the costs of a calibration are those of the file", async () => {
    const { rows } = input("calibrate.json");
    const seen = await read(section(page, "calibrate").locator("table").first());
    near(column(seen, "mean"), rows.map((r) => r.mean_us), "mean");
    near(column(seen, "se"), rows.map((r) => r.se_us), "se");
  });
  await check("every row of a validation is there, the farthest off first", async () => {
    const { rows } = input("validate.json");
    const seen = await read(section(page, "validate").locator("table").first());
    near(column(seen, "error"), rows.map((r) => r.error_percent).sort((a, b) => b - a), "error");
    const points = await section(page, "validate").locator("figure").first().locator("circle").count();
    assert.equal(points, rows.filter((r) => r.metric === "mean_ms").length);
  });
  await check("the map has a cell for each variant, and follows the metric", async () => {
    const { rows } = input("whatif.json");
    const map = section(page, "whatif").locator("figure").first();
    assert.equal(await map.locator("rect").count(), rows.length);
    await section(page, "whatif").locator("select").first().selectOption("rps");
    await settle(page);
    assert.match(await map.textContent(), /requests\/s/);
    const most = Math.max(...rows.map((r) => r.rps));
    assert.match((await map.textContent()).replaceAll(",", ""), new RegExp(String(Math.round(most))));
  });
});

/* ---- By keyboard ---- */

await open("all.html", {}, async (page) => {
  const plan = section(page, "plan");
  const { rows } = input("plan.json");
  const p99 = async () => column(await read(plan.locator("table").first()), "p99");
  await check("a column is sorted by keyboard, and says so", async () => {
    const button = plan.getByRole("button", { name: /^p99/ });
    const heading = button.locator("xpath=..");
    await plan.locator("input").focus();
    for (let i = 0; i < 40 && !(await button.evaluate((b) => b === document.activeElement)); i++) await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    assert.equal(await heading.getAttribute("aria-sort"), "descending");
    const known = rows.map((r) => r.p99_ms).filter((v) => v !== null).map((v) => v * 1e3);
    near((await p99()).filter((v) => !Number.isNaN(v)), [...known].sort((a, b) => b - a), "p99");
    await page.keyboard.press("Space");
    assert.equal(await heading.getAttribute("aria-sort"), "ascending");
    near((await p99()).filter((v) => !Number.isNaN(v)), [...known].sort((a, b) => a - b), "p99");
  });
  await check("what has the focus is seen", async () => {
    const width = await page.evaluate(() => parseFloat(getComputedStyle(document.activeElement).outlineWidth));
    assert.ok(width >= 2);
  });
  await check("words and conditions filter, and their number is said", async () => {
    const limit = [...rows.map((r) => r.p99_ms)].sort((a, b) => a - b)[5];
    await plan.locator("input").focus();
    await page.keyboard.type(`rejected p99_ms<${limit}`);
    const kept = rows.filter((r) => r.verdict === "rejected" && r.p99_ms < limit).length;
    assert.ok(kept > 0 && kept < rows.length);
    assert.equal((await p99()).length, kept);
    assert.equal(await plan.getByRole("status").first().textContent(), `${kept} of ${rows.length} rows`);
    await page.keyboard.press("Control+A");
    await page.keyboard.type("no such words");
    assert.equal((await p99()).length, 0);
  });
});

/* ---- Widths and colours ---- */

// Colours by the names of the style sheet, their contrast against the paper.
const contrasts = (page) =>
  page.evaluate(() => {
    const luminance = (color) => {
      const [r, g, b] = color.match(/[\d.]+/g).slice(0, 3).map((v) => v / 255)
        .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const probe = document.body.appendChild(document.createElement("span"));
    const of = (name) => { probe.style.color = `var(--${name})`; return luminance(getComputedStyle(probe).color); };
    const ratio = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const paper = of("paper");
    const all = Object.fromEntries(["ink", "dim", "link", "warn", "hue-1", "hue-2", "hue-3", "hue-4", "hue-5", "hue-6"].map((n) => [n, ratio(of(n), paper)]));
    all.paper = paper;
    probe.remove();
    return all;
  });

for (const scheme of ["light", "dark"])
  for (const width of [375, 1280])
    await open("all.html", { width, scheme }, async (page, { said }) => {
      if (process.env.PAGE_SHOTS)
        for (const name of order)
          await section(page, name).screenshot({ path: join(folder, `shots/${name}-${scheme}-${width}.png`) });
      await openAll(page);
      await settle(page);
      await check(`${scheme}, ${width} px: nothing is wider than the window, no label is cut`, async () => {
        const found = await page.evaluate(() => {
          const cut = [...document.querySelectorAll("figure svg text")].filter((t) => {
            const box = t.getBoundingClientRect();
            return box.width > 0 && (box.left < -1 || box.right > innerWidth + 1);
          });
          return { over: document.documentElement.scrollWidth - innerWidth, cut: cut.map((t) => t.textContent) };
        });
        assert.deepEqual(found, { over: 0, cut: [] });
        assert.deepEqual(said, []);
      });
      await check(`${scheme}, ${width} px: texts and marks stand out`, async () => {
        const found = await contrasts(page);
        assert.equal(found.paper > 0.5, scheme === "light");
        for (const [name, ratio] of Object.entries(found))
          if (name !== "paper") assert.ok(ratio >= (name.startsWith("hue") ? 3 : 4.5), `${name}: ${ratio}`);
      });
    });

/* ---- Print ---- */

await open("all.html", { scheme: "dark" }, async (page) => {
  await check("print is black on white, without controls, with what is folded", async () => {
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
    const found = await contrasts(page);
    assert.ok(found.paper > 0.99 && found.ink > 20, JSON.stringify(found));
    assert.equal(await page.locator(".control:visible").count(), 0);
    assert.equal(await page.locator("details:not([open])").count(), 0);
    await page.evaluate(() => dispatchEvent(new Event("afterprint")));
    assert.ok((await page.locator("details:not([open])").count()) > 0);
  });
  if (process.env.PAGE_SHOTS) await page.pdf({ path: join(folder, "shots/print.pdf"), format: "A4" });
});

/* ---- Hostile names ---- */

await open("hostile.html", {}, async (page, { said, asked }) => {
  await check("names stay names", async () => {
    const { rows, notes } = input("hostile.json");
    assert.equal(await page.title(), '<i>"Title"</i>');
    assert.equal(await page.locator("h1").textContent(), '<i>"Title"</i>');
    assert.equal(await page.locator("h2").textContent(), `Under load: ${rows[0].scenario}`);
    assert.equal(await page.locator("i, b, img").count(), 0);
    assert.ok((await page.locator("main").textContent()).includes(notes[0]));
    assert.deepEqual(said, []);
    assert.deepEqual(asked, []);
  });
});

await browser.close();
rmSync(profile, { recursive: true, force: true });
console.log(`${checks} checks passed`);
