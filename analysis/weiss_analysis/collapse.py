"""Finite-size scaling: one curve for all sizes.

    R(T, L)   = F((T - T_c) L^(1/nu))                   R: xi/L or a Binder ratio, dimensionless
    chi(T, L) = L^(2 - eta) G((T - T_c) L^(1/nu))       chi: the spin-glass susceptibility

F and ln G are polynomials. For given T_c and 1/nu the rest is linear least squares, so that only these two are searched
(variable projection: G. H. Golub, V. Pereyra, SIAM J. Numer. Anal. 10, 413 (1973)); eta follows from chi at the T_c and
nu of R. How such collapses are judged: H. G. Katzgraber, M. Koerner, A. P. Young, Phys. Rev. B 73, 224432 (2006).

Points of one size are correlated between temperatures. Each fit is therefore repeated on fitted curve + (resample -
data): the spread of the parameters is their error, and the share of repeated fits with a larger chi^2 the p-value,
whatever the correlations. chi^2 itself is the plain sum over points.
"""
from dataclasses import dataclass, field

import numpy as np
from numpy.polynomial import chebyshev
from scipy.optimize import least_squares

from weiss_analysis import bootstrap
from weiss_analysis.files import BadRequest

DEGREES = range(3, 7)
CHOICES_OF_NU = (0.5, 0.7, 1.0, 1.4, 2.0, 2.8, 4.0)


@dataclass
class Points:
    """All sizes in one row."""
    size: np.ndarray
    temperature: np.ndarray
    value: np.ndarray
    error: np.ndarray
    resamples: np.ndarray

    @staticmethod
    def of(curves):
        parts = [(np.full(len(c.value), float(size)), c.temperature, c.value, c.error) for size, c in curves.items()]
        size, temperature, value, error = [np.concatenate(column) for column in zip(*parts)]
        error = np.maximum(error, 1e-9 * np.max(np.abs(value)))
        return Points(size, temperature, value, error, np.concatenate([c.resamples for c in curves.values()], axis=1))

    def without(self, size):
        keep = self.size != size
        return Points(self.size[keep], self.temperature[keep], self.value[keep], self.error[keep],
                      self.resamples[:, keep])


@dataclass
class Fit:
    """Values, bootstrap errors and the repeated fits behind them."""
    parameters: dict
    errors: dict
    draws: dict
    chi_square: float
    degrees_of_freedom: int
    p_value: float
    degree: int
    fitted: np.ndarray  # at the points
    systematic: dict = field(default_factory=dict)  # change without the smallest size


def scaled(size, temperature, t_c, inverse_nu):
    return (temperature - t_c) * size**inverse_nu


def _design(x, degree, extra):
    """Columns of the linear part; Chebyshev polynomials on the range of x keep it well conditioned."""
    low, high = x.min(), x.max()
    columns = chebyshev.chebvander((2 * x - low - high) / (high - low), degree)
    return columns if extra is None else np.column_stack([columns, extra])


def _projected(points, x, degree, extra, value):
    """(linear coefficients, fitted values) of the best curve at given x."""
    design = _design(x, degree, extra)
    coefficients = np.linalg.lstsq(design / points.error[:, np.newaxis], value / points.error, rcond=None)[0]
    return coefficients, design @ coefficients


def _search(points, degree, value, start):
    """T_c and 1/nu of the least chi^2, from a start."""
    def residuals(p):
        x = scaled(points.size, points.temperature, *p)
        return (value - _projected(points, x, degree, None, value)[1]) / points.error

    spread = np.ptp(points.temperature)
    bounds = ([points.temperature.min() - spread, 0.02], [points.temperature.max() + spread, 10.0])
    return least_squares(residuals, np.clip(start, np.array(bounds[0]) + 1e-9, np.array(bounds[1]) - 1e-9),
                         bounds=bounds, x_scale=(0.1 * spread, 0.1), xtol=1e-7, ftol=1e-9, gtol=1e-9)


def _starts(points):
    for t_c in np.linspace(points.temperature.min(), points.temperature.max(), 9)[1:-1]:
        for nu in CHOICES_OF_NU:
            yield np.array([t_c, 1 / nu])


def _best_start(points, degree):
    def chi_square(p):
        x = scaled(points.size, points.temperature, *p)
        fitted = _projected(points, x, degree, None, points.value)[1]
        return np.sum(((points.value - fitted) / points.error) ** 2)

    return sorted(_starts(points), key=chi_square)[:3]


