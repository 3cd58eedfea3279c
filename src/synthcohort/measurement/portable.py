"""The exponential function, with the same last bit on every machine."""

from __future__ import annotations

import math

import numpy as np

Array = np.ndarray


_LOG2_HIGH = 0.693147180369123816490  # the leading bits of log 2, so that k times it is exact
_LOG2_LOW = 1.90821492927058770002e-10
_TAYLOR = [1 / math.factorial(k) for k in range(14)]


def exp(x: Array) -> Array:
    """Exponential by additions and multiplications alone, which IEEE 754 fixes to the last bit.

    NumPy's own differs in the last bit between processors, and the same scene must give the
    same bytes everywhere.

    Parameters
    ----------
    x : ndarray

    Returns
    -------
    ndarray
        Within 2 units in the last place; below -708 and above 709 that of the limit.

    Examples
    --------
    >>> exp(np.array([0.0, 1.0])).round(12).tolist()
    [1.0, 2.718281828459]
    """
    x = np.clip(x, -708.0, 709.0)
    power = np.rint(x / math.log(2))
    rest = (x - power * _LOG2_HIGH) - power * _LOG2_LOW
    result = np.full_like(rest, _TAYLOR[-1])
    for coefficient in reversed(_TAYLOR[:-1]):
        result *= rest
        result += coefficient
    return np.asarray(np.ldexp(result, power.astype(np.int32)))
