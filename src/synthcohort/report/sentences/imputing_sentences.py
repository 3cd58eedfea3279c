"""How far the answer depends on imputed values, in sentences."""

from __future__ import annotations

from synthcohort.report.sentences.verdict_sentences import p_said
from synthcohort.report.sentences.wording import counted
from synthcohort.results.findings import Findings


def imputing_decides(findings: Findings) -> str:
    """Say that and why the verdict depends on imputing; empty where it does not."""
    everybody, complete = findings.verdict, findings.complete
    if everybody is None or complete is None or everybody["word"] == complete["word"]:
        return ""
    if complete["as_many"] == complete["word"]:
        why = "so it is their number"
    else:
        why = "so it is the imputed values, or the people whose values are missing"
    return (
        f"The verdict depends on imputing: with everybody {everybody['word']} "
        f"({p_said(everybody)}), with the {counted(complete['individuals'], 'complete case')} "
        f"only {complete['word']} ({p_said(complete)}); as many drawn from everybody give "
        f"{complete['as_many']}, {why}."
    )


def imputing_said(findings: Findings) -> list[str]:
    """Say how far what was found with imputed values and with complete cases agree."""
    table, verdict, complete = findings.tables.complete_cases, findings.verdict, findings.complete
    said = []
    if len(table):
        low, middle, high = table["ari"].quantile([0, 0.5, 1])
        span = f"an ARI of {low:.2f} to {high:.2f}, median {middle:.2f}"
        said.append(
            f"Imputing: of the {counted(int(table['complete'].iloc[0]), 'individual')} without "
            "missing values, the best partition of each analysis and what the same analysis finds "
            f"in them alone agree at {span if len(table) > 1 else f'an ARI of {low:.2f}'}."
        )
    if verdict and complete and verdict["word"] == complete["word"]:
        said.append(
            f"The verdict on the {counted(complete['individuals'], 'complete case')} alone is the "
            f"same: {complete['word']}."
        )
    return said
