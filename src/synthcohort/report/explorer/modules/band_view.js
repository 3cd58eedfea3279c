// Numbers of clusters and ambiguous pairs of A's analysis, beside those of data without clusters.

import { decimal, el, number, picture, shape, widthOf, words } from "./elements.js";

export function bandView(run, selection) {
  if (!run.inGrid(selection.a)) return [el("p", { class: "soft" }, "Rivals have no resolution.")];
  const names = ["analysis", "base"];
  const own = [...Array(run.count).keys()].filter((i) => run.inGrid(i)
    && names.every((name) => run.get(name, i) === run.get(name, selection.a)));
  const width = widthOf(document.getElementById("band"), 300, 800);
  const known = run.get("reference_low", selection.a) !== null;
  return [
    el("figure", {}, curves(run, selection, own, width)),
    el("p", { class: "soft" }, `A line for each k of ${run.analysis(selection.a)}; A’s is strong, with its number `
      + "of clusters at each resolution. " + (known
      ? "Shaded: from the fewest to the most clusters that the same cell reports on reference data, which have none."
      : "Whether data without clusters give as many was not asked (--references 19 does).")),
    known ? ambiguity(run, selection) : null,
  ];
}

function curves(run, selection, own, width) {
  const [height, left, bottom] = [240, 40, 36];
  const all = own.flatMap((i) => [run.get("clusters", i), run.get("reference_high", i) ?? 1]);
  const top = Math.log(Math.max(...all, 2));
  const [low, high] = [run.resolutions[0], run.resolutions.at(-1)];
  const x = (r) => left + ((r - low) / (high - low || 1)) * (width - left - 14);
  const y = (n) => height - bottom - (Math.log(Math.max(n, 1)) / top) * (height - bottom - 14);
  const at = (i, n) => `${x(run.get("resolution", i)).toFixed(1)} ${y(n).toFixed(1)}`;
  const chains = [...new Set(own.map((i) => run.get("k", i)))]
    .map((k) => own.filter((i) => run.get("k", i) === k)
      .sort((i, j) => run.get("resolution", i) - run.get("resolution", j)));
  const lines = chains.map((chain) => shape("path", {
    d: `M${chain.map((i) => at(i, run.get("clusters", i))).join("L")}`,
    class: chain.includes(selection.a) ? "line strong" : "line",
  }, shape("title", {}, `k = ${run.get("k", chain[0])}`)));
  const mine = chains.find((chain) => chain.includes(selection.a));
  const limits = mine.filter((i) => run.get("reference_low", i) !== null);
  const band = limits.length ? shape("path", { class: "band", d: `M${limits.map((i) => at(i, run.get("reference_high", i)))
    .concat(limits.toReversed().map((i) => at(i, run.get("reference_low", i)))).join("L")}z` }) : null;
  const ticks = [1, 2, 3, 5, 10, 20, 50, 100, 1000].filter((n) => Math.log(n) <= top + 1e-9);
  return picture(width, height, `Clusters of ${run.analysis(selection.a)} against resolution`, band, lines,
    mine.map((i) => words(x(run.get("resolution", i)), y(run.get("clusters", i)) - 6,
      number(run.get("clusters", i)), { "text-anchor": "middle" })),
    ticks.map((n) => words(left - 8, y(n) + 4, String(n), { "text-anchor": "end" })),
    run.resolutions.map((r) => words(x(r), height - 18, String(r), { "text-anchor": "middle" })),
    words(width / 2, height - 3, "resolution", { "text-anchor": "middle" }));
}

function ambiguity(run, selection) {
  const [pac, low, high] = ["pac", "pac_reference_low", "pac_reference_high"].map((name) => run.get(name, selection.a));
  if (low === null) return null;
  const words = pac < low ? "fewer than in all reference data" : pac > high ? "more than in all reference data"
    : "as in reference data";
  return el("p", {}, `Ambiguous pairs (PAC) of A’s cell: ${decimal(pac)}, ${words} (${decimal(low)} to ${decimal(high)}).`);
}
