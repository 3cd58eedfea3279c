// The co-association of A's cell: how it is distributed, and whether it means what it says.

import { decimal, el, halfOf, picture, shape, words } from "./elements.js";

export function consensusView(run, selection) {
  const cell = run.inGrid(selection.a) ? run.cellOf(selection.a) : {};
  if (!cell.cdf) return [el("p", { class: "soft" }, "A has no bootstrap replicates.")];
  const width = Math.min(halfOf(document.getElementById("consensus")), 460);
  const shares = cell.cdf.map((_, i) => i / (cell.cdf.length - 1));
  const charts = [el("figure", {},
    el("figcaption", {}, "Pairs of people with at most this co-association: flat between the ends is unambiguous"),
    chart(width, "co-association", "Distribution of the co-association", [shares, cell.cdf], false))];
  if (cell.reliability) {
    charts.push(el("figure", {},
      el("figcaption", {}, "Probability that such pairs belong together: on the dashed line it means what it says"),
      chart(width, "co-association", "Reliability of the co-association", cell.reliability, true)));
  }
  return [el("div", { class: "two" }, charts)];
}

function chart(width, label, title, [xs, ys], diagonal) {
  const height = 240;
  const x = (v) => 40 + v * (width - 56);
  const y = (v) => height - 36 - v * (height - 50);
  const d = `M${xs.map((v, i) => `${x(v).toFixed(1)} ${y(ys[i]).toFixed(1)}`).join("L")}`;
  const ticks = [0, 0.2, 0.4, 0.6, 0.8, 1];
  return picture(width, height, title,
    diagonal ? shape("path", { d: `M${x(0)} ${y(0)}L${x(1)} ${y(1)}`, class: "line dashed" }) : null,
    shape("path", { d, class: "line strong" }),
    ticks.map((v) => words(x(v), height - 18, decimal(v, 1), { "text-anchor": "middle" })),
    ticks.map((v) => words(34, y(v) + 4, decimal(v, 1), { "text-anchor": "end" })),
    words(width / 2, height - 3, label, { "text-anchor": "middle" }));
}
