"""O(N) = O + a N^-x (+ b N^-2x) fitted to independent results of several sizes: weighted least squares.

The ground-state energy of the Sherrington-Kirkpatrick model is an example, x = 2/3: S. Boettcher, Eur. Phys. J. B 31, 29
(2003); T. Aspelmeier, A. Billoire, E. Marinari, M. A. Moore, J. Phys. A 41, 324008 (2008).
"""
from dataclasses import dataclass

import numpy as np
from scipy.stats import chi2

from weiss_analysis import files
from weiss_analysis.files import BadRequest


@dataclass
class Data:
    key: str
    temperature: float  # None for a scalar
    size: np.ndarray
    value: np.ndarray
    error: np.ndarray

    def from_size(self, smallest):
        inside = self.size >= smallest
        return Data(self.key, self.temperature, self.size[inside], self.value[inside], self.error[inside])


@dataclass
class Fit:
    exponent: float
    coefficients: np.ndarray  # O, a, b
    covariance: np.ndarray
    fitted: np.ndarray
    chi_square: float
    degrees_of_freedom: int

    @property
    def value(self):
        return self.coefficients[0]

    @property
    def error(self):
        return self.errors[0]

    @property
    def errors(self):
        return np.sqrt(np.diag(self.covariance))

    @property
    def p_value(self):
        return float(chi2.sf(self.chi_square, self.degrees_of_freedom))

    def curve(self, x):
        """(value, error) against x = N^-exponent."""
        columns = np.vander(x, len(self.coefficients), increasing=True)
        return columns @ self.coefficients, np.sqrt(np.einsum("ij,jk,ik->i", columns, self.covariance, columns))


def _temperature(file, observable, wanted):
    """The one asked for, or the lowest that all tasks have; None where the observable is a scalar."""
    results = [task.results[observable] for task in file.finished() if observable in task.results]
    over = [result.over_temperature() for result in results]
    if not any(over):
        return None
    common = set.intersection(*(set(result.axes["temperature"]) for result, is_over in zip(results, over) if is_over))
    if not common:
        raise BadRequest(f"{file.path}: the sizes have no temperature in common")
    if wanted is None:
        return min(common)
    nearest = min(common, key=lambda t: abs(t - wanted))
    if abs(nearest - wanted) > 1e-6 * max(1.0, abs(wanted)):
        raise BadRequest(f"no temperature {wanted:g}; all sizes have {', '.join(f'{t:g}' for t in sorted(common))}")
    return nearest


def _scalar(file, task, observable, temperature):
    result = task.results[observable]
    if result.over_temperature():
        row = int(np.flatnonzero(result.axes["temperature"] == temperature)[0])
        return float(result.mean[row]), float(result.error[row])
    if result.mean.ndim:
        raise BadRequest(f"{file.path}: {observable} is neither a scalar nor one over temperature")
    return float(result.mean), float(result.error)


def _size_key(file, name):
    if name is not None:
        return files.key_named(file, name)
    keys = {task.size_key() for task in file.finished()}
    if len(keys) != 1 or None in keys:
        raise BadRequest(f"{file.path}: say which key is the size (--size); swept keys are "
                         f"{', '.join(file.swept()) or 'none'}")
    return keys.pop()


def points_of(file, observable, size=None, temperature=None):
    files.require(file, observable)
    key = _size_key(file, size)
    at = _temperature(file, observable, temperature)
    found = {}
    for task in file.finished():
        if observable not in task.results or key not in task.parameters:
            continue
        number = float(task.size()) if key == task.size_key() else float(task.parameters[key])
        if number in found:
            raise BadRequest(f"size {number:g} is there twice: choose among {', '.join(file.swept())} (--where KEY=VALUE)")
        found[number] = _scalar(file, task, observable, at)
    for number, (_, error) in found.items():
        if not (np.isfinite(error) and error > 0):
            raise BadRequest(f"{observable} of size {number:g} has no error; a fit needs one")
    sizes = sorted(found)
    value, error = np.array([found[number] for number in sizes]).reshape(-1, 2).T
    return Data(key, at, np.array(sizes), value, error)


def fit(data, exponent, orders=1):
    if len(data.size) < orders + 1:
        raise BadRequest(f"a fit of {orders + 1} coefficients needs as many sizes; there are {len(data.size)}")
    x = data.size**-exponent
    columns = np.vander(x, orders + 1, increasing=True)
    inverse = np.linalg.pinv(columns / data.error[:, np.newaxis]) / data.error
    coefficients = inverse @ data.value
    fitted = columns @ coefficients
    return Fit(exponent, coefficients, (inverse * data.error**2) @ inverse.T, fitted,
               float(np.sum(((data.value - fitted) / data.error) ** 2)), len(data.size) - orders - 1)
