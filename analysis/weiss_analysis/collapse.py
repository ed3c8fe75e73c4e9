"""Finite-size scaling: one curve for all sizes, and what small sizes lack.

    R(T, L)      = F(u) + L^-omega G(u) + L^(-2 omega) G2              R: xi/L or a Binder ratio, dimensionless
    ln chi(T, L) = (2 - eta) ln b + H(u) + L^-omega K(u) + a(T)        chi: the spin-glass susceptibility

    extended:  b = L T,  u = (L T / T_c)^(1/nu) (1 - (T_c / T)^2)     couplings of either sign
    plain:     b = L,    u = L^(1/nu) (T - T_c)

The extended variables hold far above T_c, where the plain ones fail: I. A. Campbell, K. Hukushima, H. Takayama, Phys.
Rev. Lett. 97, 117202 (2006). Near T_c both are the same. The leading irrelevant operator gives L^-omega, the scaling field
of the magnetic perturbation a(T): M. Hasenbusch, A. Pelissetto, E. Vicari, Phys. Rev. B 78, 214205 (2008). F, G, H, K and
a are polynomials, G2 a number, all of them of each ratio, with T_c and nu shared. Given T_c and nu the rest is linear least
squares, so that only these are searched (variable projection: G. H. Golub, V. Pereyra, SIAM J. Numer. Anal. 10, 413
(1973)).

Points of one size come from the same samples: chi^2 has their full covariance, so that it tells the quality of a fit.
"""
from dataclasses import dataclass

import numpy as np
from numpy.polynomial import chebyshev
from scipy.linalg import block_diag
from scipy.optimize import least_squares
from scipy.stats import chi2

from weiss_analysis import covariance
from weiss_analysis.files import BadRequest

CHOICES_OF_NU = (0.5, 0.7, 1.0, 1.4, 2.0, 2.8, 4.0)


@dataclass
class Points:
    """All observables, sizes and temperatures in one row."""
    names: tuple
    observable: np.ndarray  # which of the names
    size: np.ndarray
    temperature: np.ndarray
    value: np.ndarray
    covariance: np.ndarray
    weights: np.ndarray  # the covariance that weighs a fit

    @staticmethod
    def of(curves):
        """Of {name: {size: Curve}}, the same sizes for all."""
        names = tuple(curves)
        columns, true, shrunk = [], [], []
        for size in curves[names[0]]:
            pieces = [curves[name][size] for name in names]
            columns += [(np.full(len(c.value), i), np.full(len(c.value), float(size)), c.temperature, c.value)
                        for i, c in enumerate(pieces)]
            for kept, block in zip((true, shrunk), covariance.shrunk(covariance.stacked(pieces))):
                kept.append(block)
        return Points(names, *[np.concatenate(column) for column in zip(*columns)], block_diag(*true),
                      block_diag(*shrunk))

    def where(self, inside):
        grid = np.ix_(inside, inside)
        return Points(self.names, self.observable[inside], self.size[inside], self.temperature[inside],
                      self.value[inside], self.covariance[grid], self.weights[grid])

    def only(self, names):
        """Of these observables."""
        numbers = [self.names.index(name) for name in names]
        part = self.where(np.isin(self.observable, numbers))
        part.names, part.observable = tuple(names), np.array([numbers.index(i) for i in part.observable])
        return part

    @property
    def error(self):
        return np.sqrt(np.diag(self.covariance))

    def sizes(self):
        return np.unique(self.size)


@dataclass(frozen=True)
class Model:
    degree: int
    correction: int  # degree of G and K; -1 without
    omega: float
    extended: bool
    second: bool = False  # with G2
    field: int = 0  # degree of a(T)

    def columns(self):
        """Of one observable."""
        return self.degree + self.correction + 2 + self.second

    def base(self, points):
        return points.size * points.temperature if self.extended else points.size

    def scaled(self, size, temperature, t_c, inverse_nu):
        if not self.extended:
            return (temperature - t_c) * size**inverse_nu
        return (size * temperature / t_c) ** inverse_nu * (1 - (t_c / temperature) ** 2)


@dataclass
class Fit:
    """One model on some points."""
    model: Model
    points: Points
    parameters: np.ndarray  # T_c, 1/nu and, where it is fitted, omega
    estimator: np.ndarray  # parameters x points: derivatives by the data
    chi_square: float
    degrees_of_freedom: int
    fitted: np.ndarray
    correction: np.ndarray  # the part of `fitted` that small sizes lack

    @property
    def p_value(self):
        return float(chi2.sf(self.chi_square, self.degrees_of_freedom))

    @property
    def errors(self):
        """Of T_c and nu, from the covariance of the data."""
        t_c, inverse_nu = np.sqrt(np.diag(self.estimator @ self.points.covariance @ self.estimator.T))[:2]
        return np.array([t_c, inverse_nu / self.parameters[1] ** 2])

    @property
    def t_c_and_nu(self):
        return np.array([self.parameters[0], 1 / self.parameters[1]])


def information(fit, all_points):
    """chi^2 + 2 parameters + 2 points left out: smaller is better (W. I. Jay, E. T. Neil, Phys. Rev. D 103, 114502 (2021)).
    """
    parameters = len(fit.points.value) - fit.degrees_of_freedom
    return fit.chi_square + 2 * parameters + 2 * (all_points - len(fit.points.value))


