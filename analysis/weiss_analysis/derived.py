"""Quantities that are functions of means over disorder, by the formulas of the programs.

They are never averaged over samples directly: [<q^4>]/[<q^2>]^2 is a ratio of averages.
"""
from dataclasses import dataclass
from typing import Callable

import numpy as np


@dataclass
class System:
    """What the formulas need besides means."""
    sites: float
    extent: float
    beta: np.ndarray


@dataclass
class Formula:
    inputs: tuple
    function: Callable  # (means of the inputs..., system); the last axis of a mean is the temperature


def _length(zero, kmin, system):
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(kmin > 0, zero / kmin - 1, 0.0)
    return np.sqrt(np.maximum(ratio, 0.0)) / (2 * np.sin(np.pi / system.extent))


FORMULAS = {
    "specific_heat": Formula(("energy_sq", "energy_product"),
                             lambda square, product, s: s.sites * s.beta**2 * (square - product)),
    "binder": Formula(("magnetization_4", "magnetization_sq"), lambda four, two, s: 1 - four / (3 * two**2)),
    "susceptibility_connected": Formula(("magnetization_sq", "magnetization_product"),
                                        lambda square, product, s: s.sites * s.beta * (square - product)),
    "susceptibility_disconnected": Formula(("magnetization_product",), lambda product, s: s.sites * product),
    "spin_glass_susceptibility": Formula(("overlap_sq",), lambda two, s: s.sites * two),
    "spin_glass_susceptibility_kmin": Formula(("overlap_kmin_sq",), lambda two, s: s.sites * two),
    "correlation_length": Formula(("overlap_sq", "overlap_kmin_sq"), _length),
    "correlation_length_ratio": Formula(("overlap_sq", "overlap_kmin_sq"),
                                        lambda zero, kmin, s: _length(zero, kmin, s) / s.extent),
    "overlap_binder": Formula(("overlap_4", "overlap_sq"), lambda four, two, s: (3 - four / two**2) / 2),
}


def applies(name, results):
    """Whether the task has what the formula needs, sample by sample and over temperature."""
    return name in FORMULAS and all(
        key in results and results[key].over_temperature() and len(results[key].bins) > 1
        for key in FORMULAS[name].inputs)


def system_of(task):
    """The number of sites follows from the file's own chi_SG = N [<q^2>], whatever the lattice or graph."""
    temperatures = next(r.axes["temperature"] for r in task.results.values() if r.over_temperature())
    sites = np.nan
    if "spin_glass_susceptibility" in task.results and "overlap_sq" in task.results:
        square = task.results["overlap_sq"].mean
        largest = np.argmax(square)
        sites = float(np.round(task.results["spin_glass_susceptibility"].mean[largest] / square[largest]))
    extent = float(task.size()) if task.size_key() else np.nan
    return System(sites, extent, 1 / temperatures)


def evaluate(name, means, system):
    """The value from {input: means}."""
    formula = FORMULAS[name]
    return formula.function(*(means[key] for key in formula.inputs), system)
