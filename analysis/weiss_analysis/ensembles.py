"""Observables of every size against temperature, and their resamples: what crossings and collapses are made of.

A result over temperature is resampled by drawing its samples of disorder again, all temperatures together; the scalar
results of independent tasks by drawing from their error bars.
"""
from dataclasses import dataclass, field

import numpy as np

from weiss_analysis import bootstrap, derived, samples
from weiss_analysis.files import BadRequest, require


@dataclass
class Curve:
    """An observable of one size."""
    temperature: np.ndarray
    value: np.ndarray
    error: np.ndarray
    resamples: np.ndarray  # resamples x temperatures
    deviations: dict = field(default_factory=dict)  # see covariance.py: {source: its samples x temperatures}

    def where(self, inside):
        return Curve(self.temperature[inside], self.value[inside], self.error[inside], self.resamples[:, inside],
                     {source: rows[:, inside] for source, rows in self.deviations.items()})

    def window(self, low, high):
        return self.where((self.temperature >= low) & (self.temperature <= high))

    def positive(self):
        """Without temperatures at which the value is 0: xi where noise hid it."""
        return self.where(self.value > 0)


@dataclass
class Draws:
    """Tasks of one size, and one set of weights for every set of realisations: the same samples at all temperatures."""
    random: np.random.Generator
    known: dict = field(default_factory=dict)

    @staticmethod
    def source(task, number):
        return (samples.realisations(task), number) if samples.number_of(task) > 1 else task.id

    def weights(self, task, number):
        key = self.source(task, number)
        if key not in self.known:
            self.known[key] = bootstrap.weights(self.random, number)
        return self.known[key]


def _without_each(bins):
    """samples x ...: the mean of all samples but one."""
    return (bins.sum(axis=0) - bins) / (len(bins) - 1)


def _jackknife(values):
    """Rows whose products sum to the covariance (B. Efron, C. Stein, Ann. Stat. 9, 586 (1981))."""
    return (values - values.mean(axis=0)) * np.sqrt((len(values) - 1) / len(values))


def _from_samples(task, observable, draws):
    results = task.results
    temperature = results[observable].axes["temperature"]
    if derived.applies(observable, results):
        inputs = {key: results[key] for key in derived.FORMULAS[observable].inputs}
        system = derived.system_of(task)
        weight = draws.weights(task, len(next(iter(inputs.values())).bins))
        value = derived.evaluate(observable, {key: each.mean for key, each in inputs.items()}, system)
        resamples = derived.evaluate(
            observable, {key: bootstrap.resampled(weight, each.bins) for key, each in inputs.items()}, system)
        without = derived.evaluate(observable, {key: _without_each(each.bins) for key, each in inputs.items()}, system)
    else:
        value = results[observable].mean
        resamples = bootstrap.resampled(draws.weights(task, len(results[observable].bins)), results[observable].bins)
        without = _without_each(results[observable].bins)
    return Curve(temperature, value, bootstrap.spread(resamples), resamples,
                 {draws.source(task, len(without)): _jackknife(without)})


def _from_error_bars(task, observable, draws):
    result = task.results[observable]
    value, error = np.atleast_1d(result.mean).astype(float), np.atleast_1d(result.error).astype(float)
    temperature = result.axes["temperature"] if result.over_temperature() else np.array([task.temperature()])
    return Curve(temperature, value, error, draws.random.normal(value, error, (bootstrap.RESAMPLES, len(value))),
                 {(task.id, observable): np.diag(error)})


def _curve_of(task, observable, draws):
    result = task.results[observable]
    has_samples = result.over_temperature() and len(result.bins) > 1
    if has_samples or derived.applies(observable, task.results):
        return _from_samples(task, observable, draws)
    if result.mean.ndim == 0 and not task.has_temperature():
        raise BadRequest(f"task {task.id} has no temperature")
    return _from_error_bars(task, observable, draws)


def _joined_deviations(pieces, order):
    """Tasks of the same samples keep them side by side; other rows are 0 outside of their temperatures."""
    sources = {source: len(rows) for piece in pieces for source, rows in piece.deviations.items()}
    return {source: np.concatenate([piece.deviations.get(source, np.zeros((number, len(piece.value))))
                                    for piece in pieces], axis=1)[:, order] for source, number in sources.items()}


def _joined(size, pieces, swept):
    """One curve of the tasks of a size; swept: keys that differ between tasks of the file."""
    temperature = np.concatenate([curve.temperature for curve in pieces])
    order = np.argsort(temperature)
    if len(np.unique(temperature)) < len(temperature):
        twice = next(t for t in temperature if np.count_nonzero(temperature == t) > 1)
        raise BadRequest(f"size {size} is there twice at temperature {twice:.6g}: choose among {', '.join(swept)} "
                         "(--where KEY=VALUE)")
    return Curve(temperature[order], np.concatenate([curve.value for curve in pieces])[order],
                 np.concatenate([curve.error for curve in pieces])[order],
                 np.concatenate([curve.resamples for curve in pieces], axis=1)[:, order],
                 _joined_deviations(pieces, order))


def of_sizes(file, observables, seed=bootstrap.SEED):
    """[{size: Curve} for each observable]; resample r of all observables is of the same samples."""
    for observable in observables:
        require(file, observable)
    random = np.random.default_rng(seed)
    pieces = {}
    for task in file.finished():
        if task.size_key() and all(observable in task.results for observable in observables):
            pieces.setdefault(task.size(), []).append(task)
    found = [{} for _ in observables]
    for size in sorted(pieces):
        draws = Draws(random)
        for curves, observable in zip(found, observables):
            curves[size] = _joined(size, [_curve_of(task, observable, draws) for task in pieces[size]],
                                   file.swept())
    return found
