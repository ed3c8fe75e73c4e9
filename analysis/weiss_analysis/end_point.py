"""Where a first-order transition of a mean-field theory ends: the surface of its solutions and its cusp.

D(U) is steeper and steeper towards the end point and jumps below it, with mean-field exponents (G. Kotliar, E. Lange, M. J.
Rozenberg, Phys. Rev. Lett. 84, 5180 (2000)), but U is a smooth function of D and of the temperature T (arXiv:cond-mat/0105504).
It is fitted as a polynomial in x = ln(1 + k z)/k, z = D between -1 and 1, with k
fitted too, since the insulator's end of the curve is far steeper than the metal's; its coefficients are parabolas in T. The
smallest -dU/dD of a temperature is one over the steepest slope: positive where there is one solution, 0 at the end point
(dU/dx = d2U/dx2 = 0), negative between two branches.

Fits of different degree, window of D and temperatures are averaged, weighted by their errors; their spread adds to the error.
"""
import warnings
from dataclasses import dataclass, field

import numpy as np
from numpy.polynomial import polynomial as power
from scipy.optimize import minimize_scalar

ORDER = 2  # of the coefficients in T
DEGREES, WINDOWS = (4, 5), (1.0, 0.7, 0.5)
JUMP = 0.05  # branches differ by this part of D
BELOW = 1.75  # how far down in t an end point is looked for; -1 is the lowest temperature
FEWEST = 1.5  # distinct points a coefficient


@dataclass
class Points:
    """Solutions: one entry a task."""
    temperature: np.ndarray
    interaction: np.ndarray
    value: np.ndarray  # D
    error: np.ndarray
    falling: np.ndarray  # of the branch that came from the insulator
    enough: np.ndarray  # samples for the error to be believed

    def those(self, chosen):
        return Points(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))

    def temperatures(self):
        return np.unique(self.temperature)

    def distinct(self):
        """How many there are where both branches found the same solution counts once."""
        coarse = np.round(self.value / (JUMP * self.value.mean()))
        return len(set(zip(self.temperature, self.interaction, coarse)))


