// A against B: who of which cluster is where, as ribbons and as a table.

import { coloursOf, paint, sequential } from "./colours.js";
import { el, halfOf, number, percent, picture, shape, swatch, words } from "./elements.js";

const MOST = 20;
const HIDDEN = -1;
const LETTER = 6.6;

export function crossingView(run, selection) {
  const [a, b] = [run.key(selection.a), selection.b];
  const table = run.cross(a, b);
  if (!table) {
    return [el("p", {}, "This page holds aggregates only, since the table is a real one: A is compared "
      + "with known groupings, with the partition that the page began with, and with neighbours in "
      + "resolution. Choose one of these as B.")];
  }
  const sides = { a: side(run, a, table.rows), b: side(run, b, table.columns) };
  const at = (i, j) => table.at(i, j);
  return [
    el("div", { class: "two" },
      el("figure", {}, ribbons(sides, at, selection, run)),
      el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Table of A against B" },
        counts(sides, at))),
  ];
}

function side(run, key, count) {
  const [names, sizes, colours] = [run.levels(key), run.sizes(key), coloursOf(run, key)];
  const shown = Math.min(count, names.length, MOST);
  return Array.from({ length: shown }, (_, i) => ({ name: names[i], size: sizes[i], colour: colours[i] }));
}

const sized = ({ name, size }) => `${name} (${size === null ? "< 5" : number(size)})`;

function counts({ a, b }, at) {
  const total = a.map((_, i) => b.reduce((sum, _, j) => sum + Math.max(at(i, j), 0), 0));
  const rows = a.map((one, i) => el("tr", {},
    el("th", { scope: "row" }, swatch(one.colour), one.name),
    b.map((_, j) => {
      const value = at(i, j);
      const share = value === HIDDEN || !total[i] ? 0 : value / total[i];
      const cell = el("td", { class: "n" },
        value === HIDDEN ? "hidden" : `${number(value)} (${percent(share)})`);
      paint(cell, sequential(share));
      return cell;
    }),
    el("td", { class: "n" }, one.size === null ? "< 5" : number(one.size))));
  return el("table", {},
    el("caption", {}, "People of each cluster of A (rows) in each of B; share of the row"),
    el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "A \\ B"),
      b.map((one) => el("th", { scope: "col", class: "n" }, swatch(one.colour), one.name)),
      el("th", { scope: "col", class: "n" }, "people"))),
    el("tbody", {}, rows));
}

function ribbons({ a, b }, at, selection, run) {
  const [width, height, gap, bar] = [halfOf(document.getElementById("crossing")), 300, 6, 9];
  const edge = Math.min(150, width / 3.2);
  const value = (i, j) => Math.max(at(i, j), 0);
  const sums = [
    a.map((_, i) => b.reduce((sum, _, j) => sum + value(i, j), 0)),
    b.map((_, j) => a.reduce((sum, _, i) => sum + value(i, j), 0)),
  ];
  const total = sums[0].reduce((x, y) => x + y, 0) || 1;
  const room = height - gap * (Math.max(a.length, b.length) - 1) - 16;
  const starts = sums.map((heights) => {
    let y = 8;
    return heights.map((h) => [y, (y += (h / total) * room + gap)][0]);
  });
  const [left, right] = [edge, width - edge];
  const offsets = starts.map((side) => [...side]);
  const paths = a.flatMap((one, i) => b.map((_, j) => {
    const h = (value(i, j) / total) * room;
    const [y, z] = [offsets[0][i], offsets[1][j]];
    offsets[0][i] += h;
    offsets[1][j] += h;
    return h < 0.3 ? null : shape("path", { d: ribbon(left + bar, y, right - bar, z, h), class: "ribbon", colour: one.colour });
  }));
  const bars = (side, x, k, anchor, shift) => side.map((one, i) => {
    const h = Math.max((sums[k][i] / total) * room, 1);
    const whole = sized(one);
    const text = whole.length * LETTER < edge - 12 ? whole : clipped(one.name, edge - 12);
    const label = words(x + shift, starts[k][i] + h / 2 + 4, text, { "text-anchor": anchor });
    label.append(shape("title", {}, whole));
    const box = { x: k ? x - bar : x, y: starts[k][i], width: bar, height: h, class: "filled", colour: one.colour };
    return [shape("rect", box), h > 9 || side.length < 8 ? label : null];
  });
  return picture(width, height, `People of A (${run.title(selection.a)}) in B (${selection.titleOfB()})`,
    paths, bars(a, left, 0, "end", -6), bars(b, right, 1, "start", 6));
}

export function ribbon(x, y, u, v, h) {
  const middle = (x + u) / 2;
  return `M${x} ${y}C${middle} ${y} ${middle} ${v} ${u} ${v}v${h}C${middle} ${v + h} ${middle} ${y + h} ${x} ${y + h}z`;
}

// Text that fits; the whole of it is in the title and in the table beside.
export function clipped(text, width) {
  const most = Math.max(4, Math.floor(width / LETTER));
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
