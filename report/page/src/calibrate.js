// What a calibration found: unit costs with their intervals, what happens under
// load, and how far it is off.
//
// SPDX-License-Identifier: GPL-3.0-or-later
import { chart, color, intervals } from "./chart.js";
import { facts, part, sentences } from "./dom.js";
import { columnsOf, table } from "./table.js";
import { digits, isNumber } from "./units.js";

const bar = (label, hue, value, low, high) => ({
  label, color: hue, value, low: isNumber(low) ? low : null, high: isNumber(high) ? high : null, text: digits(value),
});

function costs(rows) {
  const known = rows.filter((row) => isNumber(row.mean_us));
  return chart("Unit costs, with 95 % intervals", "The mean of each cost with its interval; the table has the numbers.", (width) =>
    intervals(known.map((row) => bar(row.cost, color(0), row.mean_us, row.low_us, row.high_us)), { width, axis: "each time that it is paid, us" }));
}

// The error of a prediction, and below it the noise of measuring again.
function errors(rows) {
  const all = rows.filter((row) => row.server === "all" && isNumber(row.median_error_percent));
  if (all.length === 0) return null;
  const bars = all.flatMap((row) => [
    { head: `${row.dataset}, ${row.metric}` },
    bar("error", color(0), row.median_error_percent), bar("measuring again", color(1), row.noise_percent),
  ]);
  return chart("Median errors on stacks that were left out, beside the noise", "Errors of predictions beside those of measuring again; the table has the numbers.", (width) =>
    intervals(bars, { width, axis: "percent" }));
}

const tableOf = (rows, caption) =>
  rows?.length > 0 ? table(rows, { caption, filter: true, columns: columnsOf(rows) }) : null;

export function calibrateSection(result) {
  const loaded = tableOf(result.under_load, "Parameters of what happens under load");
  const residuals = tableOf(result.residuals, "Each configuration, measured and fitted");
  const leftOut = tableOf(result.left_out, "Errors on stacks that were left out");
  const shown = result.rows.map(({ low_us, high_us, ...row }) => ({ ...row, mean_low_us: low_us, mean_high_us: high_us }));
  return {
    title: "A calibration",
    content: [
      facts([["Condition number", isNumber(result.condition_number) ? digits(result.condition_number) : null]]),
      part("Unit costs", [costs(result.rows), tableOf(shown, "Unit costs with standard errors")]),
      loaded && part("What happens under load", loaded),
      residuals && part("The fit beside what it was made from", residuals),
      leftOut && part("How well it predicts", [errors(result.left_out), leftOut]),
      sentences(result.notes),
    ].filter(Boolean),
  };
}
