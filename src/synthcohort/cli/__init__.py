"""The command line: parses, calls, prints."""

from __future__ import annotations

import sys

from synthcohort.cli import run_commands, scene_commands, study_commands
from synthcohort.cli.root_command import Interrupted, app
from synthcohort.cli.terminal_warnings import warnings_in_words
from synthcohort.machine.ending_signals import signals_as_interrupts
from synthcohort.machine.written_files import forget_output

__all__ = ["app", "main", "run_commands", "scene_commands", "study_commands"]

_DEBUG = "--debug"


def main() -> None:
    """Run the command line; whatever fails ends with one line, and its exit code."""
    debug = _DEBUG in sys.argv[1:]
    arguments = [one for one in sys.argv[1:] if one != _DEBUG]
    with warnings_in_words(raw=debug), signals_as_interrupts():
        try:
            try:
                app(arguments)
            finally:
                sys.stdout.flush()
        except BrokenPipeError:  # whoever reads our output has enough
            forget_output()
            sys.exit(1)
        except (Exception, Interrupted) as error:
            _end(error.__cause__ or error if isinstance(error, Interrupted) else error, debug)


def _end(error: BaseException, debug: bool) -> None:
    # Imported where something failed, so that the others start at once.
    from synthcohort.cli.failure_report import report_failure

    if debug:
        import traceback

        traceback.print_exception(error)
    sys.exit(report_failure(error))
