"""Which analyses a grid needs: analyses that are provably equal run once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from synthcohort.clustering.base.base_clusterers import BASES
from synthcohort.clustering.preprocessing import PREPROCESSINGS
from synthcohort.results.partition_keys import Cell
from synthcohort.scene.model import Experiment

EQUAL_REASON = (
    "whitening by all principal components erases any rescaling of single columns, "
    "so the distances between individuals are the same"
)


@dataclass(frozen=True)
class Analysis:
    """One preprocessing with or without whitening.

    Parameters
    ----------
    preprocessing : str
    whitened : bool
    runs_as : str
        Name of the analysis that is run for it; its own, or that of an equal one.
    """

    preprocessing: str
    whitened: bool
    runs_as: str

    @property
    def name(self) -> str:
        """Such as ``zscore`` or ``zscore+whitened``."""
        return analysis_name(self.preprocessing, self.whitened)

    @property
    def title(self) -> str:
        """What a reader calls it, such as ``z-score whitened``."""
        title = PREPROCESSINGS[self.preprocessing].title
        return f"{title} whitened" if self.whitened else title

    @property
    def reason(self) -> str:
        """Why it equals the analysis that is run for it; empty where it is run itself."""
        return "" if self.runs_as == self.name else EQUAL_REASON


def analysis_name(preprocessing: str, whitened: bool) -> str:
    """Name of a preprocessing with or without whitening."""
    return f"{preprocessing}+whitened" if whitened else preprocessing


def plan_analyses(experiment: Experiment) -> list[Analysis]:
    """List the analyses of a grid, each with the one that is run for it.

    Preprocessings that rescale every column by an affine map of its own are one
    analysis after full whitening; the first of them is run.
    """
    plan: list[Analysis] = []
    for whitened in experiment.whiten:
        affine: str | None = None
        for name in experiment.preprocessings:
            runs_as = analysis_name(name, whitened)
            if whitened and PREPROCESSINGS[name].affine:
                affine = affine or runs_as
                runs_as = affine
            plan.append(Analysis(name, whitened, runs_as))
    return plan


def plan_cells(analyses: Sequence[Analysis], experiment: Experiment) -> list[Cell]:
    """Cells to run, the longest first so that workers end together.

    A base clusterer that can be fitted on one preprocessing only has cells there alone.
    """
    names = [a.name for a in analyses if a.runs_as == a.name]
    cells = [
        Cell(name, base, k)
        for name in names
        for base, ks in experiment.base.items()
        for k in ks
        if BASES[base].only in (None, name)
    ]
    return sorted(cells, key=lambda cell: -cell.k)
