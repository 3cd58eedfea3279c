"""Gradients: individuals along a straight or bent line, with noise around it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

Array = np.ndarray

_NODES = 21
_ROUNDS = 40
_FIRST = 6
_TOLERANCE = 0.03
_FLOOR = 0.02
"""Least variance around the curve, of white coordinates."""


@dataclass(frozen=True)
class Gradient:
    """A kind of gradient.

    Parameters
    ----------
    latent : {"uniform", "normal", "skewed"}
        How individuals spread along it.
    degree : int
        Of the polynomial that it is bent by; 1 is straight.
    widens : bool
        Whether the noise around it may grow along it.
    """

    latent: str
    degree: int
    widens: bool = False


KINDS: tuple[tuple[Gradient, ...], ...] = (
    tuple(Gradient("uniform", degree) for degree in (1, 2, 3, 4, 5)),
    (Gradient("normal", 2), Gradient("normal", 3)),
    (Gradient("skewed", 1), Gradient("skewed", 2)),
    (Gradient("normal", 1, True), Gradient("normal", 2, True)),
    (Gradient("uniform", 1, True),),
    (Gradient("skewed", 1, True),),
)
"""In chains: each kind begins where the simpler one before it ended, too."""


def fit_chain(Y: Array, chain: Sequence[Gradient], starts: Sequence[Array]) -> Iterator[float]:
    """Fit gradients of growing degree.

    Parameters
    ----------
    Y : ndarray, shape (N, q)
        White coordinates.
    chain : sequence of Gradient
    starts : sequence of ndarray, shape (N,)
        Places along the gradient to begin with; only their order counts.

    Yields
    ------
    float
        Log-likelihood less that of one normal, in nats, of each.
    """
    before: list[Array] = []
    for kind in chain:
        _, weights = latent_nodes(kind.latent)
        begun = [_fit(Y, kind, _placed(s, weights), _FIRST) for s in starts]
        begun += [_fit(Y, kind, shares, _FIRST) for shares in before]
        first = max(begun, key=lambda fit: fit[0])
        gain, shares = _fit(Y, kind, first[1], _ROUNDS)
        before = [shares]
        yield max(gain, first[0])


def parameters(kind: Gradient, q: int) -> int:
    """Count what a gradient needs beyond one normal: its bends and what widens it."""
    if kind == Gradient("normal", 1, True):
        return q + 1  # its direction, which without the widening would be no parameter
    return kind.degree * q + kind.widens


def latent_nodes(latent: str) -> tuple[Array, Array]:
    """Return places along a gradient and how many individuals are there, shapes (21,)."""
    if latent == "uniform":
        return np.linspace(-1, 1, _NODES), np.full(_NODES, 1 / _NODES)
    if latent == "normal":
        nodes = np.linspace(-3, 3, _NODES)
        weights = np.exp(-(nodes**2) / 2)
        return nodes / 1.5, weights / weights.sum()
    nodes = np.linspace(0.05, 5.5, _NODES)
    weights = np.exp(-nodes)
    return nodes / 1.5 - 0.67, weights / weights.sum()


def _placed(start: Array, weights: Array) -> Array:
    """Put individuals on the nodes in their order, as many as the weights say."""
    order = (start.argsort().argsort() + 0.5) / len(start)
    node = np.minimum(np.searchsorted(np.cumsum(weights), order), len(weights) - 1)
    return np.eye(len(weights))[node]


def _fit(Y: Array, kind: Gradient, shares: Array, rounds: int) -> tuple[float, Array]:
    """EM of a generative topographic mapping with one latent dimension.

    Bishop, Svensen & Williams 1998, Neural Comput 10:215; with one covariance matrix, which
    grows by exp(2 a t) where the noise may widen.
    """
    n, q = Y.shape
    nodes, weights = latent_nodes(kind.latent)
    basis = np.column_stack([nodes**power for power in range(kind.degree + 1)])
    widening, gain = 0.0, -np.inf
    for _ in range(rounds):
        growth = np.exp(2 * widening * nodes)
        scaled = shares / growth
        sizes, sums = scaled.sum(axis=0), scaled.T @ Y
        normal = (basis.T * sizes) @ basis + 1e-9 * n * np.eye(kind.degree + 1)
        centres = basis @ np.linalg.solve(normal, basis.T @ sums)
        moments = (Y.T * scaled.sum(axis=1)) @ Y
        around = moments - sums.T @ centres - centres.T @ sums + (centres.T * sizes) @ centres
        spread, axes = np.linalg.eigh(around / n + _FLOOR * np.eye(q))
        root = axes / np.sqrt(spread)
        rotated, middle = Y @ root, centres @ root
        away = (rotated**2).sum(axis=1)[:, None] - 2 * rotated @ middle.T + (middle**2).sum(axis=1)
        if kind.widens:
            widening = _widened(widening, shares, away, nodes, q)
            growth = np.exp(2 * widening * nodes)
        logit = np.log(weights) - 0.5 * q * np.log(growth) - 0.5 * away / growth
        top = logit.max(axis=1, keepdims=True)
        likely = np.exp(logit - top)
        total = likely.sum(axis=1, keepdims=True)
        found = (np.log(total) + top).sum() - n / 2 * np.log(spread).sum() + 0.5 * (Y**2).sum()
        shares = likely / total
        if found - gain < _TOLERANCE:
            return max(gain, float(found)), shares
        gain = float(found)
    return gain, shares


def _widened(widening: float, shares: Array, away: Array, nodes: Array, q: int) -> float:
    """Three Newton steps towards the growth of the noise that fits best."""
    distance, constant = (shares * away).sum(axis=0), q * (shares @ nodes).sum()
    for _ in range(3):
        scaled = distance * np.exp(-2 * widening * nodes)
        slope, bend = scaled @ nodes - constant, -2 * scaled @ nodes**2
        widening = float(np.clip(widening - slope / bend, -2, 2))
    return widening
