// The page comes alive: the run is unpacked, every view is drawn, and follows the selection.

import { bandView } from "./band_view.js";
import { consensusView } from "./consensus_view.js";
import { crossingView } from "./crossing_view.js";
import { decimal, el } from "./elements.js";
import { gridView } from "./grid_view.js";
import { lossesView } from "./losses_view.js";
import { partitionsView } from "./partitions_view.js";
import { peopleView } from "./people_view.js";
import { profilesView } from "./profiles_view.js";
import { Run } from "./run.js";
import { Selection } from "./selection.js";
import { splittingView } from "./splitting_view.js";
import { stabilityView } from "./stability_view.js";
import { unpackedCodes, unpackedFacts } from "./unpack.js";

const OF_A = [
  ["crossing", "A against B, person by person", crossingView],
  ["profiles", "What the clusters of A are", profilesView],
  ["map", "The people", peopleView],
  ["splits", "How A comes about as the resolution rises", splittingView],
  ["stability", "How stable the clusters of A are", stabilityView],
  ["losses", "What is lost on the way", lossesView],
  ["band", "How many clusters, whatever the data", bandView],
  ["consensus", "The consensus behind A", consensusView],
];
const ABOUT_CLUSTERS = new Set(["profiles", "stability"]);

async function start(root) {
  const facts = await unpackedFacts("facts");
  const people = facts.embedded ? await unpackedCodes("people", facts.embedded) : null;
  const agreements = await unpackedCodes("agreements", facts.profiles.length);
  const run = new Run(facts, people, agreements);
  const selection = new Selection(run);
  const grid = gridView(run, selection);
  const partitions = partitionsView(run, selection);
  const bar = el("div", { class: "selected" });
  const sections = new Map();
  const section = (id, title, ...nodes) => {
    const body = el("div", {}, nodes);
    sections.set(id, body);
    const heading = ABOUT_CLUSTERS.has(id) ? run.about(title) : title;
    return el("section", { id, "aria-labelledby": `${id}-title` }, el("h2", { id: `${id}-title` }, heading), body);
  };
  root.replaceChildren(
    section("grid", run.truth ? "Where in the grid is it found?" : "The grid", el("p", { class: "soft" },
      "Each cell is one partition. Click shows it everywhere below (A), Shift and click compares it (B), "
      + "dragging keeps a range of k and resolution. Arrow keys, Enter and Shift+Enter do the same."), grid.nodes),
    bar,
    ...OF_A.map(([id, title]) => section(id, title)),
    section("partitions", "All partitions", partitions.nodes),
  );
  const update = () => {
    grid.update();
    bar.replaceChildren(...selected(run, selection));
    for (const [id, , view] of OF_A) {
      const nodes = view(run, selection);
      sections.get(id).parentNode.hidden = nodes === null;
      sections.get(id).replaceChildren(...(nodes ?? []).filter(Boolean));
    }
    partitions.update();
  };
  selection.listeners.push(update);
  update();
  let width = innerWidth;
  addEventListener("resize", () => {
    if (innerWidth !== width) update();
    width = innerWidth;
  });
  root.dataset.ready = "yes";
}

function selected(run, selection) {
  const a = selection.a;
  const facts = [`${run.get("clusters", a)} ${run.get("clusters", a) === 1 ? "cluster" : "clusters"}`];
  const score = selection.of && run.score(selection.of, "ari", a);
  const grouping = run.groupings.find(({ name }) => name === selection.of);
  if (typeof score === "number") facts.push(`ARI ${decimal(score)} with ${grouping.title}`);
  if (run.get("jaccard", a) !== null) facts.push(`Jaccard ${decimal(run.get("jaccard", a))}`);
  const both = run.agreement(run.key(a), selection.b);
  const options = run.groupings.map(({ title }, i) => el("option", { value: `g${i}`, selected: selection.b === `g${i}` }, title));
  const other = el("option", { value: "", selected: selection.b[0] === "d" }, "a partition");
  const menu = el("select", { "aria-label": "Compare with",
    onchange: (e) => e.target.value && selection.change({ b: e.target.value }) }, options, other);
  return [
    el("p", { role: "status" },
      el("span", { class: "badge a" }, "A"), ` ${run.title(a)}: ${facts.join(", ")} `,
      el("span", { class: "badge b" }, "B"), ` ${selection.titleOfB()} `,
      el("strong", {}, both === null ? "" : `ARI of A and B ${decimal(both)}`)),
    el("div", { class: "controls" }, menu,
      el("button", { type: "button", onclick: () => selection.change({ a: selection.first.a }) },
        run.truth ? "Best by truth" : "As at the beginning")),
  ];
}

const root = document.getElementById("explorer");
start(root).catch((error) => {
  root.replaceChildren(el("p", { role: "alert" },
    `The explorer could not start in this browser (${error.message}). The pictures are in the run folder, in figures.`));
});
