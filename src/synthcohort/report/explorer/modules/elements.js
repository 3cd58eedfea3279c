// Elements and numbers: all that the views write goes through here, as text and never as markup.

const SVG = "http://www.w3.org/2000/svg";

function filled(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "colour") node.style.setProperty("--colour", value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(3).filter((child) => child !== null && child !== undefined));
  return node;
}

export function el(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

export function shape(tag, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), attributes, children);
}

export function picture(width, height, label, ...children) {
  const size = { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": label };
  return shape("svg", size, ...children);
}

export function words(x, y, text, attributes = {}) {
  return shape("text", { x, y, class: "words", ...attributes }, text);
}

export const number = (value) => value.toLocaleString("en-US", { maximumFractionDigits: 0 });

export function decimal(value, digits = 2) {
  if (value === null || value === undefined) return "";
  const text = value.toFixed(digits);
  return Number(text) === 0 ? (0).toFixed(digits) : text;
}

// Half away from zero would be another number than the run folder's printed one, so half stays
// with toFixed; a sign is always shown, since colour alone tells nobody.
export function signed(value, digits = 1) {
  const text = decimal(Math.abs(value), digits);
  return Number(text) === 0 ? text : `${value > 0 ? "+" : "−"}${text}`;
}

export const percent = (share, digits = 0) => `${(100 * share).toFixed(digits)} %`;

export const swatch = (colour) => el("span", { class: "swatch", colour, "aria-hidden": "true" });

// Of one of two figures, which stand beside each other where there is room.
export function halfOf(node) {
  const whole = widthOf(node, 300, 1200);
  return whole < 790 ? whole : Math.min(whole / 2 - 12, 560);
}

export function widthOf(node, least = 300, most = 620) {
  const parent = node.clientWidth || document.querySelector("main").clientWidth || most;
  return Math.max(least, Math.min(most, parent));
}
