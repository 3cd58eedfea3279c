// The ranges of k and resolution that are kept, for a keyboard; dragging over the grid sets them too.

import { el } from "./elements.js";

export function rangesOf(run, selection) {
  const whole = { k: [run.ks[0], run.ks.at(-1)], r: [run.resolutions[0], run.resolutions.at(-1)] };
  const all = ["k", "r"].every((name) => String(selection[name]) === String(whole[name]));
  const reset = el("button", { type: "button", onclick: () => selection.change(whole) }, "Keep all");
  return [
    ...range("k", "k", run.ks, selection),
    ...range("r", "resolution", run.resolutions, selection),
    all ? "" : reset,
  ];
}

function range(name, title, values, selection) {
  if (values.length < 2) return [];
  const menu = (side, label) =>
    el("label", {}, `${label} `, el("select", { onchange: (event) => changed(side, event) },
      values.map((v) => el("option", { value: v, selected: v === selection[name][side] }, String(v)))));
  const changed = (side, event) => {
    const next = [...selection[name]];
    next[side] = Number(event.target.value);
    if (next[0] > next[1]) next[1 - side] = next[side];
    selection.change({ [name]: next });
  };
  return [menu(0, `${title} from`), menu(1, "to")];
}
