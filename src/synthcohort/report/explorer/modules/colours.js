// Colours: of groups, safe for the colour-blind; of values, light to dark and blue to red.

import { matched } from "./agreement.js";

const GROUPS = 10;
const GREY = "var(--g7)";

const STOPS = ["#f7fbff", "#c9dff0", "#8fc1de", "#4f9bcb", "#1c6cb1", "#08306b"];
const LOW = ["#f4f6f8", "#a6c8e0", "#4b8fc2", "#1f5a93"];
const HIGH = ["#f4f6f8", "#f2bfae", "#d96a5a", "#96222f"];

export const groupColour = (place) =>
  place === null || place >= GROUPS - 1 ? GREY : `var(--g${[1, 2, 3, 4, 5, 6, 8, 9, 10][place]})`;

// The same group has one colour everywhere: each cluster takes that of the group of the reference
// (the truth, or the partition that the page began with) that it has most people in common with.
export function coloursOf(run, key) {
  run.colours ??= new Map();
  if (!run.colours.has(key)) run.colours.set(key, matchedColours(run, key));
  return run.colours.get(key);
}

function matchedColours(run, key) {
  if (key === run.reference) return run.sizes(key).map((_, i) => groupColour(i));
  const table = run.cross(key, run.reference);
  const own = table ? matched(table) : [];
  let next = run.sizes(run.reference).length;
  return run.sizes(key).map((_, i) => groupColour(own[i] ?? next++));
}

function between(stops, share) {
  const at = Math.max(0, Math.min(1, share)) * (stops.length - 1);
  const first = Math.min(Math.floor(at), stops.length - 2);
  const part = (code, i) => parseInt(code.slice(1 + 2 * i, 3 + 2 * i), 16);
  return [0, 1, 2].map((i) => {
    const [low, high] = [part(stops[first], i), part(stops[first + 1], i)];
    return Math.round(low + (high - low) * (at - first));
  });
}

// A cell's colours: the value's, and black or white, whichever is read better on it.
function cell(rgb) {
  const [r, g, b] = rgb.map((v) => {
    const share = v / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  const light = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return { background: `rgb(${rgb.join(" ")})`, color: light > 0.179 ? "#000" : "#fff" };
}

export const sequential = (share) => cell(between(STOPS, share));

export const diverging = (share) => cell(between(share < 0 ? LOW : HIGH, Math.abs(share)));

export function paint(node, colours) {
  node.style.background = colours ? colours.background : "";
  node.style.color = colours ? colours.color : "";
}
