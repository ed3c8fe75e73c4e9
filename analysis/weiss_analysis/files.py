"""Result files as plain objects: tasks with parameters and results (layout: lib/weiss/storage/layout.hpp)."""
from dataclasses import dataclass, field

import h5py
import numpy as np


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


def _result(group):
    return Result(mean=np.asarray(group["mean"][()]), error=np.asarray(group["error"][()]),
                  tau_int=np.asarray(group["tau_int"][()]), count=int(group["count"][()]),
                  bins=np.asarray(group["bins"][()]), unit=_text(group.attrs["unit"]),
                  long_name=_text(group.attrs["long_name"]), enough=bool(group.attrs["enough_samples"]))


def read(path):
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


def key_named(file, name):
    """The full key of 'temperature' or 'model.temperature'."""
    keys = {key for task in file.tasks for key in task.parameters}
    if name in keys:
        return name
    matches = [key for key in sorted(keys) if key.split(".")[-1] == name]
    if len(matches) == 1:
        return matches[0]
    raise BadRequest(f"{file.path}: no key {name}; swept keys are {', '.join(file.swept()) or 'none'}")


def curves(file, x, y, by):
    """{value of `by`: (x, mean, error) sorted by x} of a scalar observable."""
    if y not in file.observables():
        raise BadRequest(f"{file.path}: no observable {y}; there are {', '.join(file.observables())}")
    groups = {}
    for task in file.finished():
        result = task.results.get(y)
        if result is None or result.mean.ndim or x not in task.parameters:
            continue
        groups.setdefault(task.parameters.get(by) if by else None, []).append(
            (task.parameters[x], float(result.mean), float(result.error)))
    return {key: tuple(np.array(column) for column in zip(*sorted(points))) for key, points in
            sorted(groups.items(), key=lambda item: str(item[0]).zfill(20))}
