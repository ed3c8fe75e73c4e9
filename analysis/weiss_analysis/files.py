"""Result files as plain objects: tasks with parameters and results (layout: lib/weiss/storage/layout.hpp)."""
import os
from dataclasses import dataclass, field

import h5py
import numpy as np


TEMPERATURE = "model.temperature"


class BadFile(Exception):
    """The file cannot be read as a result file; the message says why and how to mend it."""


class BadRequest(Exception):
    """The command asks for something that is not there; the message names what is."""


@dataclass
class Result:
    mean: np.ndarray
    error: np.ndarray
    tau_int: np.ndarray
    count: int
    bins: np.ndarray
    unit: str
    long_name: str
    enough: bool
    axes: dict = field(default_factory=dict)  # name: values, in the order of the dimensions

    def over_temperature(self):
        return self.mean.ndim == 1 and list(self.axes) == ["temperature"]


@dataclass
class Task:
    id: str
    status: str
    steps: int
    parameters: dict
    results: dict = field(default_factory=dict)

    def beta(self):
        if "model.beta" in self.parameters:
            return self.parameters["model.beta"]
        return 1.0 / self.parameters["model.temperature"]

    def temperature(self):
        if "model.temperature" in self.parameters:
            return self.parameters["model.temperature"]
        beta = self.parameters["model.beta"]
        return np.inf if beta == 0 else 1.0 / beta

    def has_temperature(self):
        return "model.temperature" in self.parameters or "model.beta" in self.parameters

    def size_key(self):
        """The key that says how large the system is."""
        for key in ("lattice.L", "lattice.extents", "lattice.N"):
            if key in self.parameters:
                return key
        return None

    def size(self):
        """The longest extent of a lattice, the number of sites of a graph."""
        value = self.parameters[self.size_key()]
        return max(int(part) for part in str(value).split(",")) if isinstance(value, str) else int(np.max(value))


@dataclass
class ResultFile:
    path: str
    attributes: dict
    tasks: list

    def finished(self):
        return [task for task in self.tasks if task.results]

    def observables(self):
        names = []
        for task in self.tasks:
            names += [name for name in task.results if name not in names]
        return names

    def swept(self):
        """Keys whose value differs between tasks."""
        keys = []
        for task in self.tasks:
            keys += [key for key in task.parameters if key not in keys]
        return [key for key in keys if len({str(task.parameters.get(key)) for task in self.tasks}) > 1]


def _text(value):
    return value.decode() if isinstance(value, bytes) else value


def _scalar(dataset):
    value = dataset[()]
    if isinstance(value, bytes):
        return value.decode()
    return value.item() if np.ndim(value) == 0 else value


# Datasets of every result; the others are axes.
COMMON = {"mean", "error", "tau_int", "count", "bins", "time_series"}


def rounded(values):
    """Without the last digits, which 1/(1/T) may change: temperatures of two tasks are to compare equal."""
    return np.array([float(f"{value:.12g}") for value in np.atleast_1d(values)])


def _axes(group, shape):
    """Axes by their place: a dataset belongs to the first dimension left of its length."""
    found, left = {}, list(shape)
    stored = {name: rounded(group[name][()]) for name in group if name not in COMMON}
    for name in sorted(stored, key=lambda name: (name == "overlap_bin", name == "temperature")):
        if len(stored[name]) in left:
            left.remove(len(stored[name]))
            found[name] = stored[name]
    return found


def _result(group):
    return Result(axes=_axes(group, np.shape(group["mean"])),
                  mean=np.asarray(group["mean"][()]), error=np.asarray(group["error"][()]),
                  tau_int=np.asarray(group["tau_int"][()]), count=int(group["count"][()]),
                  bins=np.asarray(group["bins"][()]), unit=_text(group.attrs["unit"]),
                  long_name=_text(group.attrs["long_name"]), enough=bool(group.attrs["enough_samples"]))


def read(path):
    if not os.path.isfile(path):
        raise BadFile(f"{path}: {'is not a file' if os.path.exists(path) else 'does not exist'}")
    if not h5py.is_hdf5(path):
        raise BadFile(f"{path}: is no HDF5 file; give the result file <stem>.h5 of a run")
    try:
        with h5py.File(path, "r") as file:
            if "tasks" not in file:
                raise BadFile(f"{path}: has no tasks; give the result file <stem>.h5 of a run")
            tasks = []
            for name, group in file["tasks"].items():
                if "parameters" not in group:
                    raise BadFile(f"{path}: holds no parameters; give <stem>.h5, not the checkpoint")
                results = {key: _result(value) for key, value in group.get("results", {}).items()}
                tasks.append(Task(name, _text(group.attrs["status"]), int(group.attrs["steps"]),
                                  {key: _scalar(value) for key, value in group["parameters"].items()}, results))
            attributes = {key: _text(value) for key, value in file.attrs.items()}
    except OSError as error:
        raise BadFile(f"{path}: {error}") from None
    except KeyError as error:
        raise BadFile(f"{path}: is not a result file of the suite ({error})") from None
    return ResultFile(path, attributes, tasks)


def over_temperature(file):
    return any(result.over_temperature() for task in file.tasks for result in task.results.values())


def key_named(file, name):
    """The full key of 'temperature' or 'model.temperature'."""
    keys = {key for task in file.tasks for key in task.parameters}
    if over_temperature(file) and name in ("temperature", TEMPERATURE):
        return TEMPERATURE
    if name in keys:
        return name
    matches = [key for key in sorted(keys) if key.split(".")[-1] == name]
    if len(matches) == 1:
        return matches[0]
    raise BadRequest(f"{file.path}: no key {name}; swept keys are {', '.join(file.swept()) or 'none'}")


def where(file, conditions):
    """The file with the tasks that have all of the values, "key=value" each."""
    tasks = file.tasks
    for condition in conditions:
        name, _, value = condition.partition("=")
        key = key_named(file, name.strip())
        chosen = [task for task in tasks if in_order(task.parameters.get(key)) == in_order(value.strip())]
        if not chosen:
            there = sorted({task.parameters[key] for task in tasks if key in task.parameters}, key=in_order)
            raise BadRequest(f"{file.path}: no task with {condition}; {key} has {', '.join(map(str, there)) or 'no value'}")
        tasks = chosen
    return ResultFile(file.path, file.attributes, tasks)


def require(file, name):
    if name not in file.observables():
        raise BadRequest(f"{file.path}: no observable {name}; there are {', '.join(file.observables())}")


def _points(task, result):
    """(temperature or None, mean, error) of a scalar, or of a result over temperature."""
    if result.over_temperature():
        return list(zip(result.axes["temperature"], result.mean, result.error))
    return [(None, float(result.mean), float(result.error))] if result.mean.ndim == 0 else []


def in_order(value):
    """Sort key that takes numbers as numbers."""
    try:
        return (0, float(value), "")
    except (TypeError, ValueError):
        return (1, 0.0, str(value))


def curves(file, x, y, by):
    """{value of `by`: (x, mean, error) sorted by x} of a scalar observable or one over temperature."""
    require(file, y)
    groups = {}
    for task in file.finished():
        for temperature, mean, error in _points(task, task.results[y]) if y in task.results else []:
            def value(key):
                if key == TEMPERATURE and temperature is not None:
                    return temperature
                return task.parameters.get(key) if key else None

            if value(x) is not None:
                groups.setdefault(value(by), []).append((value(x), mean, error))
    return {key: tuple(np.array(column) for column in zip(*sorted(points))) for key, points in
            sorted(groups.items(), key=lambda item: in_order(item[0]))}
