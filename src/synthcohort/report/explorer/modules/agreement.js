// Cross-tables of two columns of codes, and their adjusted Rand index (Hubert & Arabie 1985).

const LARGEST = 4_000_000;

export function highest(codes) {
  let most = 0;
  for (let i = 0; i < codes.length; i++) if (codes[i] > most) most = codes[i];
  return most;
}

// People (or their weights) by the codes of both, from 1; people without a code count nowhere.
export function crossed(one, other, weights = null) {
  const [rows, columns] = [highest(one), highest(other)];
  const cells = new Float64Array(rows * columns);
  for (let i = 0; i < one.length; i++) {
    if (one[i] && other[i]) cells[(one[i] - 1) * columns + other[i] - 1] += weights ? weights[i] : 1;
  }
  return { rows, columns, at: (row, column) => cells[row * columns + column] };
}

// Pairs of people who are together in one, in the other, and in both. A pair counts with the
// product of its weights, and nobody is paired with himself.
export function adjustedRand(one, other, weights = null) {
  const [rows, columns] = [highest(one) + 1, highest(other) + 1];
  const few = rows * columns <= LARGEST;
  const cells = few ? new Float64Array(rows * columns) : new Map();
  const [byRow, byColumn] = [new Float64Array(rows), new Float64Array(columns)];
  let [everybody, alone] = [0, 0];
  for (let i = 0; i < one.length; i++) {
    if (!one[i] || !other[i]) continue;
    const weight = weights ? weights[i] : 1;
    const cell = one[i] * columns + other[i];
    if (few) cells[cell] += weight;
    else cells.set(cell, (cells.get(cell) ?? 0) + weight);
    byRow[one[i]] += weight;
    byColumn[other[i]] += weight;
    everybody += weight;
    alone += weight * weight;
  }
  const pairs = (sums) => {
    let total = 0;
    for (const sum of sums) total += sum * sum;
    return (total - alone) / 2;
  };
  const [both, inOne, inOther] = [pairs(few ? cells : cells.values()), pairs(byRow), pairs(byColumn)];
  const all = (everybody * everybody - alone) / 2;
  const chance = all ? (inOne * inOther) / all : 0;
  const room = (inOne + inOther) / 2 - chance;
  return room > 1e-9 * all ? (both - chance) / room : 1;
}

// For each row the column that is its own, none twice: the largest overlaps first.
export function matched(table) {
  const cells = [];
  for (let row = 0; row < table.rows; row++) {
    for (let column = 0; column < table.columns; column++) {
      if (table.at(row, column) > 0) cells.push([table.at(row, column), row, column]);
    }
  }
  cells.sort((x, y) => y[0] - x[0] || x[1] - y[1] || x[2] - y[2]);
  const [own, taken] = [new Array(table.rows).fill(null), new Set()];
  for (const [, row, column] of cells) {
    if (own[row] === null && !taken.has(column)) {
      own[row] = column;
      taken.add(column);
    }
  }
  return own;
}
