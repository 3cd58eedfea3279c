"""The dense path: igraph's Leiden on the co-association graph with all its edges."""

from __future__ import annotations

import random
from collections.abc import Sequence

import igraph
import numpy as np

_FEW = 0.2
_MAX_CALLS = 50


class DenseGraph:
    """The co-association graph with an edge for each pair of individuals.

    Parameters
    ----------
    labels : ndarray of int, shape (N, B)
        From 0, nobody absent.
    """

    def __init__(self, labels: np.ndarray) -> None:
        n, b = labels.shape
        k = int(labels.max()) + 1
        indicator = np.zeros((n, b * k), dtype=np.float32)
        indicator[np.arange(n)[:, None], np.arange(b) * k + labels] = 1
        together = indicator @ indicator.T
        upper = np.triu_indices(n, 1)
        weights = together[upper].astype(float) / b
        del together
        present = weights > 0
        # A full graph is made ten times faster than from its edges, and edges of
        # weight 0 change nothing.
        if present.mean() < _FEW:
            self.graph = igraph.Graph(n, np.column_stack([u[present] for u in upper]))
            weights = weights[present]
        else:
            self.graph = igraph.Graph.Full(n)
        self.graph.es["weight"] = weights.tolist()

    def leiden(self, gamma: float, seed: int = 0) -> tuple[float, list[int]]:
        """Iterate Leiden until modularity gains less than 1e-10, and return it and the labels.

        Without a least gain, moves that gain only rounding can alternate for ever.
        """
        membership, value = None, -np.inf
        for _ in range(_MAX_CALLS):
            found = self._iterate(gamma, membership, seed)
            new = self.graph.modularity(found, weights="weight", resolution=gamma)
            if new < value + 1e-10:
                break
            membership, value = found, new
        assert membership is not None
        return value, membership

    def _iterate(self, gamma: float, membership: list[int] | None, seed: int) -> list[int]:
        igraph.set_random_number_generator(random.Random(seed))
        try:
            found: list[int] = self.graph.community_leiden(
                objective_function="modularity",
                weights="weight",
                resolution=gamma,
                initial_membership=membership,
                n_iterations=1,
            ).membership
        finally:
            igraph.set_random_number_generator(random)
        return found


def dense_leiden(labels: np.ndarray, resolutions: Sequence[float]) -> dict[float, float]:
    """Modularity of Leiden on the dense graph at each resolution."""
    graph = DenseGraph(labels)
    return {gamma: graph.leiden(gamma)[0] for gamma in resolutions}
