// What is selected, in the page's address, so that a view can be sent.

import { measuresOf } from "./measures.js";

export class Selection {
  constructor(run) {
    this.run = run;
    this.listeners = [];
    const start = run.places.get(run.shown);
    this.first = {
      a: start,
      b: run.reference[0] === "g" ? run.reference : run.groupings.length ? "g0" : run.key(start),
      by: measuresOf(run)[0].name,
      of: run.truth ?? run.groupings[0]?.name ?? "",
      k: [run.ks[0], run.ks.at(-1)],
      r: [run.resolutions[0], run.resolutions.at(-1)],
    };
    this.read();
    addEventListener("hashchange", () => {
      this.read();
      this.tell();
    });
  }

  // Whatever an address does not say, or says wrongly, is as at the beginning.
  read() {
    const { run, first } = this;
    const said = new URLSearchParams(location.hash.slice(1));
    const range = (name, known) => {
      const [low, high] = (said.get(name) ?? "").split("-").map(Number);
      return known.includes(low) && known.includes(high) && low <= high ? [low, high] : first[name];
    };
    Object.assign(this, first, { k: range("k", run.ks), r: range("r", run.resolutions) });
    if (run.places.has(said.get("a"))) this.a = run.places.get(said.get("a"));
    if (measuresOf(run).some(({ name }) => name === said.get("by"))) this.by = said.get("by");
    if (run.groupings.some(({ name }) => name === said.get("of"))) this.of = said.get("of");
    const [kind, ...name] = (said.get("b") ?? "").split(":");
    const grouping = run.groupings.findIndex((g) => g.name === name.join(":"));
    this.bPartition = null;
    if (kind === "g" && grouping >= 0) this.b = `g${grouping}`;
    if (kind === "p" && run.places.has(name.join(":"))) this.compare(run.places.get(name.join(":")));
  }

  compare(partition) {
    this.bPartition = partition;
    this.b = this.run.key(partition);
  }

  change(changes) {
    Object.assign(this, changes);
    if ("bPartition" in changes) this.compare(changes.bPartition);
    else if ("b" in changes) this.bPartition = null;
    this.write();
    this.tell();
  }

  write() {
    // A page that a notebook shows inside itself has no address of its own.
    if (location.protocol === "about:") return;
    const { run, first } = this;
    const said = new URLSearchParams();
    if (this.a !== first.a) said.set("a", run.get("name", this.a));
    if (this.bPartition !== null) said.set("b", `p:${run.get("name", this.bPartition)}`);
    else if (this.b !== first.b) said.set("b", `g:${run.groupings[Number(this.b.slice(1))].name}`);
    for (const name of ["by", "of"]) if (this[name] !== first[name]) said.set(name, this[name]);
    for (const name of ["k", "r"]) {
      if (String(this[name]) !== String(first[name])) said.set(name, this[name].join("-"));
    }
    const text = said.toString();
    history.replaceState(null, "", text ? `#${text}` : location.pathname + location.search);
  }

  tell() {
    for (const listener of this.listeners) listener(this);
  }

  // Whether a partition is within the ranges that are kept.
  keeps(partition) {
    const within = (value, [low, high]) => value === null || (low <= value && value <= high);
    const { run } = this;
    return within(run.get("k", partition), this.k) && within(run.get("resolution", partition), this.r);
  }

  titleOfB() {
    if (this.bPartition !== null) return this.run.title(this.bPartition);
    if (this.b[0] === "d") return this.run.title(this.first.a);
    const { title, truth } = this.run.groupings[Number(this.b.slice(1))];
    return truth ? `truth: ${title}` : title;
  }
}
