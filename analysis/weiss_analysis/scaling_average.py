"""T_c, nu and eta averaged over models that the data cannot tell apart.

Degrees of the polynomials, the window of temperatures and omega are choices; each choice is a fit, with weight
exp(-information / 2): chi^2 with a price for parameters and for points left out (W. I. Jay, E. T. Neil, Phys. Rev. D 103,
114502 (2021)). The statistical error is the mean one of the fits; the spread of their values is a systematic error.
"""
from dataclasses import dataclass, field, replace
from itertools import product

import numpy as np

from weiss_analysis import collapse
from weiss_analysis.files import BadRequest

DEGREES = range(3, 9)
FIELDS = range(3)  # degrees of the magnetic scaling field
PROMISING = 9.0  # information above the best beyond which a choice is not followed further
LEAST_TEMPERATURES = 4
OMEGA, ENOUGH_SIZES = 1.0, 4  # assumed where nothing is said; with fewer sizes no correction is told from a shift of T_c
RANGE_OF_OMEGA = (0.8, 1.0, 1.25)


@dataclass
class Estimate:
    value: float
    error: float
    systematic: float
    without_smallest: tuple = None  # (value, error)


@dataclass
class Average:
    estimates: dict
    fits: list
    shares: np.ndarray
    best: object = field(init=False)

    def __post_init__(self):
        self.best = self.fits[int(np.argmax(self.shares))]


@dataclass(frozen=True)
class Choices:
    """What the user fixes."""
    omega: object = None  # a number, "fit" or "none"; by default OMEGA with enough sizes
    degree: int = None
    extended: bool = True

    def for_sizes(self, number):
        if self.omega is not None:
            return self
        return replace(self, omega=OMEGA if number >= ENOUGH_SIZES else "none")

    def corrections(self):
        """[(degree of the correction, of second order too, omega)]"""
        if self.omega == "none":
            return [(-1, False, OMEGA)]
        if self.fits_omega():
            return [(0, False, OMEGA), (1, False, OMEGA)]
        return [(*order, self.omega * factor) for order in ((0, False), (1, False), (1, True)) for factor in RANGE_OF_OMEGA]

    def fits_omega(self):
        return self.omega == "fit"


def shares_of(information):
    weight = np.exp(-0.5 * (np.array(information) - np.min(information)))
    return weight / weight.sum()


def averaged(values, errors, shares):
    mean = shares @ values
    return Estimate(float(mean), float(np.sqrt(shares @ errors**2)), float(np.sqrt(shares @ (values - mean) ** 2)))


def windows(points):
    """All points, then without the hottest temperature, and so on."""
    temperatures = np.unique(points.temperature)
    for kept in range(len(temperatures), min(LEAST_TEMPERATURES, len(temperatures)) - 1, -1):
        yield points.temperature <= temperatures[kept - 1]


def _over_degrees(choices, try_degree):
    """[(information, fit)] for rising degrees, until they stop paying."""
    found = []
    for degree in DEGREES if choices.degree is None else (choices.degree,):
        pair = try_degree(degree)
        if pair is None:
            continue
        found.append(pair)
        if pair[0] > min(each[0] for each in found) + PROMISING / 2:
            break
    return found


def _over_windows(points, fits_of):
    found, best = [], np.inf
    for inside in windows(points):
        new = fits_of(points.where(inside))
        if new and min(each[0] for each in new) > best + PROMISING:
            break
        found += new
        best = min([best, *(each[0] for each in new)])
    return [pair for pair in found if pair[0] < best + PROMISING]


def _ratio_fits(points, choices):
    last = [None]  # a fit is the start of the next

    def fits_of(part):
        found = []
        for correction, second, omega in choices.corrections():
            def try_degree(degree):
                model = collapse.Model(degree, correction, omega, choices.extended, second)
                fit = collapse.fit_ratio(part, model, last[0], choices.fits_omega())
                if fit is None:
                    return None
                last[0] = fit.parameters
                return collapse.information(fit, len(points.value)), fit

            found += _over_degrees(choices, try_degree)
        return found

    return _over_windows(points, fits_of)


def average_ratio(points, choices):
    pairs = _ratio_fits(points, choices)
    if not pairs:
        raise BadRequest(_why_none(points, choices))
    shares = shares_of([information for information, _ in pairs])
    fits = [fit for _, fit in pairs]
    values, errors = np.array([fit.t_c_and_nu for fit in fits]), np.array([fit.errors for fit in fits])
    return Average({name: averaged(values[:, i], errors[:, i], shares) for i, name in enumerate(("T_c", "nu"))}, fits,
                   shares)


def _why_none(points, choices):
    degree, number = choices.degree or DEGREES[0], len(points.names)
    least = number * (degree + choices.corrections()[0][0] + 2) + 3
    if len(points.value) < least + int(choices.omega == "fit"):
        return f"a collapse of degree {degree} needs at least {least} points; there are {len(points.value)}"
    if choices.omega == "fit":
        return "omega is not determined by the data: give --omega W"
    return "no T_c and nu put the sizes on one curve: temperatures on both sides of the transition are needed"


def _eta_error(fit, ratio, everything):
    """From the covariance of the ratios with chi: T_c and nu come from the same samples."""
    derivative = np.zeros(len(everything.value))
    for part, gradient in ((ratio.points, fit.by_ratio @ ratio.estimator), (fit.points, fit.by_data)):
        derivative[_places(everything, part)] += gradient
    return float(np.sqrt(derivative @ everything.covariance @ derivative))


def _places(everything, part):
    keys = {key: i for i, key in enumerate(_keys(everything))}
    return [keys[key] for key in _keys(part)]


def _keys(points):
    return [(points.names[i], size, t) for i, size, t in zip(points.observable, points.size, points.temperature)]


def average_eta(everything, ratios, choices, name):
    """everything: points of the ratios and of ln chi, which has the name."""
    chi = everything.only([name])
    values, errors, weights, fits = [], [], [], []
    for share, ratio in zip(ratios.shares, ratios.fits):
        if share < 0.03 * ratios.shares.max():
            continue

        def fits_of(part):
            found = []
            for correction, magnetic in product({each[0] for each in choices.corrections()}, FIELDS):
                def try_degree(degree):
                    model = replace(ratio.model, degree=degree, correction=correction, second=False,
                                    field=magnetic)
                    fit = collapse.fit_susceptibility(part, model, ratio.parameters)
                    return None if fit is None else (collapse.information(fit, len(chi.value)), fit)

                found += _over_degrees(choices, try_degree)
            return found

        pairs = _over_windows(chi, fits_of)
        if pairs:
            weights += list(share * shares_of([information for information, _ in pairs]))
            fits += [(fit, ratio) for _, fit in pairs]
            values += [fit.eta for _, fit in pairs]
            errors += [_eta_error(fit, ratio, everything) for _, fit in pairs]
    if not fits:
        raise BadRequest("too few points for eta; give --ratio-only")
    shares = np.array(weights) / np.sum(weights)
    return Average({"eta": averaged(np.array(values), np.array(errors), shares)}, fits, shares)


def compare(average, smaller):
    """Notes the estimates without the smallest size; what they differ by beyond noise is systematic.

    The change has the variance of the smaller fit less that of the whole one: its data are part of the whole ones.
    """
    for key, estimate in average.estimates.items():
        other = smaller.estimates[key]
        estimate.without_smallest = (other.value, other.error)
        noise = max(other.error**2 - estimate.error**2, 0.0)
        beyond = max((other.value - estimate.value) ** 2 - 4 * noise, 0.0)
        estimate.systematic = float(np.hypot(estimate.systematic, np.sqrt(beyond)))
