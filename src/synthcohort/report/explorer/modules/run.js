// The run as the views ask for it. A key names what divides people: "d3" is the distinct partition
// 3, "g0" the known grouping 0.

import { adjustedRand, crossed } from "./agreement.js";

export class Run {
  constructor(facts, people, agreements) {
    Object.assign(this, facts);
    this.agreements = agreements;
    this.codes = new Map();
    people?.forEach((codes, i) => {
      const groupings = this.groupings.length;
      this.codes.set(i < groupings ? `g${i}` : `d${i - groupings}`, codes);
    });
    this.count = this.partitions.name.length;
    this.places = new Map(this.partitions.name.map((name, i) => [name, i]));
    const truth = this.groupings.findIndex((grouping) => grouping.truth);
    this.reference = truth >= 0 ? `g${truth}` : this.key(this.places.get(this.shown));
    this.resolutions = distinctNumbers(this.partitions.resolution);
    this.ks = distinctNumbers(this.partitions.k);
  }

  key(partition) {
    return `d${this.partitions.distinct[partition]}`;
  }

  get(column, partition) {
    return this.partitions[column]?.[partition] ?? null;
  }

  score(truth, column, partition) {
    return this.partitions.scores[truth]?.[column]?.[partition] ?? null;
  }

  inGrid(partition) {
    return this.get("resolution", partition) !== null;
  }

  analysis(partition) {
    return this.analyses[this.get("analysis", partition)] ?? "rivals";
  }

  title(partition) {
    if (!this.inGrid(partition)) return this.get("title", partition);
    const [base, k] = [this.get("base", partition), this.get("k", partition)];
    return `${this.analysis(partition)}, ${base} k = ${k}, resolution ${this.get("resolution", partition)}`;
  }

  cellOf(partition) {
    const names = ["analysis", "base", "k"];
    const own = this.cells.find((c) => names.every((n) => c[n] === this.get(n, partition)));
    return own ?? {};
  }

  // Partitions of the same cell, by resolution.
  chain(partition) {
    const names = ["analysis", "base", "k"];
    const like = (i) => names.every((n) => this.get(n, i) === this.get(n, partition));
    const found = [...Array(this.count).keys()].filter((i) => this.inGrid(i) && like(i));
    return found.sort((i, j) => this.get("resolution", i) - this.get("resolution", j));
  }

  // Names of the clusters or levels of a key.
  levels(key) {
    const at = Number(key.slice(1));
    if (key[0] === "g") return this.groupings[at].levels;
    return this.profiles[at].n.map((_, i) => `cluster ${i + 1}`);
  }

  // People of each cluster or level; null where there are too few to say.
  sizes(key) {
    const at = Number(key.slice(1));
    if (key[0] === "d") return this.profiles[at].n;
    return this.groupings[at].n;
  }

  // People by the clusters of two keys; null where the page holds only other aggregates.
  cross(one, other) {
    const [x, y] = [this.codes.get(one), this.codes.get(other)];
    if (x && y) return crossed(x, y, this.weights);
    const known = this.crossed?.[`${one}|${other}`];
    if (known) return { rows: known.length, columns: known[0]?.length ?? 0, at: (i, j) => known[i][j] };
    const turned = this.crossed?.[`${other}|${one}`];
    if (!turned) return null;
    return { rows: turned[0]?.length ?? 0, columns: turned.length, at: (i, j) => turned[j][i] };
  }

  // Agreement of two keys; null where the page can't tell.
  agreement(one, other) {
    const [x, y] = [this.codes.get(one), this.codes.get(other)];
    if (x && y) return adjustedRand(x, y, this.weights);
    if (one === other) return 1;
    if (one[0] === "d" && other[0] === "d") {
      const found = this.agreements?.[Number(one.slice(1))]?.[Number(other.slice(1))];
      return found === undefined ? null : found / 10000 - 1;
    }
    const [key, grouping] = one[0] === "d" ? [one, other] : [other, one];
    const partition = this.partitions.distinct.indexOf(Number(key.slice(1)));
    return this.score(this.groupings[Number(grouping.slice(1))].name, "ari", partition);
  }

  // A heading about clusters says whether there are groups.
  about(heading) {
    return this.aside ? `${heading}, ${this.aside}` : heading;
  }
}

function distinctNumbers(values) {
  return [...new Set(values.filter((value) => value !== null))].sort((x, y) => x - y);
}