def _fit_of(points, degree):
    found = [_search(points, degree, points.value, start) for start in _best_start(points, degree)]
    return min(found, key=lambda result: result.cost)


def choose_degree(points):
    """The degree with the smallest chi^2 + 2 parameters (H. Akaike, IEEE Trans. Autom. Control 19, 716 (1974))."""
    possible = [degree for degree in DEGREES if degree + 3 < len(points.value)]
    if not possible:
        raise BadRequest(f"a collapse needs at least {DEGREES[0] + 4} points; there are {len(points.value)}")
    return min(possible, key=lambda degree: 2 * _fit_of(points, degree).cost + 2 * degree)


def require_sizes(curves):
    """Of {size: Curve}."""
    if len(curves) < 2:
        raise BadRequest(f"a collapse needs two sizes; there is {', '.join(map(str, curves)) or 'none'}: sweep lattice.L")


def _p_value(chi_square, drawn):
    return (1 + np.count_nonzero(drawn >= chi_square)) / (1 + len(drawn))


def fit_ratio(points, degree=None):
    """T_c and nu of a dimensionless ratio."""
    if degree is None:
        degree = choose_degree(points)
    if not 1 <= degree <= len(points.value) - 4:
        raise BadRequest(f"--degree must be between 1 and {len(points.value) - 4}, the points less four")
    best = _fit_of(points, degree)
    x = scaled(points.size, points.temperature, *best.x)
    fitted = _projected(points, x, degree, None, points.value)[1]
    repeated = [_search(points, degree, fitted + draw - points.value, best.x) for draw in points.resamples]
    chi_squares = np.array([2 * result.cost for result in repeated])
    draws = {"T_c": np.array([result.x[0] for result in repeated]),
             "nu": np.array([1 / result.x[1] for result in repeated])}
    return Fit({"T_c": best.x[0], "nu": 1 / best.x[1]}, {key: bootstrap.spread(value) for key, value in draws.items()},
               draws, 2 * best.cost, len(points.value) - degree - 3, _p_value(2 * best.cost, chi_squares), degree, fitted)


def _eta_of(points, value, t_c, nu, degree):
    """(eta, fitted values, chi^2) at given T_c and nu."""
    x = scaled(points.size, points.temperature, t_c, 1 / nu)
    coefficients, fitted = _projected(points, x, degree, np.log(points.size), value)
    return 2 - coefficients[-1], fitted, np.sum(((value - fitted) / points.error) ** 2)


def logarithm(points):
    """ln chi, with errors of the logarithm."""
    return Points(points.size, points.temperature, np.log(points.value), points.error / points.value,
                  np.log(np.maximum(points.resamples, 1e-300)))


def fit_susceptibility(points, ratio, degree=None):
    """eta of a susceptibility (its logarithm as points) at the T_c and nu of a fit of a ratio."""
    t_c, nu = ratio.parameters["T_c"], ratio.parameters["nu"]
    if degree is None:
        possible = [d for d in DEGREES if d + 2 < len(points.value)]
        degree = min(possible, key=lambda d: _eta_of(points, points.value, t_c, nu, d)[2] + 2 * d)
    eta, fitted, chi_square = _eta_of(points, points.value, t_c, nu, degree)
    repeated = [_eta_of(points, fitted + draw - points.value, t, n, degree)
                for draw, t, n in zip(points.resamples, ratio.draws["T_c"], ratio.draws["nu"])]
    draws = {"eta": np.array([each[0] for each in repeated])}
    chi_squares = np.array([each[2] for each in repeated])
    return Fit({"eta": eta}, {"eta": bootstrap.spread(draws["eta"])}, draws, chi_square,
               len(points.value) - degree - 2, _p_value(chi_square, chi_squares), degree, fitted)


def add_systematic(ratio_points, ratio, chi_points=None, chi=None):
    """What the parameters change by without the smallest size; nothing where two sizes are all there are."""
    sizes = np.unique(ratio_points.size)
    if len(sizes) < 3:
        return
    t_c, inverse_nu = _fit_of(ratio_points.without(sizes[0]), ratio.degree).x
    ratio.systematic = {"T_c": abs(ratio.parameters["T_c"] - t_c), "nu": abs(ratio.parameters["nu"] - 1 / inverse_nu)}
    if chi is not None:
        rest = chi_points.without(sizes[0])
        eta = _eta_of(rest, rest.value, t_c, 1 / inverse_nu, chi.degree)[0]
        chi.systematic = {"eta": abs(chi.parameters["eta"] - eta)}
