"""The verb thermodynamics: entropy, free energy and specific heat of sweeps of weiss-hubbard-dmft."""
import sys

import numpy as np

from weiss_analysis import files, tables
from weiss_analysis import thermodynamics as integration
from weiss_analysis.glass_commands import figure_path

TEMPERATURES, INTERACTION = (files.TEMPERATURE, "model.beta"), "model.interaction"


def _converged(file):
    if not all("energy_of_product" in task.results for task in file.finished()):
        raise files.BadRequest(f"{file.path}: is no run of weiss-hubbard-dmft")
    for task in file.finished():
        if task.parameters.get("model.orbitals", 1) != 1 or task.parameters.get("model.phonon_coupling", 0) != 0:
            raise files.BadRequest(f"{file.path}: integrals are those of one orbital without phonons")
    tasks = [task for task in file.finished() if float(task.results["converged"].mean) == 1]
    if len(tasks) < len(file.tasks):
        print(f"weiss-analysis: {len(file.tasks) - len(tasks)} of {len(file.tasks)} tasks are unfinished or did not converge, "
              "and are left out", file=sys.stderr)
    return tasks


def _axis(file, asked):
    swept = file.swept()
    along = {"temperature": any(key in swept for key in TEMPERATURES), "interaction": INTERACTION in swept}
    if asked is None:
        asked = "temperature" if along["temperature"] or not along["interaction"] else "interaction"
    if not along[asked]:
        raise files.BadRequest(f"{file.path}: {asked} is not swept; swept are {', '.join(swept) or 'no keys'}")
    return asked


def _of_group(tasks, axis, path):
    parameters = tasks[0].parameters
    density = parameters.get("model.density")
    rows = [integration.row_of(task) for task in tasks]
    if axis == "temperature":
        integration.refuse_unknown_start(parameters, path)
        return integration.over_temperature(rows, density, path)
    return integration.over_interaction(rows, parameters, density, path)


def curves(path, conditions, asked):
    """{what sets the curve apart: its thermodynamics} and the axis."""
    file = files.where(files.read(path), conditions)
    axis = _axis(file, asked)
    others = [key for key in file.swept() if key not in (TEMPERATURES if axis == "temperature" else (INTERACTION,))]
    groups = {}
    for task in sorted(_converged(file), key=tables.natural):
        groups.setdefault(tuple((key, task.parameters.get(key)) for key in others), []).append(task)
    return {group: _of_group(tasks, axis, path) for group, tasks in groups.items()}, axis


def _name(group):
    return ", ".join(f"{key.split('.')[-1].replace('_', ' ')} = {value}" for key, value in group)


def _cells(curve, i):
    return tables.with_error(float(curve.value[i]), float(curve.error()[i]))


def _table(found, axis):
    for group, each in found.items():
        print(f"\n{_name(group)}" if group else "")
        rows = [[f"{x:g}", f"{each.energy[i]:.6g}", _cells(each.entropy, i), _cells(each.free_energy, i),
                 _cells(each.grand_potential, i), "-" if each.heat is None else _cells(each.heat, i)]
                for i, x in enumerate(each.x)]
        print(tables.aligned([axis, "energy", "entropy", "free energy", "grand potential", "specific heat"], rows))


def _csv(found, axis):
    print(f"curve,{axis},temperature,energy,quantity,value,statistical_error,resolution_error")
    for group, each in found.items():
        for name in ("entropy", "free_energy", "grand_potential", "heat"):
            curve = getattr(each, name)
            for i in range(0 if curve is None else len(each.x)):
                numbers = (each.x[i], each.temperature[i], each.energy[i])
                errors = (curve.value[i], curve.statistical[i], curve.resolution[i])
                print(",".join([f'"{_name(group)}"', *(repr(float(v)) for v in numbers),
                                "specific_heat" if name == "heat" else name, *(repr(float(v)) for v in errors)]))


def _figure(path, found, axis):
    from weiss_analysis import figures

    figure, (left, right) = figures.plt.subplots(1, 2, figsize=(13, 5.4))
    shades = figures.colours(len(found))
    for i, (group, each) in enumerate(found.items()):
        # -T S(infinity) would hide all else.
        for axes, curve, shift in ((left, each.entropy, 0), (right, each.free_energy, each.temperature * each.highest_entropy)):
            axes.errorbar(each.x, curve.value + shift, yerr=curve.error(), fmt=figures.MARKERS[i % len(figures.MARKERS)] + "-", ms=4,
                          color=shades[i], label=_name(group) or None)
    for value, name in ((np.log(4), "ln 4"), (np.log(2), "ln 2")):
        left.axhline(value, color="0.5", lw=1, ls=":", zorder=0)
        left.text(1.0, value, f" {name}", transform=left.get_yaxis_transform(), va="center", color="0.4")
    spread = np.concatenate([each.x for each in found.values()])
    free = r"$F + T S(\infty)$ a site" if axis == "temperature" else "free energy a site"
    for axes, words in ((left, "entropy a site, $k_B$"), (right, free)):
        axes.set_xlabel("temperature" if axis == "temperature" else "interaction")
        axes.set_ylabel(words)
        if axis == "temperature" and spread.max() > 10 * spread.min():
            axes.set_xscale("log")
    left.set_ylim(bottom=min(0, left.get_ylim()[0]))
    if left.get_legend_handles_labels()[1]:
        left.legend()
    figures.save(figure, path)


def thermodynamics(arguments):
    found, axis = curves(arguments.file, arguments.where, arguments.along)
    if arguments.csv:
        _csv(found, axis)
        return
    _table(found, axis)
    path = figure_path(arguments, "thermodynamics")
    _figure(path, found, axis)
    print(f"figure: {path}")


def add_verb(verb):
    """verb(name, function, text) makes a sub-command."""
    sub = verb("thermodynamics", thermodynamics,
               "entropy, free energy and specific heat of weiss-hubbard-dmft, integrated along temperature or interaction")
    sub.add_argument("--along", choices=("temperature", "interaction"), help="default: the one that is swept, temperature first")
    sub.add_argument("--csv", action="store_true", help="full precision and both errors, one line a value")
    sub.add_argument("-o", "--output", metavar="FIGURE.png")
