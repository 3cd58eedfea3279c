"""Work that the machine could not do, though nothing was wrong with what was asked."""

from __future__ import annotations


class MachineError(RuntimeError):
    """A full disk, too little memory, a worker process that was killed: exit 1.

    The message is one sentence. Whoever knows what was kept, and how to go on, adds it with
    `add_note` while the error passes; so too for a `KeyboardInterrupt`. The command line
    prints the message and then each note.
    """


class MachineWarning(UserWarning):
    """The machine does less than it could, such as keeping no compiled code."""
