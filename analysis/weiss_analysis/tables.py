"""Text tables."""


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


def result_table(file, observables, as_csv):
    scalars = [name for name in file.observables()
               if all(task.results[name].mean.ndim == 0 for task in file.finished() if name in task.results)]
    names = observables or [name for name in ("energy", "specific_heat", "magnetization_abs", "susceptibility", "binder")
                            if name in scalars] or scalars
    missing = [name for name in names if name not in scalars]
    if missing:
        from weiss_analysis.files import BadRequest

        raise BadRequest(f"{file.path}: no scalar observable {', '.join(missing)}; there are {', '.join(scalars)}")
    rows, flagged = [], False
    if as_csv:
        rows.append(["task", "observable", "mean", "error", "tau_int", "count", "unit"])
        for task in sorted(file.finished(), key=natural):
            for name in names:
                if name in task.results:
                    r = task.results[name]
                    rows.append([f'"{task.id}"', name, repr(float(r.mean)), repr(float(r.error)), repr(float(r.tau_int)),
                                 r.count, r.unit])
        return "\n".join(",".join(str(cell) for cell in row) for row in rows)
    for task in sorted(file.tasks, key=natural):
        short = any(not task.results[name].enough for name in names if name in task.results)
        flagged = flagged or short
        rows.append([task.id, task.status + (" *" if short else "")] +
                    [with_error(float(task.results[name].mean), float(task.results[name].error))
                     if name in task.results else "-" for name in names])
    text = aligned(["task", "status"] + names, rows)
    if flagged:
        text += "\n* fewer than 50 autocorrelation times of samples: raise run.sweeps and run the same line again"
    return text
