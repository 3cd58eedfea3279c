"""Keywords of `run` and `cluster`, for type checkers and editors.

Made from the model of the settings by ``python -m docs.settings_pages``: change that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, TypedDict


class RunKeywords(TypedDict, total=False):
    """Keywords of `run`; docs/settings.md says what they mean."""

    size: int | None
    seed: int | None
    cluster: bool | None
    formats: Sequence[str] | None
    cutoffs: str | Path | None
    verdict: bool | None
    quick: bool | None
    exact: bool | None
    workers: int | None
    resume: bool | None
    scheduler: str | None
    biomarkers: Sequence[str] | None
    preprocessings: Sequence[str] | None
    whiten: Sequence[bool] | None
    whiten_min_share: float | None
    base: Mapping[str, Sequence[int]] | None
    resolutions: Sequence[float] | None
    bootstraps: int | None
    references: int | None
    reference_data: Literal["copula", "gaussian"] | None
    assign: Literal["all", "in_bag", "out_of_bag"] | None
    refit: bool | None
    missing: Literal["complete", "impute"] | None
    truth: str | None


class ClusterKeywords(TypedDict, total=False):
    """Keywords of `cluster`; docs/settings.md says what they mean."""

    seed: int | None
    cutoffs: str | Path | None
    keep_data: bool | None
    separator: str | None
    decimal: str | None
    encoding: str | None
    sheet: str | None
    strict: bool | None
    verdict: bool | None
    quick: bool | None
    exact: bool | None
    workers: int | None
    resume: bool | None
    scheduler: str | None
    biomarkers: Sequence[str] | None
    preprocessings: Sequence[str] | None
    whiten: Sequence[bool] | None
    whiten_min_share: float | None
    base: Mapping[str, Sequence[int]] | None
    resolutions: Sequence[float] | None
    bootstraps: int | None
    references: int | None
    reference_data: Literal["copula", "gaussian"] | None
    assign: Literal["all", "in_bag", "out_of_bag"] | None
    refit: bool | None
    missing: Literal["complete", "impute"] | None
    truth: str | None
