// The map of the people, coloured by A and by B: dots of synthetic ones, ellipses of real ones'.

import { coloursOf } from "./colours.js";
import { el, halfOf, number, percent, picture, shape, swatch, words } from "./elements.js";

export function peopleView(run, selection) {
  const at = run.dots ? run.dots.at : (run.ellipses?.d ?? []).flat().filter(Boolean).flatMap(([x, y]) => [x, y]);
  if (!at.length) return [el("p", { class: "soft" }, "There is no map: nobody has all biomarkers.")];
  const width = halfOf(document.getElementById("map"));
  const scale = scaleOf(run, width, 340);
  const maps = [["A", run.key(selection.a), run.title(selection.a)], ["B", selection.b, selection.titleOfB()]]
    .map(([name, key, title]) => el("figure", {},
      el("figcaption", {}, `By ${name}: ${title} `, legend(run, key)),
      picture(width, 340, `Map of the people by ${title}`, axes(run, width), marks(run, key, scale))));
  const [one, two] = run.components;
  const who = run.dots
    ? `${number(run.dots.person.length)} of ${number(run.people)} people in no order`
    : "Each ellipse holds about two thirds of a group of at least 5; no single person is on this page";
  return [el("div", { class: "two" }, maps), el("p", { class: "soft" },
    `${who}; principal components of the standardised biomarkers, ${percent(one)} and ${percent(two)} of the variance.`)];
}

function legend(run, key) {
  const colours = coloursOf(run, key);
  return run.levels(key).slice(0, 10).map((name, i) => el("span", { class: "key" }, swatch(colours[i]), name));
}

function scaleOf(run, width, height) {
  const corners = run.dots ? run.dots.at
    : run.ellipses.d.flat().filter(Boolean).flatMap(([x, y, xx, , yy]) => {
      const [dx, dy] = [2 * Math.sqrt(xx), 2 * Math.sqrt(yy)];
      return [x - dx, y - dy, x + dx, y + dy];
    });
  const [xs, ys] = [corners.filter((_, i) => i % 2 === 0), corners.filter((_, i) => i % 2)];
  const ends = (v) => [Math.min(...v), Math.max(...v)];
  const [[left, right], [low, high]] = [ends(xs), ends(ys)];
  const [kx, ky] = [(width - 30) / (right - left || 1), (height - 34) / (high - low || 1)];
  return { x: (v) => 22 + (v - left) * kx, y: (v) => height - 26 - (v - low) * ky, kx, ky };
}

function axes(run, width) {
  return [words(width - 4, 336, "component 1 →", { "text-anchor": "end" }), words(4, 14, "↑ component 2")];
}

function marks(run, key, scale) {
  const colours = coloursOf(run, key);
  if (!run.dots) return ellipsesOf(run, key, scale, colours);
  const codes = run.codes.get(key);
  const paths = new Map();
  run.dots.person.forEach((person, i) => {
    const code = codes[person];
    const [x, y] = [scale.x(run.dots.at[2 * i]), scale.y(run.dots.at[2 * i + 1])];
    const colour = code ? colours[Math.min(code, colours.length) - 1] : "var(--soft)";
    paths.set(colour, `${paths.get(colour) ?? ""}M${x.toFixed(1)} ${y.toFixed(1)}h0`);
  });
  return [...paths].map(([colour, d]) => shape("path", { d, class: "dots", colour }));
}

// One and a half SDs in every direction.
function ellipsesOf(run, key, scale, colours) {
  return run.ellipses[key[0]][Number(key.slice(1))].map((one, i) => {
    if (!one) return null;
    const [x, y, xx, xy, yy] = one;
    const [a, b, c] = [xx * scale.kx ** 2, -xy * scale.kx * scale.ky, yy * scale.ky ** 2];
    const [mean, half] = [(a + c) / 2, Math.hypot((a - c) / 2, b)];
    const turn = (Math.atan2(2 * b, a - c) * 90) / Math.PI;
    const [long, short] = [mean + half, mean - half].map((v) => 1.5 * Math.sqrt(Math.max(v, 1)));
    const [u, v] = [scale.x(x), scale.y(y)];
    return [
      shape("ellipse", { cx: u, cy: v, rx: long, ry: short, transform: `rotate(${turn} ${u} ${v})`, class: "cloud", colour: colours[i] }),
      words(u, v + 4, String(i + 1), { "text-anchor": "middle" }),
    ];
  });
}
