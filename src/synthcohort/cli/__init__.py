"""The command line: parses, calls, prints."""

from __future__ import annotations

import sys
import warnings
from typing import Any

from synthcohort.cli import run_commands, scene_commands
from synthcohort.cli.app import app

__all__ = ["app", "main", "run_commands", "scene_commands"]


def main() -> None:
    """Run the command line; wrong input ends with one line a fault and exit 2."""
    from synthcohort.scene.problems import SceneError, SceneWarning

    def show_warning(message: Warning | str, category: type[Warning], *_: Any, **__: Any) -> None:
        prefix = "warning: " if issubclass(category, SceneWarning) else f"{category.__name__}: "
        print(f"{prefix}{message}", file=sys.stderr)

    warnings.showwarning = show_warning
    try:
        app()
    except SceneError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        print("interrupted: nothing was written", file=sys.stderr)
        sys.exit(130)
