"""Numbers of communities: without gaps, by size, and a short name of a whole partition."""

from __future__ import annotations

import hashlib

import numpy as np

Array = np.ndarray

_ROOM = 1_000_000


def without_gaps(membership: Array) -> Array:
    """Renumber communities from 0 in the order of their numbers.

    Parameters
    ----------
    membership : ndarray of int, shape (N,)
        From 0.

    Returns
    -------
    ndarray of int32, shape (N,)

    Examples
    --------
    >>> without_gaps(np.array([7, 2, 2, 9]))
    array([1, 0, 0, 2], dtype=int32)
    """
    if membership.max(initial=0) > _ROOM:
        return np.unique(membership, return_inverse=True)[1].astype(np.int32)
    present = np.bincount(membership) > 0
    return (np.cumsum(present, dtype=np.int32) - 1)[membership].astype(np.int32, copy=False)


def by_size(membership: Array) -> Array:
    """Renumber communities by size, the largest 0; ties by their first member.

    Parameters
    ----------
    membership : ndarray of int, shape (N,)
        From 0.

    Returns
    -------
    ndarray of int32, shape (N,)

    Examples
    --------
    >>> by_size(np.array([7, 2, 2, 9]))
    array([1, 0, 0, 2], dtype=int32)
    """
    codes = without_gaps(membership)
    counts = np.bincount(codes)
    first = np.empty(len(counts), dtype=np.int64)
    first[codes[::-1]] = np.arange(len(codes))[::-1]  # of equal places the last is kept
    rank = np.empty(len(counts), dtype=np.int32)
    rank[np.lexsort((first, -counts))] = np.arange(len(counts), dtype=np.int32)
    return rank[codes]


def mark(membership: Array) -> bytes:
    """Return a short name of a partition, the same for equal arrays only."""
    return hashlib.sha256(membership.tobytes()).digest()
