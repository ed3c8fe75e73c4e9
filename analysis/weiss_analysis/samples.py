"""Tasks that differ only in the realisations of their disorder, as one task with all the samples.

Base observables are averaged over all samples; derived ones follow from these averages, with bootstrap errors.
"""
import numpy as np

from weiss_analysis import bootstrap, derived
from weiss_analysis.files import BadRequest, Result, ResultFile, Task

FIRST, NUMBER = "model.realisation", "model.realisations"


def realisations(task):
    """Numbers of the realisations of a task: (first, one past the last)."""
    first = int(task.parameters.get(FIRST, 0))
    return first, first + number_of(task)


def number_of(task):
    return int(task.parameters.get(NUMBER, 1))


def _group_key(task):
    return tuple(sorted((key, str(value)) for key, value in task.parameters.items() if key not in (FIRST, NUMBER)))


def _refuse_twice(path, tasks):
    ordered = sorted(tasks, key=realisations)
    for one, next_one in zip(ordered, ordered[1:]):
        if realisations(next_one)[0] < realisations(one)[1]:
            raise BadRequest(f"{path}: realisation {realisations(next_one)[0]} is in two tasks, {one.id} and "
                             f"{next_one.id}; sweep model.realisation in steps of model.realisations")


def _sample_means(task, result):
    """samples x ...; the bins of a single realisation are bins in time."""
    if number_of(task) == 1:
        return result.mean[np.newaxis]
    return result.bins


def _with_samples(tasks, results):
    bins = np.concatenate([_sample_means(task, result) for task, result in zip(tasks, results)])
    error = bins.std(axis=0, ddof=1) / np.sqrt(len(bins))
    return bins, bins.mean(axis=0), error


def _with_windows(tasks, results):
    """Results without samples: the mean over tasks, each with the weight of its realisations.

    A task of a single realisation does not know its error; the spread between such tasks does.
    """
    weight = np.array([number_of(task) for task in tasks]) / sum(number_of(task) for task in tasks)
    shape = min((result.mean.shape for result in results), key=np.prod)
    cut = tuple(slice(extent) for extent in shape)
    mean = sum(w * result.mean[cut] for w, result in zip(weight, results))
    if all(number_of(task) == 1 for task in tasks):
        error = np.std([result.mean[cut] for result in results], axis=0, ddof=1) / np.sqrt(len(tasks))
    else:
        error = np.sqrt(sum((w * result.error[cut]) ** 2 for w, result in zip(weight, results)))
    return np.zeros((0, *shape)), mean, error


def _worst_verdict(results):
    """0 drifting before 2 undecided before 1 equilibrated."""
    verdicts = np.array([result.mean for result in results])
    return np.where((verdicts == 0).any(axis=0), 0.0, np.where((verdicts == 2).any(axis=0), 2.0, 1.0))


def _merged_result(name, tasks):
    results = [task.results[name] for task in tasks]
    has_samples = all(len(result.bins) for result in results)
    bins, mean, error = (_with_samples if has_samples else _with_windows)(tasks, results)
    if name == "equilibrated":
        mean = _worst_verdict(results)
    first = results[0]
    axes = {key: values[:extent] for (key, values), extent in zip(first.axes.items(), np.shape(mean))}
    cut = tuple(slice(extent) for extent in np.shape(mean))
    return Result(mean, error, np.max([result.tau_int[cut] for result in results], axis=0),
                  min(result.count for result in results), bins, first.unit, first.long_name,
                  all(result.enough for result in results), axes)


def _derive(task):
    """Derived quantities of a merged task, in place."""
    names = [name for name in task.results if derived.applies(name, task.results)]
    if not names:
        return
    system = derived.system_of(task)
    samples = len(task.results[derived.FORMULAS[names[0]].inputs[0]].bins)
    weight = bootstrap.weights(np.random.default_rng(bootstrap.SEED), samples)
    for name in names:
        inputs = {key: task.results[key] for key in derived.FORMULAS[name].inputs}
        result = task.results[name]
        result.mean = derived.evaluate(name, {key: each.mean for key, each in inputs.items()}, system)
        values = derived.evaluate(name, {key: bootstrap.resampled(weight, each.bins) for key, each in inputs.items()},
                                  system)
        result.error = values.std(axis=0, ddof=1)
        result.bins = np.zeros((0, *result.mean.shape))


def _merged_id(task):
    pieces = [piece for piece in task.id.split(",") if not piece.startswith(("realisation=", "realisations="))]
    return ",".join(pieces) or "all realisations"


def _merge(path, tasks):
    _refuse_twice(path, tasks)
    parameters = dict(tasks[0].parameters)
    parameters[FIRST] = min(realisations(task)[0] for task in tasks)
    parameters[NUMBER] = sum(number_of(task) for task in tasks)
    status = "done" if all(task.status == "done" for task in tasks) else "running"
    merged = Task(_merged_id(tasks[0]), status, min(task.steps for task in tasks), parameters)
    for name in tasks[0].results:
        if all(name in task.results for task in tasks):
            merged.results[name] = _merged_result(name, tasks)
    _derive(merged)
    return merged


def merged(file):
    """The file with one task for all realisations of a set of parameters."""
    groups = {}
    for task in file.tasks:
        groups.setdefault(_group_key(task) if task.results else task.id, []).append(task)
    tasks = [tasks[0] if len(tasks) == 1 else _merge(file.path, tasks) for tasks in groups.values()]
    return ResultFile(file.path, file.attributes, tasks)
