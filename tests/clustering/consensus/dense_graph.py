"""A reference for the implicit search: igraph's Leiden on the graph with all its edges."""

import random

import igraph
import numpy as np


def dense_leiden(labels: np.ndarray, resolutions: list[float]) -> dict[float, float]:
    """Highest modularity that iterated Leiden reaches at each resolution.

    Parameters
    ----------
    labels : ndarray of int, shape (N, B)
        Base clusters from 0, nobody absent.
    resolutions : list of float
    """
    together = np.zeros((len(labels), len(labels)))
    for replicate in labels.T:
        together += replicate[:, None] == replicate
    edges = np.triu_indices(len(labels), 1)
    graph = igraph.Graph.Full(len(labels))  # edges of weight 0 change nothing
    graph.es["weight"] = (together[edges] / labels.shape[1]).tolist()
    return {gamma: _leiden(graph, gamma) for gamma in resolutions}


def _leiden(graph: igraph.Graph, gamma: float) -> float:
    membership, value = None, -np.inf
    while True:
        igraph.set_random_number_generator(random.Random(0))
        membership = graph.community_leiden(
            objective_function="modularity",
            weights="weight",
            resolution=gamma,
            initial_membership=membership,
            n_iterations=1,
        ).membership
        igraph.set_random_number_generator(random)
        new = graph.modularity(membership, weights="weight", resolution=gamma)
        if new < value + 1e-10:  # moves that gain only rounding can alternate for ever
            return value
        value = new
