"""The rivals by name."""

from __future__ import annotations

from synthcohort.clustering.rivals.classes import latent_classes
from synthcohort.clustering.rivals.compact import kmeans, ward
from synthcohort.clustering.rivals.density import hdbscan
from synthcohort.clustering.rivals.mixtures import MIXTURES
from synthcohort.clustering.rivals.rival_clustering import Rival

RIVALS: dict[str, Rival] = {
    "kmeans": Rival("k-means", "silhouette", kmeans),
    **MIXTURES,
    "ward": Rival("Ward", "silhouette", ward),
    "hdbscan": Rival("HDBSCAN", "stability of its clusters", hdbscan),
    "latent_classes": Rival("latent classes", "BIC", latent_classes, binary=True),
}
