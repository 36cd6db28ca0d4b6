"""Quantiles of the normal distribution, the same to the last bit on every machine.

They are Wichura's (Algorithm AS 241, Applied Statistics 37, 1988, PPND16), which need nothing but the four operations, a
square root and a logarithm. Square roots are exact everywhere; logarithms differ between machines, so there is one here.
"""

from __future__ import annotations

from functools import cache
from math import frexp, sqrt

_LN_2 = 0.6931471805599453
_NEAR = (
    (2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457, 13731.693765509461125,
     1971.5909503065514427, 133.14166789178437745, 3.387132872796366608),
    (5226.495278852545925, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867, 5394.1960214247511077,
     687.1870074920579083, 42.313330701600911252, 1.0),
)  # fmt: skip
_FAR = (
    (7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177, 1.27045825245236838258,
     3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734),
    (1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.14810397642748007459,
     0.68976733498510000455, 1.6763848301838038494, 2.05319162663775882187, 1.0),
)  # fmt: skip
Fraction = tuple[tuple[float, ...], tuple[float, ...]]


@cache
def normal_quantiles(count: int) -> tuple[float, ...]:
    """The quantiles at (i + 1/2) / count for i from 0 on: rising, symmetric, of mean 0, and of a variance of nearly 1.
    ``count`` is even, and at most 100,000, as far out as what is used of the algorithm reaches."""
    upper = [_quantile((place + 0.5) / count) for place in range(count // 2, count)]
    return (*(-value for value in reversed(upper)), *upper)


def _quantile(share: float) -> float:
    """Of a share from 1/2 up to what lies 5 standard deviations out."""
    above = share - 0.5
    if above <= 0.425:
        return above * _ratio(_NEAR, 0.180625 - above * above)
    return _ratio(_FAR, sqrt(-natural_logarithm(1.0 - share)) - 1.6)


def _ratio(of: Fraction, at: float) -> float:
    top, bottom = 0.0, 0.0
    for upper, lower in zip(*of, strict=True):
        top, bottom = top * at + upper, bottom * at + lower
    return top / bottom


def natural_logarithm(number: float) -> float:
    """ln x of a number above 0, by 2 artanh((m - 1) / (m + 1)) of its mantissa m between 0.7 and 1.42."""
    mantissa, power = frexp(number)
    if mantissa < 0.7071067811865476:
        mantissa, power = 2 * mantissa, power - 1
    part = (mantissa - 1) / (mantissa + 1)
    square, total = part * part, 0.0
    for odd in range(27, 0, -2):
        total = total * square + 1 / odd
    return power * _LN_2 + 2 * part * total
