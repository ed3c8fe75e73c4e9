"""weiss-analysis: tables, fits and figures from result files."""
import argparse
import os
import sys

import numpy as np

from weiss_analysis import (cavity_commands, dmft_commands, end_point_command, exact, files, glass_commands, mean_field_order,
                            names, phase_diagram, samples, scaling_commands, tables, thermodynamics_command)
from weiss_analysis.files import TEMPERATURE
from weiss_analysis.glass_commands import opened

UPDATES = {"heat_bath": "heat bath", "metropolis": "Metropolis", "swendsen_wang": "Swendsen-Wang", "wolff": "Wolff"}


def _stem(path):
    return os.path.splitext(path)[0]


def _default_by(file, x):
    others = [key for key in file.swept() if key != x]
    if x != TEMPERATURE and files.over_temperature(file):
        return TEMPERATURE
    return others[0] if others else None


def _solved_kind(file):
    """The lattice kind of a file of periodic systems with J = 1 and no field; nothing for any other."""
    kinds = {task.parameters.get("lattice.kind") for task in file.tasks}
    plain = all(task.parameters.get("lattice.boundary", "periodic") == "periodic"
                and task.parameters.get("model.coupling") in ("1", 1.0) and task.parameters.get("model.field") == 0
                for task in file.tasks)
    return kinds.pop() if plain and len(kinds) == 1 else None


def _title(file, x, by):
    """What all points share: the model, the lattice, its size, the update."""
    update = None if "algorithm.update" in (x, by) else names.shared(file, "algorithm.update")
    return ", ".join(part for part in (names.title(file, without=(x, by)), UPDATES.get(update, update)) if part)


def table(arguments):
    file = samples.merged(files.where(files.read(arguments.file), arguments.where))
    observables = arguments.observables.split(",") if arguments.observables else []
    print(tables.result_table(file, observables, arguments.csv))


def plot(arguments):
    from weiss_analysis import figures

    file = opened(arguments)
    swept = file.swept()
    x = files.key_named(file, arguments.x) if arguments.x else (
        TEMPERATURE if TEMPERATURE in swept or not swept or files.over_temperature(file) else swept[0])
    by = files.key_named(file, arguments.by) if arguments.by else _default_by(file, x)
    curves = files.curves(file, x, arguments.y, by)
    if not curves:
        raise files.BadRequest(f"{file.path}: {arguments.y} is no scalar, or one over temperature, that was measured "
                               f"along {x}")
    figure, axes = figures.plt.subplots(figsize=(8.5, 6))
    kind = _solved_kind(file) if x == TEMPERATURE else None
    points = np.concatenate([points[0] for points in curves.values()])
    known = exact.INFINITE.get(kind, {}).get(arguments.y) if np.ptp(points) > 0 else None
    figures.draw_curves(axes, curves, by or "", lines=known is None)
    if known:
        figures.exact_line(axes, points.min(), points.max(), known, "exact, infinite system")
    if known and kind == "square" and by == "lattice.L" and arguments.y in ("energy", "specific_heat"):
        figures.kaufman_lines(axes, curves, points.min(), points.max(), int(arguments.y == "specific_heat"), exact)
    if known and arguments.y == "specific_heat":  # the exact curve may diverge
        axes.set_ylim(0, 1.25 * max(float((mean + error).max()) for _, mean, error in curves.values()))
    electrons = names.electrons(file)
    unit = next(task.results[arguments.y].unit for task in file.finished() if arguments.y in task.results)
    axes.set_xlabel(figures.label(x, electrons=electrons))
    axes.set_ylabel(figures.label(arguments.y, unit, electrons))
    axes.set_title(_title(file, x, by), fontsize=15)
    if axes.get_legend_handles_labels()[1]:
        axes.legend()
    path = arguments.output or f"{_stem(arguments.file)}.{arguments.y}.png"
    figures.save(figure, path)
    print(f"figure: {path}")


