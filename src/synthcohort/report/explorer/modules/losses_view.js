// Where the agreement with the truth is lost, analysis by analysis: every bar is a perfect 1.

import { decimal, el, picture, shape, swatch, widthOf } from "./elements.js";

const COLOURS = ["var(--g1)", "var(--g5)", "var(--g2)", "var(--g6)", "var(--g4)", "var(--line)"];

export function lossesView(run, selection) {
  if (!run.losses) return null;
  const { parts, rows, ceiling, best } = run.losses;
  const own = run.get("analysis", selection.a);
  const width = Math.min(widthOf(document.getElementById("losses")), 420);
  const lines = rows.map((row, i) => el("tr", { class: i === own ? "own" : null },
    el("th", { scope: "row" }, run.analyses[i], i === own ? " (A)" : ""),
    el("td", {}, stacked(row, parts, width, run.analyses[i])),
    el("td", { class: "n" }, decimal(ceiling[i])),
    el("td", { class: "n" }, decimal(best[i])),
    el("td", { class: "n" }, decimal(row[0]))));
  const key = parts.map((words, i) => el("li", {}, swatch(COLOURS[i]), words));
  const head = ["analysis", "a perfect 1, in parts", "ceiling", "best", "mean"];
  return [
    el("ul", { class: "keys" }, key),
    el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Losses" },
      el("table", {}, el("caption", {}, "Agreement (ARI) with the truth; the ceiling is the best that any "
        + "method could reach after the preprocessing, the mean is over the grid."),
        el("thead", {}, el("tr", {}, head.map((text) => el("th", { scope: "col" }, text)))),
        el("tbody", {}, lines))),
  ];
}

function stacked(row, parts, width, name) {
  let x = 0;
  const total = row.reduce((sum, value) => sum + Math.max(value ?? 0, 0), 0) || 1;
  const boxes = row.map((value, i) => {
    const w = (Math.max(value ?? 0, 0) / total) * width;
    const box = shape("rect", { x, y: 0, width: w, height: 16, class: "filled", colour: COLOURS[i] },
      shape("title", {}, `${parts[i]}: ${decimal(value)}`));
    x += w;
    return box;
  });
  const label = `${name}: ${parts.map((words, i) => `${words} ${decimal(row[i])}`).join("; ")}`;
  return picture(width, 16, label, boxes);
}
