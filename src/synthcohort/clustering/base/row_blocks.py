"""Blocks of rows turned into columns, so that one instruction serves many rows."""

from __future__ import annotations

import numba
import numpy as np

from synthcohort.clustering.compilation import compiled

Array = np.ndarray

BLOCK = 64
"""Rows in a block."""


@compiled
def blocks_of(columns: Array) -> Array:
    """Cut columns into blocks of rows.

    Parameters
    ----------
    columns : ndarray of float32, shape (p, n)

    Returns
    -------
    ndarray of float32, shape (n_blocks, p, 64)
        0 after the last row.
    """
    p, n = columns.shape
    blocks = np.zeros(((n + BLOCK - 1) // BLOCK, p, BLOCK), dtype=np.float32)
    for i in range(n):
        for j in range(p):
            blocks[i // BLOCK, j, i % BLOCK] = columns[j, i]
    return blocks


@numba.njit(inline="always")
def squares_to(columns: Array, center: Array, squares: Array) -> None:
    """Squared distances of a block of rows to a centre.

    Four columns at a time, so that the sums are read and written a quarter as often; each
    sum still goes from the first column to the last.
    """
    p = len(columns)
    whole = p - p % 4
    squares[:] = np.float32(0.0)
    for j in range(0, whole, 4):
        c0, c1, c2, c3 = center[j], center[j + 1], center[j + 2], center[j + 3]
        for r in range(BLOCK):
            g0 = columns[j, r] - c0
            g1 = columns[j + 1, r] - c1
            g2 = columns[j + 2, r] - c2
            g3 = columns[j + 3, r] - c3
            squares[r] = (((squares[r] + g0 * g0) + g1 * g1) + g2 * g2) + g3 * g3
    for j in range(whole, p):
        for r in range(BLOCK):
            gap = columns[j, r] - center[j]
            squares[r] += gap * gap
