"""Scores of the partitions of a grid; partitions that are equal are scored once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

import numpy as np
import pandas as pd

from synthcohort.clustering.consensus.modularity import Partition
from synthcohort.evaluation.metrics.counted_groupings import Groupings
from synthcohort.evaluation.metrics.group_recovery import best_matches
from synthcohort.evaluation.metrics.scores import METRICS
from synthcohort.results.partition_keys import Cell, PartitionKey

_NAN = float("nan")


class Scorer:
    """Scores partitions against all that is known about the individuals, as they come.

    Parameters
    ----------
    groupings : Groupings
        Without any, only the clusters of each partition are counted.
    """

    def __init__(self, groupings: Groupings) -> None:
        self.groupings = groupings
        self._rows: dict[bytes, list[dict[str, Any]]] = {}
        self._matches: dict[bytes, pd.DataFrame] = {}
        self._cells: dict[Cell, list[tuple[PartitionKey, float, bytes]]] = {}

    def add(self, cell: Cell, partitions: Mapping[float, Partition]) -> None:
        """Score the partitions of a cell, given by resolution."""
        self._cells[cell] = []
        for resolution, found in partitions.items():
            name = sha256(found.labels.tobytes()).digest()
            if name not in self._rows:
                self._rows[name], self._matches[name] = self._scored(found.labels)
            self._cells[cell].append((cell.at(resolution), found.modularity, name))

    def score(self, labels: np.ndarray) -> list[dict[str, Any]]:
        """Score one partition; return a row for each truth."""
        return self._scored(labels)[0]

    def tables(self, cells: Iterable[Cell]) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return the scores and the recovery of the cells, in their order.

        Returns
        -------
        scores : DataFrame, a row for each partition and truth
        recovery : DataFrame, a row for each partition, truth and level of it
            As `recovery`, with the columns partition and truth; empty without truths.
        """
        scores, matches, columns = [], [], []
        for cell in cells:
            for key, modularity, name in self._cells[cell]:
                own = {"modularity": modularity, "partition": key.name}
                scores += [key.values | row | own for row in self._rows[name]]
                matches.append(self._matches[name])
                columns.append(key.name)
        recovery = pd.concat(matches, ignore_index=True)
        recovery["partition"] = np.repeat(columns, [len(one) for one in matches])
        return pd.DataFrame(scores), recovery

    def _scored(self, labels: np.ndarray) -> tuple[list[dict[str, Any]], pd.DataFrame]:
        compared = self.groupings.compare(labels)
        rows, matches = [], []
        for truth, levels in self.groupings.levels.items():
            table = compared.contingency(truth)
            values: dict[str, Any] = {metric: value(table) for metric, value in METRICS.items()}
            rows.append(_row(truth, len(levels), values, *compared.adjusted(truth)))
            matches.append(pd.DataFrame(best_matches(table)).assign(truth=truth))
        if not rows:
            values = dict.fromkeys(METRICS, _NAN) | {"n_clusters": len(compared.label_levels)}
            return [_row("", 0, values, _NAN, None)], pd.DataFrame()
        return rows, pd.concat(matches, ignore_index=True)


def _row(
    truth: str, n_truth: int, values: dict[str, Any], ari_within: float, within: str | None
) -> dict[str, Any]:
    """Row of a partition and a truth, in the order of the table's columns."""
    row: dict[str, Any] = {"truth": truth, "n_truth": n_truth, "modularity": _NAN}
    return row | values | {"partition": "", "ari_within": ari_within, "within": within}
