// How the clusters of A's cell split as the resolution rises.

import { coloursOf } from "./colours.js";
import { ribbon } from "./crossing_view.js";
import { el, number, picture, shape, widthOf, words } from "./elements.js";

const MOST = 20;

export function splittingView(run, selection) {
  const chain = run.inGrid(selection.a) ? run.chain(selection.a) : [];
  if (chain.length < 2) return [el("p", { class: "soft" }, "A has no neighbours in resolution.")];
  const [width, height, bar] = [widthOf(document.getElementById("splits"), 300, 1000), 290, 9];
  const step = (width - 30) / (chain.length - 1);
  const columns = [];
  chain.forEach((partition, i) => {
    columns.push(column(run, partition, 12 + i * step, height - 46, columns.at(-1)));
  });
  const links = columns.slice(1).flatMap((to, i) => linksOf(run, columns[i], to, bar));
  const bars = columns.flatMap((one) => [
    one.parts.map(({ y, h, colour }) =>
      shape("rect", { x: one.x, y, width: bar, height: Math.max(h, 0.5), class: "filled", colour })),
    words(one.x + 4, height - 28, String(run.get("resolution", one.partition)), { "text-anchor": "middle" }),
    words(one.x + 4, height - 12, number(run.get("clusters", one.partition)), { "text-anchor": "middle" }),
    target(run, selection, one, height),
  ]);
  const title = `${run.analysis(selection.a)}, ${run.get("base", selection.a)} k = ${run.get("k", selection.a)}`;
  return [
    el("figure", {}, picture(width, height, `How the clusters of ${title} split`, links, bars)),
    el("p", { class: "soft" }, `Resolution (above) and number of clusters (below) of ${title}; the frame is A. `
      + "Click a column to show it; the grid does the same for a keyboard."),
  ];
}

// Clusters stand in the order of where their people come from, so that few ribbons cross.
function orderOf(run, key, count, before) {
  const order = Array.from({ length: count }, (_, i) => i);
  const table = before && run.cross(before.key, key);
  if (!table) return order;
  const middle = order.map((j) => {
    let [people, sum] = [0, 0];
    before.parts.forEach(({ y, h }, i) => {
      const own = i < table.rows && j < table.columns ? Math.max(table.at(i, j), 0) : 0;
      people += own;
      sum += own * (y + h / 2);
    });
    return people ? sum / people : Infinity;
  });
  return order.sort((i, j) => middle[i] - middle[j] || i - j);
}

function column(run, partition, x, height, before) {
  const key = run.key(partition);
  const [sizes, colours] = [run.sizes(key).slice(0, MOST), coloursOf(run, key)];
  const everybody = sizes.reduce((sum, n) => sum + (n ?? 0), 0) || 1;
  const room = height - 3 * (sizes.length - 1);
  let y = 6;
  const parts = [];
  for (const i of orderOf(run, key, sizes.length, before)) {
    parts[i] = { y, h: ((sizes[i] ?? 0) / everybody) * room, colour: colours[i] };
    y += parts[i].h + 3;
  }
  return { x, partition, key, parts, everybody, room };
}

function linksOf(run, from, to, bar) {
  const table = run.cross(from.key, to.key);
  if (!table) return [];
  const [starts, ends] = [from, to].map((one) => one.parts.map(({ y }) => y));
  const found = [];
  const byPlace = (one, count) => [...one.parts.keys()].filter((i) => i < count)
    .sort((i, j) => one.parts[i].y - one.parts[j].y);
  for (const i of byPlace(from, table.rows)) {
    for (const j of byPlace(to, table.columns)) {
      const h = (Math.max(table.at(i, j), 0) / from.everybody) * Math.min(from.room, to.room);
      const [y, v] = [starts[i], ends[j]];
      starts[i] += h;
      ends[j] += h;
      if (h < 0.6) continue;
      const d = ribbon(from.x + bar, y, to.x, v, h);
      found.push(shape("path", { d, class: "ribbon", colour: to.parts[j].colour }));
    }
  }
  return found;
}

function target(run, selection, { x, partition }, height) {
  return shape("rect", {
    x: x - 6, y: 1, width: 21, height: height - 40,
    class: partition === selection.a ? "target a" : "target",
    onclick: () => selection.change({ a: partition }),
  }, shape("title", {}, run.title(partition)));
}