class Surface:
    """U(x, t) of points; t = -1 .. 1 over their temperatures, z = -1 .. 1 over their D."""

    def __init__(self, points, degree):
        low, high = points.value.min(), points.value.max()
        self.middle, self.half = (low + high) / 2, (high - low) / 2
        temperatures = points.temperatures()
        self.centre, self.span = (temperatures[0] + temperatures[-1]) / 2, np.ptp(temperatures) / 2
        self.z, self.t = (points.value - self.middle) / self.half, (points.temperature - self.centre) / self.span
        self.degree = degree
        self._fit(points)

    def _solve(self, k, weights, interaction):
        """(coefficients, weighted residuals, weighted matrix)"""
        matrix = power.polyvander2d(stretched(self.z, k), self.t, (self.degree, ORDER)) * weights[:, None]
        coefficients = np.linalg.lstsq(matrix, weights * interaction, rcond=1e-12)[0]
        return coefficients, matrix @ coefficients - weights * interaction, matrix

    def _fit(self, points):
        noisy = bool(np.any(points.error > 0))
        weights = np.ones(len(points.value))
        for _ in range(4 if noisy else 1):
            self.k = _best_stretch(lambda k: np.sum(self._solve(k, weights, points.interaction)[1]**2))
            coefficients, residuals, matrix = self._solve(self.k, weights, points.interaction)
            self.coefficients = coefficients.reshape(self.degree + 1, ORDER + 1)
            if noisy:  # an error of D is one of U along the slope; nowhere less than the usual one
                errors = np.abs(self.inverse_slope(self.z, self.t)) * points.error
                weights = 1 / np.maximum(errors, np.median(errors))
        chi_squared = np.sum(residuals**2) / (len(residuals) - len(coefficients) - 1)
        self.covariance = np.linalg.pinv(matrix.T @ matrix) * (max(chi_squared, 1) if noisy else chi_squared)

    def derivative(self, x, t, of_x=0, of_t=0):
        """Of U, at places x and one t or as many."""
        coefficients = self.coefficients
        for _ in range(of_x):
            coefficients = _derived(coefficients)
        at_t = coefficients.T
        for _ in range(of_t):
            at_t = _derived(at_t)
        return power.polyval(x, power.polyval(t, at_t), tensor=False)

    def inverse_slope(self, z, t):
        """-dU/dD"""
        return -self.derivative(stretched(z, self.k), t, 1) / (1 + self.k * z) / self.half

    def steepest(self, t):
        """(z, -dU/dD) where D(U) is steepest; NaN if at the margin of the fit."""
        z = np.linspace(-0.93, 0.93, 401)
        slopes = self.inverse_slope(z, t)
        best = int(np.argmin(slopes))
        return (z[best], slopes[best]) if 0 < best < len(z) - 1 else (np.nan, np.nan)

    def isotherm(self, temperature):
        """(U, -dU/dD) of steepest slope."""
        t = (temperature - self.centre) / self.span
        z, slope = self.steepest(t)
        return np.array([self.derivative(stretched(z, self.k), t), slope])

    def isotherm_errors(self, temperature):
        return self._propagated(lambda: self.isotherm(temperature))

    def _propagated(self, function):
        centre, kept = function(), self.coefficients
        values, vectors = np.linalg.eigh(self.covariance)
        total = np.zeros_like(centre)
        for step in (vectors * np.sqrt(np.maximum(values, 0))).T:
            self.coefficients = kept + step.reshape(kept.shape)
            total += (function() - centre)**2
        self.coefficients = kept
        return np.sqrt(total)

    def cusp(self):
        """(T, U, D) of the end point, or None."""
        grid = np.linspace(-BELOW, 1, 111)
        slopes = np.array([self.steepest(t)[1] for t in grid])
        crossings = np.flatnonzero((slopes[:-1] < 0) & (slopes[1:] >= 0))
        if not crossings.size:
            return None
        t = grid[crossings[-1]]
        x, t = self._refined(stretched(self.steepest(t)[0], self.k), t)
        low, high = stretched(np.array([-1, 1]), self.k)
        if not (low < x < high and -BELOW <= t <= 1):
            return None
        self._place = x, t
        return self._at(x, t)

    def _refined(self, x, t):
        """Newton's steps to dU/dx = d2U/dx2 = 0."""
        for _ in range(20):
            jacobian = [[self.derivative(x, t, 2), self.derivative(x, t, 1, 1)],
                        [self.derivative(x, t, 3), self.derivative(x, t, 2, 1)]]
            step = np.linalg.solve(jacobian, [self.derivative(x, t, 1), self.derivative(x, t, 2)])
            x, t = x - step[0], t - step[1]
            if np.max(np.abs(step)) < 1e-10:
                break
        return x, t

    def _at(self, x, t):
        return np.array([self.centre + self.span * t, self.derivative(x, t), self.middle + self.half * unstretched(x, self.k)])

    def cusp_errors(self):
        """Of what cusp() found."""
        return self._propagated(lambda: self._at(*self._refined(*self._place)))

    def limits(self, temperature):
        """(Uc1, Uc2): where U(D) has its extrema below the end point; None elsewhere."""
        t = (temperature - self.centre) / self.span
        z = np.linspace(-1, 1, 2001)
        slopes = self.inverse_slope(z, t)
        turns = np.flatnonzero(slopes[:-1] * slopes[1:] < 0)
        if turns.size != 2 or slopes[turns[0]] < 0:
            return None
        return tuple(sorted(float(self.derivative(stretched(z[i], self.k), t)) for i in turns))


def _derived(coefficients):
    """Of a polynomial along the first axis."""
    return coefficients[1:] * np.arange(1, len(coefficients))[:, None]


def stretched(z, k):
    return z if abs(k) < 1e-6 else np.log1p(k * z) / k


def unstretched(x, k):
    return x if abs(k) < 1e-6 else np.expm1(k * x) / k


def _best_stretch(cost):
    grid = np.linspace(-0.96, 0.96, 25)
    best = grid[np.argmin([cost(k) for k in grid])]
    return minimize_scalar(cost, bounds=(best - 0.08, min(best + 0.08, 0.99)) if best > -0.9 else (-0.99, -0.88),
                           method="bounded", options={"xatol": 1e-3}).x


@dataclass
class Isotherm:
    temperature: float
    solutions: int  # 0: one branch only was followed, or errors are too uncertain to tell
    lower: tuple = None  # Uc1 is between these; None of a side not seen
    upper: tuple = None
    at: tuple = (np.nan, np.nan)  # U of steepest slope
    inverse_slope: tuple = (np.nan, np.nan)


@dataclass
class EndPoint:
    temperature: tuple = (np.nan, np.nan)
    interaction: tuple = (np.nan, np.nan)
    value: tuple = (np.nan, np.nan)
    isotherms: list = field(default_factory=list)
    surface: Surface = None
    fits: int = 0
    note: str = ""


def _by_interaction(points, falling):
    chosen = points.those(points.falling == falling)
    return {u: each for u, *each in zip(chosen.interaction, chosen.value, chosen.error, chosen.enough)}


