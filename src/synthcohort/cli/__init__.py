"""The command line: parses, calls, prints."""

from __future__ import annotations

import sys
import warnings
from typing import Any

from synthcohort.cli import run_commands, scene_commands
from synthcohort.cli.root_command import app

__all__ = ["app", "main", "run_commands", "scene_commands"]


def main() -> None:
    """Run the command line; wrong input ends with one line a fault and exit 2."""
    warnings.showwarning = _show_warning
    try:
        app()
    except KeyboardInterrupt:
        print("interrupted: nothing was written", file=sys.stderr)
        sys.exit(130)
    except Exception as error:
        # Imported where something failed, so that the others start at once.
        from synthcohort.scene.problems import SceneError

        if not isinstance(error, SceneError):
            raise
        print(error, file=sys.stderr)
        sys.exit(2)


def _show_warning(message: Warning | str, category: type[Warning], *_: Any, **__: Any) -> None:
    from synthcohort.scene.problems import SceneWarning

    prefix = "warning: " if issubclass(category, SceneWarning) else f"{category.__name__}: "
    print(f"{prefix}{message}", file=sys.stderr)
