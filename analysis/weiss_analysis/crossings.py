"""T_c from the temperatures at which a dimensionless ratio (Binder's, xi/L) of pairs of sizes is the same.

K. Binder, Z. Phys. B 43, 119 (1981); xi/L: H. G. Ballesteros et al., Phys. Rev. B 62, 14237 (2000). Curves are
polynomials fitted in the window of the data; every fit is redone for each resample, so errors contain all
correlations between temperatures. Corrections to scaling L^-omega move the crossing of L and L' away from T_c by an amount
that is proportional to (L^-omega - L'^-omega) / (L'^(1/nu) - L^(1/nu)), or L^-(omega + 1/nu) at a fixed ratio of sizes.
"""
from dataclasses import dataclass

import numpy as np

from weiss_analysis.files import BadRequest

MOST_DEGREE = 4
ENOUGH = 0.5  # share of the resamples that must cross


@dataclass
class Crossing:
    small: int
    large: int
    temperature: float
    error: float
    value: float
    value_error: float
    share: float  # of the resamples that cross in the window
    resamples: np.ndarray  # temperatures; nan without a crossing


class Polynomials:
    """Weighted least squares of a curve and of all its resamples, around the centre of the window."""

    def __init__(self, curve, centre, degree):
        weight = 1 / np.maximum(curve.error, 1e-12)
        x = curve.temperature - centre
        design = np.vander(x, degree + 1) * weight[:, np.newaxis]
        solve = np.linalg.pinv(design) * weight
        self.value = solve @ curve.value
        self.resamples = curve.resamples @ solve.T


def _roots(small, large, low, high):
    """Crossings inside the window where the larger system is the steeper one, as below a transition into order."""
    difference = np.polysub(large, small)
    if not np.all(np.isfinite(difference)):
        return np.array([])
    roots = np.roots(difference)
    real = roots[np.abs(roots.imag) < 1e-9].real
    real = real[(real >= low) & (real <= high)]
    return real[np.polyval(np.polyder(difference), real) < 0]


def smooth(curve):
    """The fitted polynomial of a curve, for a figure."""
    low, high = curve.temperature[0], curve.temperature[-1]
    degree = min(MOST_DEGREE, len(curve.value) - 1)
    x = np.linspace(low, high, 201)
    return x, np.polyval(Polynomials(curve, (low + high) / 2, degree).value, x - (low + high) / 2)


def _nearest(roots, to):
    return np.nan if len(roots) == 0 else roots[np.argmin(np.abs(roots - to))]


def _cross(small_size, large_size, small, large):
    if min(len(small.value), len(large.value)) < 3:
        raise BadRequest("a crossing needs three temperatures a size")
    low = max(small.temperature[0], large.temperature[0])
    high = min(small.temperature[-1], large.temperature[-1])
    centre, half = (low + high) / 2, (high - low) / 2
    degree = min(MOST_DEGREE, len(small.value) - 1, len(large.value) - 1)
    a, b = Polynomials(small, centre, degree), Polynomials(large, centre, degree)
    t = _nearest(_roots(a.value, b.value, -half, half), 0.0)
    drawn = np.array([_nearest(_roots(p, q, -half, half), t) for p, q in zip(a.resamples, b.resamples)]
                     if np.isfinite(t) else [np.nan])
    good = np.isfinite(drawn)
    if np.mean(good) < ENOUGH:
        return None
    value = np.polyval(a.value, t)
    values = np.array([np.polyval(p, x) for p, x in zip(a.resamples[good], drawn[good])])
    return Crossing(small_size, large_size, t + centre, drawn[good].std(ddof=1), value, values.std(ddof=1),
                    np.mean(good), drawn + centre)


def crossings(curves):
    """Crossings of neighbouring sizes of {size: Curve}."""
    sizes = sorted(curves)
    if len(sizes) < 2:
        raise BadRequest(f"a crossing needs two sizes; there is {', '.join(map(str, sizes)) or 'none'}: sweep lattice.L")
    pairs = [_cross(a, b, curves[a], curves[b]) for a, b in zip(sizes, sizes[1:])]
    found = [pair for pair in pairs if pair is not None]
    if not found:
        raise BadRequest("the curves do not cross in the window of temperatures; widen it around T_c")
    return found


def best_estimate(found):
    """The largest pair; the drift between the last two pairs shows what is left of corrections to scaling."""
    drift = abs(found[-1].temperature - found[-2].temperature) if len(found) > 1 else 0.0
    return found[-1].temperature, found[-1].error, drift


def mean_of_pairs(found):
    """(T, error, chi^2, degrees of freedom): the plain mean, and how well one temperature fits all pairs.

    Neighbouring pairs share a size, which the covariance of the resamples knows. Weights from it would favour pairs
    that lie low by chance, and bias the mean by half of its error at a few hundred samples.
    """
    drawn = np.array([pair.resamples for pair in found])
    drawn = drawn[:, np.all(np.isfinite(drawn), axis=0)]
    values = np.array([pair.temperature for pair in found])
    inverse = np.linalg.pinv(np.atleast_2d(np.cov(drawn)))
    away = values - (inverse @ values).sum() / inverse.sum()
    return values.mean(), drawn.mean(axis=0).std(ddof=1), away @ inverse @ away, len(found) - 1


@dataclass
class Extrapolation:
    temperature: float
    error: float
    chi_square: float
    degrees_of_freedom: int


def extrapolated(found, omega, nu):
    """T_c and the amplitude of the shift from two pairs or more; errors from the resamples."""
    if len(found) < 2:
        return None
    small, large = np.array([(pair.small, pair.large) for pair in found], dtype=float).T
    shift = (small**-omega - large**-omega) / (large ** (1 / nu) - small ** (1 / nu))
    errors = np.array([pair.error for pair in found])
    columns = np.column_stack([np.ones(len(found)), shift])
    solve = np.linalg.pinv(columns / errors[:, np.newaxis]) / errors
    values = np.array([pair.temperature for pair in found])
    drawn = np.array([pair.resamples for pair in found])
    covariance = np.cov(drawn[:, np.all(np.isfinite(drawn), axis=0)])
    off = np.eye(len(found)) - columns @ solve
    residuals, freedom = off @ values, len(found) - 2
    inverse = np.linalg.pinv(off @ covariance @ off.T, rcond=1e-8, hermitian=True)
    return Extrapolation(solve[0] @ values, float(np.sqrt(solve[0] @ covariance @ solve[0])),
                         float(residuals @ inverse @ residuals) if freedom else 0.0, freedom)
