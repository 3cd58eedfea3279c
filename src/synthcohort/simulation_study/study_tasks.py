"""The tasks of a study: every method in every draw of every scenario, each run once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from joblib import delayed

from synthcohort.clustering.worker_entries import with_registered
from synthcohort.machine.worker_processes import in_processes
from synthcohort.population.progress import Progress
from synthcohort.scene import to_dict
from synthcohort.simulation_study.draw_outcome import Outcome, draw_outcomes, repetition_seed
from synthcohort.simulation_study.scenarios import Scenario
from synthcohort.simulation_study.study_model import Study, StudyMethod
from synthcohort.task_store.content_keys import content_key
from synthcohort.task_store.stored_results import TaskStore


@dataclass(frozen=True)
class Draw:
    """One repetition of a scenario, and the key of each method's task in it."""

    scenario: Scenario
    repetition: int
    seed: int
    methods: dict[str, StudyMethod]
    keys: dict[str, str] = field(default_factory=dict)


def draws_of(study: Study, scenarios: Sequence[Scenario]) -> list[Draw]:
    """List the draws of a study, the first repetition of every scenario first.

    A task's key is its content: the scene without its experiment's settings that the method
    replaces, the truth, the method, the seed, the code. So it is the same in every study.
    """
    draws = []
    for repetition in range(study.repetitions):
        for scenario in scenarios:
            seed = repetition_seed(study.seed, scenario.scene.seed, repetition)
            content = {"scene": to_dict(scenario.scene) | {"seed": seed}, "truth": scenario.truth}
            methods = {n: m for n, m in study.methods.items() if m.runs_on(scenario.name)}
            keys = {
                name: content_key(content | {"method": method.model_dump(exclude={"scenes"})})
                for name, method in methods.items()
            }
            draws.append(Draw(scenario, repetition, seed, methods, keys))
    return draws


def outcomes_of(
    draws: Sequence[Draw],
    store: TaskStore,
    workers: int,
    tell: Progress,
    retry: bool = False,
) -> dict[str, Outcome]:
    """Run every task that is not finished and return the outcomes of all, by key.

    Parameters
    ----------
    draws : sequence of Draw
    store : TaskStore
        Of all studies that share it.
    workers : int
        Processes.
    tell : callable
        Called with the stage, how many tasks are done and how many there are.
    retry : bool, default False
        Whether tasks that failed are run again.
    """
    found = store.found(key for draw in draws for key in draw.keys.values())
    if retry:
        found = {key: outcome for key, outcome in found.items() if "error" not in outcome}
    total = sum(len(draw.keys) for draw in draws)
    tell("study", len(found), total)
    for outcomes in _run([left for draw in draws if (left := _left(draw, found)).keys], workers):
        for key, outcome in outcomes.items():
            store.keep(key, outcome)
            found[key] = outcome
        tell("study", len(found), total)
    return found


def _left(draw: Draw, found: dict[str, Any]) -> Draw:
    keys = {name: key for name, key in draw.keys.items() if key not in found}
    return Draw(draw.scenario, draw.repetition, draw.seed, draw.methods, keys)


def _run(draws: Sequence[Draw], workers: int) -> Iterator[dict[str, Outcome]]:
    if not draws:
        return
    calls = (
        delayed(with_registered(draw_outcomes))(
            draw.scenario.scene,
            draw.scenario.truth,
            {key: draw.methods[name] for name, key in draw.keys.items()},
            draw.seed,
        )
        for draw in draws
    )
    yield from in_processes(calls, min(workers, len(draws)), in_order=False)
