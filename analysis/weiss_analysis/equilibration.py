"""Did a run equilibrate? Observables in windows of doubling length, and the verdicts of the program.

For Gaussian couplings the energy and -(M/N) beta J^2 (1 - q_link) are equal in equilibrium and are approached from opposite
sides after a quench (H. G. Katzgraber, M. Palassini, A. P. Young, Phys. Rev. B 63, 184422 (2001)).
"""
from dataclasses import dataclass

import numpy as np

from weiss_analysis.files import BadRequest, require

VERDICTS = {0: "drifting", 1: "equilibrated", 2: "undecided"}
PREFIX = "equilibration_"


@dataclass
class Series:
    start: np.ndarray
    mean: np.ndarray
    error: np.ndarray


def series_of(task, name, row):
    """One observable at one temperature; None where it was not kept."""
    result = task.results.get(PREFIX + name)
    return None if result is None else Series(result.axes["window_start"], result.mean[:, row], result.error[:, row])


def tasks_of(file, size=None):
    require(file, PREFIX + "energy")
    tasks = [task for task in file.finished() if PREFIX + "energy" in task.results]
    chosen = [task for task in tasks if size is None or (task.size_key() and task.size() == size)]
    if not chosen:
        sizes = sorted({task.size() for task in tasks if task.size_key()})
        raise BadRequest(f"{file.path}: no size {size}; there are {', '.join(map(str, sizes))}")
    return chosen


def last_change(task, name, row):
    """The last window less the one before it. Its error is not in the file: samples are the same in both."""
    series = series_of(task, name, row)
    return np.nan if series is None or len(series.mean) < 2 else series.mean[-1] - series.mean[-2]


def verdicts(task):
    """One a temperature, in words."""
    result = task.results.get("equilibrated")
    return None if result is None else [VERDICTS.get(int(value), "undecided") for value in result.mean]
