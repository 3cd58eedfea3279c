"""What `Graph` does to every individual, compiled: tables, looks and moves.

With labels L (N individuals x B replicates), the co-association of i and j is the
share of replicates with L[i, b] == L[j, b]. All that modularity needs of it is a table
T[b, l, c]: the total weight of the members of community c with label l in replicate b.

Labels from 0 to k - 1 are base clusters; k marks an individual that the replicate left
out, who is together with nobody there. An individual of weight w counts as w people.
"""

from __future__ import annotations

import numpy as np

from synthcohort.clustering.compilation import compiled

Array = np.ndarray

WANTS = -1.0
"""In place of a margin: the individual would gain by moving."""
LEAST = 1e-9
"""Gain by replicate that counts as one."""


@compiled
def count(
    labels: Array, k: int, columns: Array, offsets: Array, weight: Array, table: Array,
    first: int, last: int,
) -> None:  # fmt: skip
    """Fill the table of some replicates."""
    for i in range(len(labels)):
        for g in range(len(columns)):
            place = offsets[g] + columns[g, i]
            for r in range(first, last):
                label = labels[i, r]
                if label < k:
                    table[r, label, place] += weight[i]


@compiled
def degrees(
    labels: Array, k: int, sizes: Array, weight: Array, degree: Array, present: Array,
    first: int, last: int,
) -> None:  # fmt: skip
    """Fill in everybody's co-association with all others, times B, and replicates present."""
    for i in range(first, last):
        together = 0.0
        count = 0
        for r in range(labels.shape[1]):
            if labels[i, r] < k:
                together += sizes[r, labels[i, r]] - weight[i]
                count += 1
        degree[i] = together
        present[i] = count


@compiled
def look(
    labels: Array, k: int, table: Array, offsets: Array, columns: Array, weight: Array,
    degree: Array, present: Array, share: Array, total: Array, steepest: float, moved: Array,
    limit: Array, first: int, last: int,
) -> None:  # fmt: skip
    """Set how much weight may move before an individual can want to; `WANTS` where it does."""
    b = labels.shape[1]
    gain = np.empty(table.shape[2], dtype=table.dtype)
    for i in range(first, last):
        due = False
        for g in range(len(columns)):
            due = due or moved[g] > limit[g, i]
        if not due:
            continue
        for c in range(len(gain)):
            gain[c] = 0
        for r in range(b):
            if labels[i, r] < k:
                for c in range(len(gain)):
                    gain[c] += table[r, labels[i, r], c]
        for g in range(len(columns)):
            own = offsets[g] + columns[g, i]
            price = share[g] * degree[i]
            mass = weight[i] * degree[i]
            stay = gain[own] - weight[i] * present[i] - price * (total[own] - mass)
            lead = np.inf
            for c in range(offsets[g], offsets[g + 1]):
                if c != own:
                    lead = min(lead, stay - gain[c] + price * total[c])
            # A move of weight w changes the lead by 2 w max(b, price * degree) at most.
            limit[g, i] = moved[g] + lead / (2 * max(b, price * steepest))
            if lead < -LEAST * b:
                limit[g, i] = WANTS
            elif lead < 0:
                limit[g, i] = moved[g]


@compiled
def move(
    labels: Array, k: int, table: Array, low: int, high: int, column: Array, weight: Array,
    degree: Array, present: Array, share: float, total: Array, members: Array, limit: Array,
    moved: Array, count: Array,
) -> None:  # fmt: skip
    """Move those who want to, one after the other, if they still gain."""
    b = labels.shape[1]
    gain = np.empty(high - low, dtype=table.dtype)
    for i in range(len(labels)):
        if limit[i] != WANTS:
            continue
        limit[i] = moved[0]
        gain[:] = 0
        for r in range(b):
            if labels[i, r] < k:
                row = table[r, labels[i, r]]
                for c in range(high - low):
                    gain[c] += row[low + c]
        own = column[i]
        price = share * degree[i]
        mass = weight[i] * degree[i]
        best = own
        value = gain[own] - weight[i] * present[i] - price * (total[low + own] - mass) + LEAST * b
        for c in range(high - low):
            other = gain[c] - price * total[low + c]
            if c != own and other > value:
                best, value = c, other
        if best == own or (members[low + own] == 1 and members[low + best] == 0):
            continue
        for r in range(b):
            if labels[i, r] < k:
                row = table[r, labels[i, r]]
                row[low + own] -= weight[i]
                row[low + best] += weight[i]
        total[low + own] -= mass
        total[low + best] += mass
        members[low + own] -= 1
        members[low + best] += 1
        column[i] = best
        moved[0] += weight[i]
        count[0] += 1
        limit[i] = moved[0]


@compiled
def join(
    labels: Array, k: int, table: Array, offsets: Array, share: Array, total: Array,
    columns: Array, first: int, last: int,
) -> None:  # fmt: skip
    """Put each individual where its gain is largest, as if it were added alone."""
    gain = np.empty(table.shape[2], dtype=table.dtype)
    for i in range(first, last):
        gain[:] = 0
        for r in range(labels.shape[1]):
            if labels[i, r] < k:
                row = table[r, labels[i, r]]
                for c in range(len(gain)):
                    gain[c] += row[c]
        for g in range(len(columns)):
            block = gain[offsets[g] : offsets[g + 1]]
            price = share[g] * block.sum()
            columns[g, i] = np.argmax(block - price * total[offsets[g] : offsets[g + 1]])