def onsager(arguments):
    from weiss_analysis import figures

    file = opened(arguments)
    if _solved_kind(file) != "square":
        raise files.BadRequest(f"{file.path}: Kaufman's solution is for the periodic square lattice, J = 1, no field")
    rows, deviations, flagged = [], [], False
    for task in sorted(file.finished(), key=tables.natural):
        size, temperature = int(task.parameters["lattice.L"]), task.temperature()
        row = [size, f"{temperature:.6g}"]
        for name, value in zip(("energy", "specific_heat"), exact.kaufman(temperature, size)):
            result = task.results[name]
            sigma = (float(result.mean) - value) / float(result.error)
            deviations.append(sigma)
            row += [tables.with_error(float(result.mean), float(result.error)), f"{value:.6f}", f"{sigma:+.2f}"]
        short = any(not result.enough for result in task.results.values())
        flagged = flagged or short
        infinite = exact.onsager_energy(temperature)
        rows.append(row[:4] + [f"{infinite:.6f}"] + row[4:] + ["*" if short else ""])
    print(tables.aligned(["L", "T", "energy", "Kaufman", "Onsager", "sigma", "specific heat", "Kaufman", "sigma", ""], rows))
    if flagged:
        print("* fewer than 50 autocorrelation times of samples in some observable")
    deviations = np.array(deviations)
    print(f"{len(deviations)} comparisons with exact values: rms deviation {np.sqrt(np.mean(deviations**2)):.2f} sigma, "
          f"largest {np.max(np.abs(deviations)):.2f}")
    energy = files.curves(file, TEMPERATURE, "energy", "lattice.L")
    heat = files.curves(file, TEMPERATURE, "specific_heat", "lattice.L")
    path = arguments.output or f"{_stem(arguments.file)}.png"
    figures.onsager_figure(path, energy, heat, "lattice.L", exact)
    print(f"figure: {path}")
    return 0 if np.max(np.abs(deviations)) < 6 else 1


def parser():
    top = argparse.ArgumentParser(prog="weiss-analysis", description="Tables, fits and figures from result files.")
    verbs = top.add_subparsers(dest="verb", required=True, metavar="VERB")

    def verb(name, function, text):
        sub = verbs.add_parser(name, help=text, description=text)
        sub.add_argument("file", help="result file <stem>.h5")
        sub.add_argument("--where", action="append", default=[], metavar="KEY=VALUE", help="tasks with this value only")
        sub.set_defaults(function=function)
        return sub

    sub = verb("table", table, "a table of any result file")
    sub.add_argument("--observables", help="comma list; default: the usual ones")
    sub.add_argument("--csv", action="store_true", help="full precision, one line a value")
    sub = verb("plot", plot, "any observable against any swept key, one curve per other key, error bars")
    sub.add_argument("--y", required=True, metavar="OBSERVABLE")
    sub.add_argument("--x", metavar="KEY", help="default: the temperature, or the first swept key")
    sub.add_argument("--by", metavar="KEY", help="one curve a value; default: the other swept key")
    sub.add_argument("-o", "--output", metavar="FIGURE.png")
    glass_commands.add_verbs(verb)
    scaling_commands.add_verbs(verb)
    cavity_commands.add_verbs(verb)
    thermodynamics_command.add_verb(verb)
    dmft_commands.add_verbs(verb)
    phase_diagram.add_verb(verbs)
    mean_field_order.add_verb(verb)
    end_point_command.add_verb(verb)
    sub = verb("onsager", onsager, "energy and specific heat against Onsager's and Kaufman's exact values")
    sub.add_argument("-o", "--output", metavar="FIGURE.png")
    return top


def main(words):
    try:
        arguments = parser().parse_args(words)
        return arguments.function(arguments) or 0
    except files.BadFile as error:
        print(f"weiss-analysis: {error}", file=sys.stderr)
        return 4
    except files.BadRequest as error:
        print(f"weiss-analysis: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        return 0
