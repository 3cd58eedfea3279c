"""Keyed random streams: each variable's draws depend on nothing but the seed and its own name."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np

BLOCK = 65_536
"""Rows that share one stream. Part of the format: changing it changes every population."""


Array = np.ndarray


def stream(seed: int, *key: str | int) -> np.random.Generator:
    """Return the generator of one key.

    Parameters
    ----------
    seed : int
        The scene's seed.
    *key : str or int
        What is drawn, such as ``("noise", "Weight", block)``.

    Returns
    -------
    numpy.random.Generator
        Independent, for all practical purposes, of the generator of any other key.

    Examples
    --------
    >>> a, b = stream(1, "noise", "Weight", 0), stream(1, "noise", "Weight", 0)
    >>> bool(a.standard_normal() == b.standard_normal())
    True
    """
    # JSON-like framing keeps ("a", "bc") and ("ab", "c") apart.
    text = repr((int(seed), *key)).encode()
    words = np.frombuffer(hashlib.sha256(text).digest(), dtype="<u4").astype(np.uint32)
    return np.random.Generator(np.random.SFC64(np.random.SeedSequence(words.tolist())))


def blocks(start: int, stop: int) -> list[tuple[int, slice]]:
    """Block numbers and their rows (relative to ``start``) that cover ``start`` to ``stop``.

    ``start`` must be a multiple of `BLOCK`, so that each block is drawn from its beginning.
    """
    if start % BLOCK:
        raise ValueError(f"start must be a multiple of {BLOCK}, got {start}")
    return [
        (row // BLOCK, slice(row - start, min(row + BLOCK, stop) - start))
        for row in range(start, stop, BLOCK)
    ]


@dataclass(frozen=True)
class StreamDraws:
    """Draws from the keyed streams of one biomarker and block."""

    seed: int
    name: str
    block: int

    def uniform(self, role: str, n: int) -> Array:
        """Draw uniforms, shape (n,)."""
        return stream(self.seed, role, self.name, self.block).random(n)

    def normal(self, role: str, chosen: Array) -> Array:
        """Draw standard normals for the chosen rows, shape (chosen.sum(),)."""
        count = int(np.count_nonzero(chosen))
        return stream(self.seed, role, self.name, self.block).standard_normal(count)
