"""Run a scene module by the command that researchers know: the same as ``synthcohort run``."""

import argparse
import sys

from synthcohort.cli import main

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--scene", required=True, help="dotted module, such as scenes.scene_example"
    )
    parser.add_argument("--outroot", default="runs", help="folder for the run folders")
    known, others = parser.parse_known_args()
    sys.argv = ["synthcohort", "run", known.scene, "--out", known.outroot, *others]
    main()
