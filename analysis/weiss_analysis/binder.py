"""T_c from the crossings of the Binder ratio (or xi/L) of pairs of sizes, errors by bootstrap over the error bars.

K. Binder, Z. Phys. B 43, 119 (1981). Curves are interpolated by weighted polynomials in the window of the data.
"""
import numpy as np

from weiss_analysis.files import BadRequest

SAMPLES = 400


def _fit(x, y, error, degree):
    return np.polyfit(x, y, degree, w=1 / np.maximum(error, 1e-12))


def _crossing(a, b, low, high):
    """The crossing nearest the middle of the common window; nan without one."""
    difference = np.polysub(a, b)
    roots = np.roots(difference)
    real = roots[np.abs(roots.imag) < 1e-9].real
    real = real[(real >= low) & (real <= high)]
    return np.nan if len(real) == 0 else real[np.argmin(np.abs(real - (low + high) / 2))]


def crossings(curves, seed=1):
    """[(L1, L2, T, error of T, U at the crossing, error)] for neighbouring sizes."""
    sizes = sorted(curves, key=float)
    if len(sizes) < 2:
        raise BadRequest("a crossing needs two sizes: sweep lattice.L")
    random = np.random.default_rng(seed)
    found = []
    for small, large in zip(sizes, sizes[1:]):
        x1, y1, e1 = curves[small]
        x2, y2, e2 = curves[large]
        if min(len(x1), len(x2)) < 3:
            raise BadRequest("a crossing needs three temperatures a size")
        low, high = max(x1.min(), x2.min()), min(x1.max(), x2.max())
        centre = (low + high) / 2
        degree = min(4, len(x1) - 1, len(x2) - 1)

        def estimate(v1, v2):
            a, b = _fit(x1 - centre, v1, e1, degree), _fit(x2 - centre, v2, e2, degree)
            t = _crossing(a, b, low - centre, high - centre)
            return t + centre, (np.polyval(a, t) + np.polyval(b, t)) / 2

        t, u = estimate(y1, y2)
        resampled = np.array([estimate(random.normal(y1, e1), random.normal(y2, e2)) for _ in range(SAMPLES)])
        good = resampled[np.isfinite(resampled[:, 0])]
        if not np.isfinite(t) or len(good) < SAMPLES / 2:
            continue
        found.append((small, large, t, good[:, 0].std(ddof=1), u, good[:, 1].std(ddof=1)))
    if not found:
        raise BadRequest("the curves do not cross in the window of temperatures; widen it around T_c")
    return found


def best_estimate(found):
    """The largest pair, its systematic uncertainty taken from the drift between the last two pairs."""
    t, error = found[-1][2], found[-1][3]
    drift = abs(found[-1][2] - found[-2][2]) if len(found) > 1 else 0.0
    return t, error, drift
