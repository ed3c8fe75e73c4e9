"""Text tables."""
import numpy as np

from weiss_analysis.files import BadRequest

USUAL = ("energy", "double_occupancy", "quasiparticle_weight", "specific_heat", "magnetization_abs", "susceptibility", "binder")
USUAL_OVER_TEMPERATURE = ("energy", "overlap_sq", "overlap_binder", "correlation_length_ratio", "equilibrated")


def with_error(value, error):
    """1.4195(31): two digits of the error."""
    import math

    if not math.isfinite(value):
        return "-"
    if not error > 0 or not math.isfinite(error):
        return f"{value:.6g}"
    decimals = max(0, 1 - math.floor(math.log10(error)))
    digits = round(error * 10**decimals)
    if digits >= 100 and decimals > 0:
        decimals, digits = decimals - 1, round(error * 10 ** (decimals - 1))
    return f"{value:.{decimals}f}({digits})"


def aligned(header, rows):
    cells = [header] + [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in cells) for i in range(len(header))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in cells]
    return "\n".join([lines[0], "-" * len(lines[0])] + lines[1:])


def natural(task):
    """Sort key: numbers of a task's id as numbers."""
    parts = []
    for piece in task.id.split(","):
        name, _, value = piece.partition("=")
        try:
            parts.append((name, 0, float(value), ""))
        except ValueError:
            parts.append((name, 1, 0.0, value))
    return parts


def _tabulated(result):
    return result.mean.ndim == 0 or result.over_temperature()


def _names(file, observables):
    """The observables asked for, or the usual ones."""
    possible = [name for name in file.observables()
                if all(_tabulated(task.results[name]) for task in file.finished() if name in task.results)]
    over = any(task.results[name].over_temperature() for task in file.finished() for name in task.results)
    usual = [name for name in (USUAL_OVER_TEMPERATURE if over else USUAL) if name in possible]
    names = observables or usual or possible
    missing = [name for name in names if name not in possible]
    if missing:
        raise BadRequest(f"{file.path}: no scalar observable {', '.join(missing)}; there are {', '.join(possible)}")
    return names


def _value(result, temperature):
    """(mean, error, tau_int) at a temperature; None without one. A scalar is the same at every temperature."""
    if result.mean.ndim == 0:
        return float(result.mean), float(result.error), float(result.tau_int)
    row = np.flatnonzero(result.axes["temperature"] == temperature)
    return None if len(row) == 0 else (result.mean[row[0]], result.error[row[0]], result.tau_int[row[0]])


def _temperatures(task, names):
    """Of the rows of a task; [None] for one row without."""
    all_of_them = [task.results[name].axes["temperature"] for name in names
                   if name in task.results and task.results[name].over_temperature()]
    return np.unique(np.concatenate(all_of_them)) if all_of_them else [None]


def _csv(file, names):
    lines = ["task,observable,mean,error,tau_int,count,unit,temperature"]
    for task in sorted(file.finished(), key=natural):
        for name in [name for name in names if name in task.results]:
            result = task.results[name]
            for temperature in _temperatures(task, [name]):
                at = temperature
                if at is None and task.has_temperature():
                    at = task.temperature()
                cells = [f'"{task.id}"', name, *(repr(float(x)) for x in _value(result, temperature)), result.count,
                         result.unit, "" if at is None else repr(float(at))]
                lines.append(",".join(str(cell) for cell in cells))
    return "\n".join(lines)


def _cell(task, name, temperature):
    value = _value(task.results[name], temperature) if name in task.results else None
    if value is None:
        return "-"
    if name == "equilibrated":
        return {0: "drifting", 1: "yes"}.get(int(value[0]), "undecided")
    return with_error(float(value[0]), float(value[1]))


def result_table(file, observables, as_csv):
    """One row a task, or one a task and temperature."""
    names = _names(file, observables)
    if as_csv:
        return _csv(file, names)
    rows, flagged, over = [], False, False
    for task in sorted(file.tasks, key=natural):
        short = any(not task.results[name].enough for name in names if name in task.results)
        flagged = flagged or short
        temperatures = _temperatures(task, names)
        over = over or temperatures[0] is not None
        for temperature in temperatures:
            rows.append([task.id, task.status + (" *" if short else ""),
                         "-" if temperature is None else f"{temperature:g}"] +
                        [_cell(task, name, temperature) for name in names])
    header = ["task", "status", "temperature"]
    if not over:
        header, rows = header[:2], [row[:2] + row[3:] for row in rows]
    text = aligned(header + names, rows)
    if flagged:
        electrons = any("algorithm.measured_iterations" in task.parameters for task in file.tasks)
        text += "\n* fewer than 50 autocorrelation times of samples: raise " + (
            "algorithm.measured_iterations, with another --output" if electrons else
            "run.sweeps and run the same line again")
    return text
