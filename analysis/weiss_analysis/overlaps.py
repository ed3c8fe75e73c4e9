"""The distribution of the overlap of two replicas, averaged over disorder: P(q).

The histogram holds probabilities of equal bins of [-1, 1]. An overlap of N spins is one of N + 1 numbers, of which bins
hold more or fewer, so that a density is the probability of a bin over what its numbers stand for, 2/(N + 1) each.
"""
from dataclasses import dataclass

import numpy as np

from weiss_analysis import derived
from weiss_analysis.files import BadRequest

NAME = "overlap_histogram"
NEAR_ZERO = 0.2


@dataclass
class Distribution:
    size: int
    temperature: float
    q: np.ndarray
    density: np.ndarray
    error: np.ndarray
    near_zero: float  # mean density at |q| <= NEAR_ZERO
    near_zero_error: float


def _widths(sites, bins):
    """What each bin stands for on the axis of q."""
    if not np.isfinite(sites) or sites + 1 < bins:
        return np.full(bins, 2 / bins)
    q = (2 * np.arange(sites + 1) - sites) / sites
    place = np.clip((q + 1) / 2 * bins, 0, bins - 1).astype(int)
    return np.bincount(place, minlength=bins) * 2 / (sites + 1)


def _distribution(task, row):
    result = task.results[NAME]
    q = result.axes["overlap_bin"]
    widths = _widths(derived.system_of(task).sites, len(q))
    inside = np.abs(q) <= NEAR_ZERO
    near = result.mean[row][inside].sum() / widths[inside].sum()
    drawn = result.bins[:, row][:, inside].sum(axis=1) / widths[inside].sum()
    error = drawn.std(ddof=1) / np.sqrt(len(drawn)) if len(drawn) > 1 else np.nan
    return Distribution(task.size(), float(result.axes["temperature"][row]), q, result.mean[row] / widths,
                        result.error[row] / widths, near, error)


def nearest_row(temperatures, temperature):
    row = int(np.argmin(np.abs(temperatures - temperature)))
    if abs(temperatures[row] - temperature) > 1e-6 * max(1.0, temperature):
        raise BadRequest(f"no temperature {temperature:g}; there are {', '.join(f'{t:g}' for t in temperatures)}")
    return row


def distributions(file, size=None, temperatures=None):
    """Of every temperature (or those asked for) of each size (or the one asked for)."""
    if NAME not in file.observables():
        raise BadRequest(f"{file.path}: no {NAME}; run with output.{NAME} = true")
    tasks = [task for task in file.finished() if NAME in task.results and task.size_key()]
    sizes = sorted({task.size() for task in tasks})
    if size is not None and size not in sizes:
        raise BadRequest(f"{file.path}: no size {size}; there are {', '.join(map(str, sizes))}")
    found = []
    for task in sorted(tasks, key=lambda task: task.size()):
        if size is not None and task.size() != size:
            continue
        axis = task.results[NAME].axes["temperature"]
        rows = range(len(axis)) if temperatures is None else [nearest_row(axis, t) for t in temperatures]
        found += [_distribution(task, row) for row in rows]
    return found
