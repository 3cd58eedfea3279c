"""What a library says of a broken file, as one clear line about that file."""

from __future__ import annotations

from synthcohort.cohort.files.table import fault, first_line
from synthcohort.machine.machine_error import MachineError
from synthcohort.scene import SceneError


def in_words_of_the_file(error: BaseException, source: str, kind: str) -> BaseException:
    """Turn whatever a library says of a broken file into one clear line."""
    if isinstance(error, SceneError | MachineError | MemoryError):
        return error
    if isinstance(error, UnicodeDecodeError):
        message = (
            f"is not {error.encoding}: byte {error.object[error.start]:#04x} at position "
            f"{error.start:,}; name its encoding, such as latin-1 or cp1252"
        )
        return fault(source, message)
    if isinstance(error, LookupError) and "encoding" in str(error):
        return fault(source, f"got an {first_line(error)}, allowed: an encoding that Python knows")
    if isinstance(error, OSError) and error.strerror:
        return fault(source, f"can't be read ({error.strerror})")
    # A panic of a Rust library is no ordinary exception.
    if isinstance(error, Exception) or type(error).__name__ == "PanicException":
        return fault(source, f"is not a readable {kind} file: {first_line(error)}")
    return error