def design(points, model, parameters):
    """(columns of F, columns of L^-omega G) of all observables at given T_c, 1/nu (and omega)."""
    omega = parameters[2] if len(parameters) > 2 else model.omega
    x = model.scaled(points.size, points.temperature, *parameters[:2])
    low, high = x.min(), x.max()  # Chebyshev polynomials on this range keep the columns well conditioned
    powers = chebyshev.chebvander((2 * x - low - high) / (high - low), max(model.degree, model.correction))
    here = [(points.observable == i)[:, np.newaxis] for i in range(len(points.names))]
    leading = np.hstack([powers[:, :model.degree + 1] * each for each in here])
    shrinking = powers[:, :model.correction + 1] * points.size[:, np.newaxis] ** -omega
    if model.second:
        shrinking = np.column_stack([shrinking, points.size ** (-2 * omega)])
    return leading, np.hstack([shrinking * each for each in here])


def bounds_of(points, free):
    low, high = points.temperature.min(), points.temperature.max()
    return ([max(0.2 * low, 1.5 * low - 0.5 * high), 0.1, *[0.2] * free], [1.5 * high - 0.5 * low, 5.0, *[5.0] * free])


def _starts(points):
    for t_c in np.linspace(points.temperature.min(), points.temperature.max(), 9)[1:-1]:
        for nu in CHOICES_OF_NU:
            yield np.array([t_c, 1 / nu])


def _estimator(points, model, parameters, whitener, coefficients):
    """How T_c, 1/nu (and omega) follow changes of the data, to first order."""
    def curve(p):
        return np.hstack(design(points, model, p)) @ coefficients

    slopes = []
    for i, step in enumerate(1e-5 * np.maximum(np.abs(parameters), 0.1)):
        shift = np.eye(len(parameters))[i] * step
        slopes.append((curve(parameters + shift) - curve(parameters - shift)) / (2 * step))
    tangent = np.column_stack([*slopes, np.hstack(design(points, model, parameters))])
    return (np.linalg.pinv(whitener @ tangent) @ whitener)[:len(parameters)]


def fit_ratio(points, model, start=None, fit_omega=False):
    """The best T_c and nu of a model; None without a free point, or where the search runs into its bounds."""
    count = len(points.names) * model.columns() + 2 + fit_omega
    if count >= len(points.value):
        return None
    whitener = covariance.whitening(points.weights)
    target = whitener @ points.value

    def residuals(p):
        columns = whitener @ np.hstack(design(points, model, p))
        return target - columns @ np.linalg.lstsq(columns, target, rcond=None)[0]

    omega = [model.omega] * fit_omega
    starts = [start] if start is not None else sorted(
        (np.array([*each, *omega]) for each in _starts(points)), key=lambda p: np.sum(residuals(p) ** 2))[:3]
    low, high = np.array(bounds_of(points, int(fit_omega)))
    found = min((least_squares(residuals, np.clip(each, low * 1.0001, high * 0.9999), bounds=(low, high), xtol=1e-7,
                               x_scale=[0.1 * np.ptp(points.temperature), 0.1, *[0.3] * fit_omega], ftol=1e-8)
                 for each in starts), key=lambda result: result.cost)
    if np.any(found.active_mask):
        return None
    leading, shrinking = design(points, model, found.x)
    columns = np.hstack([leading, shrinking])
    coefficients = np.linalg.lstsq(whitener @ columns, target, rcond=None)[0]
    return Fit(model, points, found.x, _estimator(points, model, found.x, whitener, coefficients), 2 * found.cost,
               len(points.value) - count, columns @ coefficients, shrinking @ coefficients[leading.shape[1]:])


@dataclass
class SusceptibilityFit:
    model: Model
    points: Points
    eta: float
    by_data: np.ndarray  # derivatives of eta by ln chi
    by_ratio: np.ndarray  # and by T_c, 1/nu (and omega)
    chi_square: float
    degrees_of_freedom: int
    fitted: np.ndarray
    correction: np.ndarray  # parts of `fitted`
    field: np.ndarray

    @property
    def p_value(self):
        return float(chi2.sf(self.chi_square, self.degrees_of_freedom))


def fit_susceptibility(points, model, parameters):
    """eta of points of ln chi at the parameters of a fit of ratios; None without a free point."""
    count = model.columns() + model.field + 1
    if count >= len(points.value):
        return None
    whitener = covariance.whitening(points.weights)

    def solve(p):
        leading, shrinking = design(points, model, p)
        field = (points.temperature / p[0] - 1)[:, np.newaxis] ** np.arange(1, model.field + 1)
        columns = np.column_stack([np.log(model.base(points)), leading, field, shrinking])
        inverse = np.linalg.pinv(whitener @ columns) @ whitener
        return columns, inverse, inverse @ points.value

    columns, inverse, coefficients = solve(parameters)
    steps = 1e-5 * np.eye(len(parameters))
    slopes = [(solve(parameters + step)[2][0] - solve(parameters - step)[2][0]) / 2e-5 for step in steps]
    fitted = columns @ coefficients
    magnetic = slice(model.degree + 2, model.degree + 2 + model.field)
    shrinking = slice(model.degree + model.field + 2, None)
    return SusceptibilityFit(model, points, 2 - coefficients[0], -inverse[0], -np.array(slopes),
                             float(np.sum((whitener @ (points.value - fitted)) ** 2)), len(points.value) - count,
                             fitted, columns[:, shrinking] @ coefficients[shrinking],
                             columns[:, magnetic] @ coefficients[magnetic])


def logarithm(curve):
    """ln of a curve of positive values, with its errors."""
    return type(curve)(curve.temperature, np.log(curve.value), curve.error / curve.value,
                       np.log(np.maximum(curve.resamples, 1e-300)),
                       {source: rows / curve.value for source, rows in curve.deviations.items()})


def require_sizes(curves):
    """Of {size: Curve}."""
    if len(curves) < 2:
        there = ", ".join(map(str, curves)) or "none"
        raise BadRequest(f"a collapse needs two sizes; there is {there}: sweep lattice.L")
