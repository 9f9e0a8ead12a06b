// node build.mjs OUT: bundles src/ and its one library into the page that the
// C library carries: script and style inside, nothing to be loaded. The same
// sources and lock file make the same bytes, whatever the version of node.
//
// SPDX-License-Identifier: GPL-3.0-or-later
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2];
if (!out) {
  console.error("build.mjs: the output is missing: node build.mjs page.html");
  process.exit(2);
}

// The texts of a bundle, by the ending of its file. ASCII alone, so that the
// page reads the same whatever a server says of its encoding.
const result = await build({
  absWorkingDir: here,
  entryPoints: ["src/main.js"],
  outfile: "page.js",
  bundle: true,
  minify: true,
  format: "iife",
  target: ["chrome109", "firefox102", "safari15.4"],
  charset: "ascii",
  legalComments: "none",
  metafile: true,
  write: false,
});
const text = (ending) =>
  result.outputFiles.find((file) => file.path.endsWith(ending)).text.trim();

// The licences of what is bundled stay with it, each text once.
function notices() {
  const folders = new Set();
  for (const input of Object.keys(result.metafile.inputs)) {
    const found = /^(node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (found) folders.add(found[1]);
  }
  const holders = new Map();
  for (const folder of [...folders].sort()) {
    const licence = readdirSync(join(here, folder)).find((n) => /^licen[cs]e/i.test(n));
    if (!licence) throw new Error(`${folder} has no licence beside it`);
    const words = readFileSync(join(here, folder, licence), "utf8").trim();
    holders.set(words, [...(holders.get(words) ?? []), folder.slice(13)]);
  }
  return [...holders]
    .map(([words, names]) => `${names.join(", ")}:\n\n${words}\n`)
    .join("\n")
    .replace(/[^\x00-\x7f]/g, "?")
    .replaceAll("--", "- -");
}

const script = text(".js").replaceAll("</script", "<\\/script");
const style = text(".css");
const hash = createHash("sha256").update(script, "utf8").digest("base64");

const parts = {
  policy: [
    "default-src 'none'",
    `script-src 'sha256-${hash}'`,
    // Plot sets styles of its own on what it draws; there is no text of a user
    // in any style.
    "style-src 'unsafe-inline'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; "),
  style,
  script,
  notices: notices(),
};
const page = readFileSync(join(here, "src/page.html"), "utf8").replace(
  /<!--build:(\w+)-->/g,
  (_, part) => parts[part],
);
writeFileSync(out, page);
