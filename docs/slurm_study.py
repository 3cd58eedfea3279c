"""A study on Slurm: ``python slurm_study.py STUDY.toml`` on a node that may submit jobs.

Needs ``pip install 'synthcohort[dask]' dask-jobqueue`` in an environment that all nodes see.
"""

from __future__ import annotations

import sys

from dask_jobqueue import SLURMCluster

import synthcohort as sc

WORKERS = 64

if __name__ == "__main__":
    # One thread a worker: its fits and its linear algebra are not threaded.
    cluster = SLURMCluster(
        cores=1,
        processes=1,
        memory="4GB",
        walltime="04:00:00",
        worker_extra_args=["--nthreads", "1"],
    )
    with cluster:
        cluster.scale(WORKERS)
        done = sc.study(sys.argv[1], scheduler=cluster.scheduler_address, workers=WORKERS)
    print(done.report)