def branches(points, temperature):
    """What the two branches of a temperature say without any fit."""
    here = points.those(points.temperature == temperature)
    rising, falling = _by_interaction(here, False), _by_interaction(here, True)
    both = sorted(set(rising) & set(falling))
    if not both:
        return Isotherm(temperature, 0)

    def differ(u):
        difference = abs(rising[u][0] - falling[u][0])
        return difference > JUMP * (rising[u][0] + falling[u][0]) / 2 and difference > 5 * np.hypot(rising[u][1], falling[u][1])

    two = [u for u in both if differ(u)]
    if not two:
        return Isotherm(temperature, 1)
    if not all(rising[u][2] and falling[u][2] for u in two):
        return Isotherm(temperature, 0)
    below, above = [u for u in both if u < two[0]], [u for u in both if u > two[-1]]
    return Isotherm(temperature, 2, (below[-1] if below else None, two[0]), (two[-1], above[0] if above else None))


def _subsets(points):
    temperatures = points.temperatures()
    yield points
    if len(temperatures) > 4:
        yield points.those(points.temperature > temperatures[0])
        yield points.those(points.temperature < temperatures[-1])


def _windows(points):
    """Points ever nearer to the end point of a first fit."""
    first = Surface(points, DEGREES[-1])
    cusp = first.cusp()
    if cusp is None:
        yield points
        return
    x = stretched(first.z, first.k)
    centre = stretched((cusp[2] - first.middle) / first.half, first.k)
    reach = np.max(np.abs(x - centre))
    for part in WINDOWS:
        yield points.those(np.abs(x - centre) <= part * reach)


def _enough(points, degree):
    return points.distinct() >= FEWEST * (degree + 1) * (ORDER + 1) and len(points.temperatures()) > ORDER


def surfaces(points):
    """Those fits that have an end point: (surface, cusp, errors of the cusp)."""
    found = []
    for window in _windows(points):
        for chosen in _subsets(window):
            for degree in DEGREES:
                if not _enough(chosen, degree):
                    continue
                surface = Surface(chosen, degree)
                cusp = surface.cusp()
                if cusp is not None:
                    found.append((surface, cusp, surface.cusp_errors()))
    return [each for each in found if np.all(np.isfinite(each[2]))]


def _average(values, errors):
    """(weighted mean, error) of fits to much the same points: the smallest error and the spread."""
    good = np.isfinite(values) & np.isfinite(errors) & (errors > 0)
    if not good.any():
        return np.nan, np.nan
    values, errors = values[good], errors[good]
    weights = 1 / errors**2
    mean = np.sum(weights * values) / np.sum(weights)
    spread = np.sum(weights * (values - mean)**2) / np.sum(weights)
    return float(mean), float(np.sqrt(np.min(errors)**2 + spread))


def _where_steepest(found, isotherm):
    """U and -dU/dD of steepest slope, over all fits that cover the temperature."""
    rows = []
    for surface, _, _ in found:
        if abs(isotherm.temperature - surface.centre) <= surface.span * (1 + 1e-9):
            rows.append((*surface.isotherm(isotherm.temperature), *surface.isotherm_errors(isotherm.temperature)))
    if rows:
        u, slope, u_error, slope_error = np.array(rows).T
        isotherm.at, isotherm.inverse_slope = _average(u, u_error), _average(slope, slope_error)


def _drawn(found, means):
    """Of the fits to all temperatures the one nearest to the means."""
    value, error = np.array(means).T
    most = max(surface.span for surface, _, _ in found)
    return min((each for each in found if each[0].span > 0.999 * most),
               key=lambda each: np.sum(((each[1] - value) / error)**2))[0]


def end_point(points):
    """The caller sees to it that temperatures and points are enough for a fit."""
    result = EndPoint(isotherms=[branches(points, t) for t in points.temperatures()])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # fits that run off are dropped
        found = surfaces(points)
        if not found:
            two = all(each.solutions == 2 for each in result.isotherms)
            result.note = ("every temperature has two branches: sweep higher ones" if two else
                           "the slope stays finite: sweep lower temperatures, and interactions on both sides of where "
                           "the double occupancy falls fastest")
            return result
        result.fits = len(found)
        values, errors = (np.array([each[i] for each in found]) for i in (1, 2))
        result.temperature, result.interaction, result.value = (_average(values[:, i], errors[:, i]) for i in range(3))
        for isotherm in result.isotherms:
            _where_steepest(found, isotherm)
    result.surface = _drawn(found, [result.temperature, result.interaction, result.value])
    return result
