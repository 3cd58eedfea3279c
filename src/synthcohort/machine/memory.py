"""How much memory there is for us: the machine's, the container's, or what a limit leaves."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_CGROUPS = Path("/sys/fs/cgroup")
_NO_LIMIT = 1 << 60


def available_memory() -> int | None:
    """Bytes that this process may still take; None where nobody tells.

    The least of what the machine has free, what the limits of the control groups around this
    process leave (a container's, a Slurm job's), and what is left of its address space.
    """
    return min([*_of_machine(), *_of_groups(), *_of_address_space()], default=None)


def said_memory() -> str:
    """Say in words how much there is."""
    free = available_memory()
    return "how much there is could not be found out" if free is None else f"{in_words(free)} left"


def in_words(size: float) -> str:
    """Write bytes for people.

    Examples
    --------
    >>> in_words(6.5e9), in_words(3e5)
    ('6.5 GB', '0.3 MB')
    """
    for unit, factor in (("EB", 1e18), ("TB", 1e12), ("GB", 1e9)):
        if size >= factor:
            return f"{size / factor:,.1f} {unit}"
    return f"{size / 1e6:,.1f} MB"


def _of_machine() -> Iterator[int]:
    with suppress(OSError, ValueError):
        for line in Path("/proc/meminfo").read_text().splitlines():
            if line.startswith("MemAvailable:"):
                yield int(line.split()[1]) * 1024
                return
    with suppress(OSError, ValueError, AttributeError):
        yield os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def _of_groups() -> Iterator[int]:
    """Control groups of version 2 and of version 1, each with the groups around it."""
    with suppress(OSError):
        for line in Path("/proc/self/cgroup").read_text().splitlines():
            _, controllers, path = line.split(":", 2)
            if controllers == "":
                yield from _left(_CGROUPS, path, "memory.max", "memory.current")
            elif "memory" in controllers.split(","):
                names = ("memory.limit_in_bytes", "memory.usage_in_bytes")
                yield from _left(_CGROUPS / "memory", path, *names)


def _left(root: Path, path: str, limit: str, used: str) -> Iterator[int]:
    folder = root / path.lstrip("/")
    # In a container the path is the host's: then the root is our own group.
    for place in (folder, *folder.parents):
        if not place.is_relative_to(root):
            return
        with suppress(OSError, ValueError):
            most = int((place / limit).read_text())
            if most < _NO_LIMIT:
                yield most - int((place / used).read_text()) + _reclaimable(place)


def _reclaimable(group: Path) -> int:
    """Bytes of files that the system keeps only for as long as there is room."""
    with suppress(OSError, ValueError):
        for line in (group / "memory.stat").read_text().splitlines():
            name, _, value = line.partition(" ")
            if name in ("inactive_file", "total_inactive_file"):
                return int(value)
    return 0


def _of_address_space() -> Iterator[int]:
    try:
        import resource
    except ImportError:  # Windows
        return
    with suppress(OSError, ValueError):
        most = resource.getrlimit(resource.RLIMIT_AS)[0]
        if most != resource.RLIM_INFINITY:
            pages = int(Path("/proc/self/statm").read_text().split()[0])
            yield most - pages * os.sysconf("SC_PAGE_SIZE")
