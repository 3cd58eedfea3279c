// What a cell of the grid can be coloured by.

import { decimal, number, percent } from "./elements.js";

const short = (value) => decimal(value).replace(/^(-?)0\./, "$1.");
const unit = { share: (value) => value, text: short };

const OF_TRUTH = [
  { name: "ari", title: "agreement (ARI)", ...unit },
  { name: "ari_within", title: "agreement within the levels of another grouping", ...unit },
  { name: "ami", title: "agreement (AMI)", ...unit },
];
const OWN = [
  { name: "jaccard", title: "stability (Jaccard under the bootstrap)", ...unit },
  { name: "margin", title: "mean margin of the people", ...unit },
  { name: "misplaced", title: "people closer to another cluster", share: (v) => v, text: (v) => percent(v) },
  { name: "pac", title: "ambiguous pairs (PAC)", ...unit },
  { name: "clusters", title: "number of clusters", share: (v) => Math.log(v) / Math.log(40), text: number },
];
const WITH_A = { name: "with", title: "agreement with A (ARI)", ...unit };

export function measuresOf(run) {
  const truths = run.groupings.length ? OF_TRUTH : [];
  const own = OWN.filter(({ name }) => run.partitions[name]?.some((value) => value !== null));
  return [...truths, ...own, ...(run.codes.size || run.agreements ? [WITH_A] : [])];
}

export const needsTruth = (name) => OF_TRUTH.some((measure) => measure.name === name);

// The value of every partition, null where it has none.
export function valuesOf(run, selection) {
  const { by, of } = selection;
  const each = (value) => run.partitions.name.map((_, i) => value(i));
  if (needsTruth(by)) return each((i) => run.score(of, by, i));
  if (by !== "with") return each((i) => run.get(by, i));
  const a = run.key(selection.a);
  const found = new Map();
  return each((i) => {
    const key = run.key(i);
    if (!found.has(key)) found.set(key, run.agreement(a, key));
    return found.get(key);
  });
}
