"""Numbers and labels as short texts that a browser unpacks by itself."""

from __future__ import annotations

import base64
import json
import math
import zlib
from typing import Any

import numpy as np

Array = np.ndarray


def packed_json(content: Any) -> str:
    """Deflate JSON, in which a missing number is null, and write it as base64."""
    text = json.dumps(_plain(content), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return _packed(text.encode())


def packed_codes(codes: Array) -> str:
    """Pack a table of codes whose rows are nearly sorted.

    Parameters
    ----------
    codes : ndarray of int, shape (n, columns)
        0 to 65,535.

    Returns
    -------
    str
        Base64 of two planes of bytes, the low and the high ones; in each, column after column
        as differences modulo 256 from row to row.
    """
    wide = codes.astype(np.uint16).T
    low, high = (wide & 255).astype(np.uint8), (wide >> 8).astype(np.uint8)
    planes = [np.diff(plane, axis=1, prepend=np.uint8(0)) for plane in (low, high)]
    return _packed(b"".join(plane.tobytes() for plane in planes))


def _packed(content: bytes) -> str:
    return base64.b64encode(zlib.compress(content, 9)).decode("ascii")


def rounded(values: Any, digits: int = 6) -> list[float | None]:
    """Return numbers as short as JSON can have them; None where one is missing.

    Examples
    --------
    >>> rounded([0.123456789, 2.0, float("nan")])
    [0.123457, 2, None]
    """
    return [_short(float(v), digits) for v in np.asarray(values, dtype=float).ravel()]


def _short(value: float, digits: int) -> float | None:
    if not math.isfinite(value):
        return None
    short = round(value, digits)
    return int(short) if short == int(short) else short


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value
