// What the clusters of A are: means of the biomarkers, those that they explain most first.

import { coloursOf, diverging, paint } from "./colours.js";
import { decimal, el, number, percent, signed, swatch } from "./elements.js";

export function profilesView(run, selection) {
  const key = run.key(selection.a);
  const profile = run.profiles[Number(key.slice(1))];
  const rows = run.biomarkers
    .map((marker, at) => ({ ...marker, at, explained: profile.explained[at] }))
    .sort((x, y) => (y.explained ?? -1) - (x.explained ?? -1));
  const state = (selection.profiles ??= { find: "", units: false });
  const body = el("tbody");
  const count = el("caption");
  const draw = () => {
    const words = state.find.toLowerCase();
    const found = rows.filter((r) => `${r.title} ${r.name}`.toLowerCase().includes(words));
    body.replaceChildren(...found.map((row) => line(row, profile, state.units)));
    count.textContent = `${found.length} of ${rows.length} biomarkers, those that the clusters explain most `
      + `first; means in ${state.units ? "their units" : "SDs from everybody’s mean"}. `
      + "▲▼ beyond a clinical cut-off.";
  };
  draw();
  const find = el("input", { type: "search", value: state.find, placeholder: "e.g. waist",
    oninput: (e) => { state.find = e.target.value; draw(); } });
  const units = el("input", { type: "checkbox", checked: state.units,
    onchange: (e) => { state.units = e.target.checked; draw(); } });
  const colours = coloursOf(run, key);
  const head = el("tr", {}, el("th", { scope: "col" }, "biomarker"),
    el("th", { scope: "col", class: "n" }, "explained"),
    profile.n.map((n, i) => el("th", { scope: "col", class: "n" }, swatch(colours[i]), String(i + 1),
      el("br"), `n ${n === null ? "< 5" : number(n)}`)));
  return [
    el("div", { class: "controls" }, el("label", {}, "Find a biomarker ", find),
      el("label", {}, units, " in units")),
    el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Profiles" },
      el("table", {}, count, el("thead", {}, head), body)),
    more(run, selection, profile),
  ];
}

function line(row, profile, units) {
  const means = profile.means[row.at];
  const beyond = profile.beyond?.[row.at] ?? [];
  const cells = means.map((sds, i) => {
    if (sds === null) return el("td", { class: "n" }, "");
    const mark = { 1: "▲", "-1": "▼" }[beyond[i]] ?? "";
    const text = units ? decimal(row.mean + sds * row.sd, row.sd < 1 ? 2 : 1) : signed(sds);
    const cell = el("td", { class: "n" }, text + mark);
    paint(cell, diverging(sds / 1.5));
    return cell;
  });
  const name = row.title + (units && row.unit ? ` (${row.unit})` : "") + (row.clustered ? "" : " (not clustered)");
  return el("tr", {}, el("th", { scope: "row" }, name),
    el("td", { class: "n" }, row.explained === null ? "" : percent(row.explained)), cells);
}

function more(run, selection, profile) {
  const left = run.get("clusters", selection.a) - profile.n.length;
  return left > 0 ? el("p", { class: "soft" }, `${number(left)} smaller clusters are not shown.`) : "";
}
