"""Full PCA whitening: every principal component kept, each scaled to variance 1."""

from __future__ import annotations

import numpy as np
from sklearn.base import BaseEstimator, OneToOneFeatureMixin, TransformerMixin
from sklearn.decomposition import PCA
from sklearn.utils.validation import check_is_fitted, validate_data

Array = np.ndarray


class Whitening(OneToOneFeatureMixin, TransformerMixin, BaseEstimator):
    """Whiten by all principal components that have any variance.

    Distances between individuals become Mahalanobis distances, so any rescaling of
    single columns before it makes no difference. Components of numerically no
    variance (exact linear dependences) are left out: they would only blow up rounding.

    Parameters
    ----------
    min_share : float, default 0.0
        Components with a smaller share of the variance are left out too, all but the first. The
        shares are those of columns of variance 1, so the rescaling still makes no difference.

    Attributes
    ----------
    pca_ : sklearn.decomposition.PCA

    Examples
    --------
    >>> X = np.array([[0.0, 1.0], [2.0, 0.0], [4.0, 5.0], [6.0, 2.0]])
    >>> np.cov(Whitening().fit_transform(X), rowvar=False).round(6) + 0.0
    array([[1., 0.],
           [0., 1.]])
    """

    def __init__(self, min_share: float = 0.0) -> None:
        self.min_share = min_share

    def fit(self, X: Array, y: object = None) -> Whitening:
        """Find the components of X, shape (N, p), finite."""
        X = validate_data(self, X, dtype=np.float64, ensure_min_samples=2)
        # Columns on one scale first, so that the numerical rank does not depend on units.
        self.scale_ = np.where(X.std(axis=0) > 0, X.std(axis=0), 1.0)
        scaled = X / self.scale_
        spread = np.linalg.svd(scaled - scaled.mean(axis=0), compute_uv=False)
        tolerance = spread[0] * max(X.shape) * np.finfo(float).eps
        shares = spread**2 / max((spread**2).sum(), np.finfo(float).tiny)
        rank = max(int(((spread > tolerance) & (shares >= self.min_share)).sum()), 1)
        self.pca_ = PCA(n_components=rank, whiten=True, svd_solver="full").fit(scaled)
        return self

    def transform(self, X: Array) -> Array:
        """Return the whitened data, shape (N, rank)."""
        check_is_fitted(self)
        X = validate_data(self, X, dtype=np.float64, reset=False)
        return np.asarray(self.pca_.transform(X / self.scale_))
