"""The folder of what is kept between processes: compiled code, remembered results, logs."""

from __future__ import annotations

import os
from pathlib import Path

CACHE = "SYNTHCOHORT_CACHE"
"""Environment variable that names it."""


def kept_folder() -> Path:
    """Return the folder, the platform's own for caches unless named; it need not be there."""
    from platformdirs import user_cache_dir

    return Path(os.environ.get(CACHE) or user_cache_dir("synthcohort", appauthor=False))
