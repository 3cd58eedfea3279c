"""The mixture that a partition implies: its clusters' densities, after a few steps of EM."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import gammaln, logsumexp

Array = np.ndarray
Shape = Literal["alike", "diagonal", "tied", "full"]

SHAPES: tuple[Shape, ...] = ("alike", "diagonal", "tied", "full")
"""Covariances: one diagonal for all clusters, a diagonal each, one for all, one each."""
STEPS = 3
"""Steps of EM: a hard partition cuts the tails off its clusters, EM gives them back."""
_FLOOR = 0.02**2
_FEWEST = 1.5


@dataclass(frozen=True)
class Implied:
    """A mixture that a partition implies.

    Parameters
    ----------
    log_density : ndarray, shape (N,)
    member : ndarray, shape (N, k)
        Probability of each component for each individual.
    parameters : int
    """

    log_density: Array
    member: Array
    parameters: int

    @property
    def labels(self) -> Array:
        """The most probable component of each individual, shape (N,)."""
        return np.asarray(self.member.argmax(axis=1))

    def drawn(self, rng: np.random.Generator) -> Array:
        """Draw a component for each individual by its probabilities, shape (N,)."""
        below = self.member.cumsum(axis=1) < rng.random((len(self.member), 1))
        return np.asarray(below[:, :-1].sum(axis=1))


def implied_mixture(
    values: Array,
    hidden: Array,
    labels: Array,
    shape: Shape,
    freedom: float | None = None,
    weight: Array | None = None,
    steps: int = STEPS,
) -> Implied:
    """Fit one density a cluster and take a few steps of EM from there.

    Parameters
    ----------
    values : ndarray, shape (N, p)
        Columns of variance about 1.
    hidden : ndarray, shape (N, p)
        Variance that ties hide, added within the clusters.
    labels : ndarray of int, shape (N,)
        Clusters from 0, none empty.
    shape : {"alike", "diagonal", "tied", "full"}
        Clusters' own covariances lean on the common one as by p + 2 individuals (Fraley &
        Raftery 2007, J Classif 24:155), diagonal ones as by 3.
    freedom : float, optional
        Degrees of freedom of multivariate t components; normal ones by default.
    weight : ndarray, shape (N,), optional
        How often each counts in the fit, such as in a bootstrap sample.
    steps : int, default 3
        It ends earlier where a component would lose its last individuals.

    Returns
    -------
    Implied
    """
    n, p = values.shape
    counts = np.ones(n) if weight is None else weight
    member = np.zeros((n, int(labels.max()) + 1))
    member[np.arange(n), labels] = 1.0
    damped = np.ones_like(member)
    for _ in range(steps + 1):
        sizes = counts @ member
        distance, log_det = _distances(values, hidden, member * counts[:, None], damped, shape)
        if freedom is None:
            joint = -0.5 * (distance + log_det + p * np.log(2 * np.pi))
        else:
            joint = _log_t(distance, log_det, p, freedom)
            damped = (freedom + p) / (freedom + distance)
        joint += np.log(sizes / sizes.sum())
        density = logsumexp(joint, axis=1)
        member = np.exp(joint - density[:, None])
        if (counts @ member).min() < _FEWEST:
            break
    parameters = _parameters(member.shape[1], p, shape) + (freedom is not None)
    return Implied(density, member, parameters)


def _parameters(k: int, p: int, shape: Shape) -> int:
    of_one = {"alike": p, "diagonal": k * p, "tied": p * (p + 1) // 2}
    return k - 1 + k * p + of_one.get(shape, k * p * (p + 1) // 2)


def _log_t(distance: Array, log_det: Array, p: int, freedom: float) -> Array:
    """Log density of multivariate t components, shape (N, k)."""
    constant = gammaln((freedom + p) / 2) - gammaln(freedom / 2) - p / 2 * np.log(freedom * np.pi)
    tail = -(freedom + p) / 2 * np.log1p(distance / freedom)
    return np.asarray(constant - log_det / 2 + tail)


def _distances(
    values: Array, hidden: Array, member: Array, damped: Array, shape: Shape
) -> tuple[Array, Array]:
    """Squared Mahalanobis distances, shape (N, k), and log determinants, shape (k,)."""
    sizes = member.sum(axis=0)
    pull = member * damped
    centres = pull.T @ values / pull.sum(axis=0)[:, None]
    added = member.T @ hidden / sizes[:, None] + _FLOOR
    if shape in ("alike", "diagonal"):
        return _diagonal(values, pull, sizes, centres, added, shape == "alike")
    k, p = centres.shape
    scatter = np.empty((k, p, p))
    for c in range(k):
        apart = values - centres[c]
        scatter[c] = (apart * pull[:, c : c + 1]).T @ apart
    pooled = scatter.sum(axis=0) / sizes.sum()
    if shape == "tied":
        common = pooled + np.diag(sizes @ added / sizes.sum())
        covariances = np.broadcast_to(common, (k, p, p))
    else:
        prior = p + 2
        own = (scatter + prior * pooled) / (sizes + prior)[:, None, None]
        covariances = own + np.eye(p) * added[:, None, :]
    roots = np.linalg.cholesky(covariances)
    log_det = 2 * np.log(np.diagonal(roots, axis1=1, axis2=2)).sum(axis=1)
    distance = np.empty((len(values), k))
    for c, inverse in enumerate(np.linalg.inv(roots)):
        distance[:, c] = (((values - centres[c]) @ inverse.T) ** 2).sum(axis=1)
    return distance, log_det


def _diagonal(
    values: Array, pull: Array, sizes: Array, centres: Array, added: Array, alike: bool
) -> tuple[Array, Array]:
    squares = np.maximum(pull.T @ values**2 - pull.sum(axis=0)[:, None] * centres**2, 0.0)
    pooled = squares.sum(axis=0) / sizes.sum()
    if alike:
        spread = np.broadcast_to(pooled + sizes @ added / sizes.sum(), centres.shape)
    else:
        spread = (squares + 3 * pooled) / (sizes[:, None] + 3) + added
    distance = (
        values**2 @ (1 / spread).T
        - 2 * values @ (centres / spread).T
        + (centres**2 / spread).sum(axis=1)
    )
    return np.maximum(distance, 0.0), np.log(spread).sum(axis=1)
