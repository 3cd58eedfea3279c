// How the clusters of A come back under the bootstrap, and how sure its people are.

import { coloursOf } from "./colours.js";
import { decimal, el, number, percent, swatch } from "./elements.js";

export function stabilityView(run, selection) {
  const name = run.get("name", selection.a);
  const clusters = run.clusters[name];
  if (!clusters) {
    return [el("p", { class: "soft" }, run.inGrid(selection.a)
      ? "Partitions of one cluster or more than 60 are not judged cluster by cluster."
      : "Rivals have no bootstrap replicates to be judged by.")];
  }
  const [jaccard, within, between] = clusters;
  const key = run.key(selection.a);
  const [colours, sizes, margins] = [coloursOf(run, key), run.sizes(key), run.margins[name]];
  const head = ["cluster", "people", "Jaccard", "", "co-association within", "with the nearest"];
  if (margins) head.push("margins: 5 %, median, 95 % of the people");
  const rows = jaccard.map((value, i) => el("tr", {},
    el("th", { scope: "row" }, swatch(colours[i]), String(i + 1)),
    el("td", { class: "n" }, sizes[i] === null || sizes[i] === undefined ? "< 5" : number(sizes[i])),
    el("td", { class: "n" }, decimal(value)),
    el("td", {}, bar(value, colours[i]), verdict(run, value)),
    el("td", { class: "n" }, decimal(within[i])),
    el("td", { class: "n" }, decimal(between[i])),
    margins ? el("td", { class: "n" }, [0, 2, 4].map((p) => decimal(margins[p][i])).join(", ")) : null));
  return [
    el("p", { class: "soft" }, `${percent(run.get("misplaced", selection.a), 1)} of the people are closer to `
      + `another cluster; ${percent(run.get("pac", selection.a), 1)} of the pairs are ambiguous; two `
      + `replicates agree by an ARI of ${decimal(run.get("replicate_ari", selection.a))}.`),
    el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Stability of the clusters" },
      el("table", {},
        el("caption", {}, "Mean Jaccard coefficient of each cluster with its counterpart in a bootstrap replicate; "
          + `from ${run.limits[1]} on it comes back, up to ${run.limits[0]} it dissolves. Margins are at most the `
          + "co-association within, which is small where k is far above the number of clusters."),
        el("thead", {}, el("tr", {}, head.map((text) => el("th", { scope: "col" }, text)))),
        el("tbody", {}, rows))),
  ];
}

function verdict(run, value) {
  const [low, high] = run.limits;
  return value >= high ? " comes back" : value <= low ? " dissolves" : " in between";
}

function bar(share, colour) {
  const node = el("span", { class: "bar", colour, "aria-hidden": "true" });
  node.style.setProperty("--share", `${100 * share}%`);
  return node;
}
