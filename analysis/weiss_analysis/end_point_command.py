"""The verb end-point: the end point of the Mott transition from D(U) at temperatures above and below it."""
import sys

import numpy as np

from weiss_analysis import end_point as fits
from weiss_analysis import files, names, tables
from weiss_analysis.glass_commands import figure_path, opened

INTERACTION, VALUE = "model.interaction", "double_occupancy"
BRANCHES = {"run.chain_direction": "backward", "algorithm.solution_start": "insulator"}


def _branch_key(file):
    swept = file.swept()
    keys = [key for key in BRANCHES if key in swept]
    others = [key for key in swept if key not in (files.TEMPERATURE, "model.beta", INTERACTION, *keys)]
    if others:
        raise files.BadRequest(f"{file.path}: {', '.join(others)} differ between tasks; choose one value by --where")
    if len(keys) > 1:
        raise files.BadRequest(f"{file.path}: {' and '.join(keys)} are swept; choose one value of one by --where")
    if INTERACTION not in swept:
        raise files.BadRequest(f"{file.path}: {INTERACTION} is not swept; give runs of weiss-hubbard-dmft over it and "
                               f"{files.TEMPERATURE}")
    return keys[0] if keys else None


def points_of(file):
    key = _branch_key(file)
    files.require(file, VALUE)
    tasks = [task for task in file.finished() if float(task.results["converged"].mean) == 1]
    if len(tasks) < len(file.tasks):
        print(f"weiss-analysis: {len(file.tasks) - len(tasks)} of {len(file.tasks)} tasks are unfinished or did not converge, "
              "and are left out: run.sweeps is their budget", file=sys.stderr)
    rows = [(task.temperature(), task.parameters[INTERACTION], float(task.results[VALUE].mean),
             np.nan_to_num(float(task.results[VALUE].error)), task.parameters.get(key) == BRANCHES.get(key),
             task.results[VALUE].enough)
            for task in sorted(tasks, key=lambda task: task.parameters[INTERACTION])]
    points = fits.Points(*(np.array(column) for column in zip(*rows))) if rows else None
    needed = int(np.ceil(fits.FEWEST * (fits.DEGREES[0] + 1) * (fits.ORDER + 1)))
    if points is None or len(points.temperatures()) <= fits.ORDER or points.distinct() < needed:
        there = 0 if points is None else len(points.temperatures())
        raise files.BadRequest(f"{file.path}: {len(rows)} converged tasks at {there} temperatures; an end point needs "
                               f"{needed} different solutions at {fits.ORDER + 1}: sweep {files.TEMPERATURE} and {INTERACTION} "
                               "more finely")
    points.falling = points.falling.astype(bool) if key else np.zeros(len(rows), bool)
    points.temperature = files.rounded(points.temperature)
    return points


def _between(limits):
    return "-" if limits is None else " .. ".join("?" if u is None else f"{u:g}" for u in limits)


def _steepest(isotherm):
    value, error = isotherm.inverse_slope
    if not value > 2 * error:
        return "-"
    return tables.with_error(1 / value, error / value**2)


def _table(found):
    rows = [[f"{each.temperature:g}", each.solutions or "?", _between(each.lower), _between(each.upper), _steepest(each),
             tables.with_error(*each.inverse_slope), tables.with_error(*each.at)] for each in found.isotherms]
    return tables.aligned(["T", "solutions", "Uc1", "Uc2", "steepest slope", "1/slope", "at U"], rows)


def _draw_isotherms(axes, points, found):
    from weiss_analysis import figures

    temperatures = points.temperatures()
    for colour, t in zip(figures.colours(len(temperatures)), temperatures):
        for falling, fill in ((False, colour), (True, "none")):
            here = points.those((points.temperature == t) & (points.falling == falling))
            axes.errorbar(here.interaction, here.value, yerr=here.error if np.any(here.error > 0) else None,
                          fmt="v" if falling else "^", ms=5, mfc=fill, color=colour, lw=1,
                          label=None if falling else f"{t:g}")
        surface = found.surface
        if surface is not None and abs(t - surface.centre) <= surface.span * (1 + 1e-9):
            z = np.linspace(-1, 1, 301)
            u = surface.derivative(fits.stretched(z, surface.k), (t - surface.centre) / surface.span)
            axes.plot(u, surface.middle + surface.half * z, "-", color=colour, lw=1)
    if np.isfinite(found.temperature[0]):
        axes.errorbar(found.interaction[0], found.value[0], xerr=found.interaction[1], yerr=found.value[1], fmt="*", ms=15,
                      color="black", zorder=5)
    spread = points.interaction
    axes.set_xlim(spread.min() - 0.03 * np.ptp(spread), spread.max() + 0.03 * np.ptp(spread))
    axes.set_xlabel(figures.label(INTERACTION))
    axes.set_ylabel(figures.label(VALUE))
    if np.any(points.falling):
        axes.text(0.02, 0.02, "up: from the metal\ndown: from the insulator", transform=axes.transAxes, fontsize=11)
    axes.legend(title="$T$", fontsize=10, title_fontsize=12, ncol=1 + len(temperatures) // 8)


def _draw_slopes(axes, found):
    from weiss_analysis import figures

    known = [(each.temperature, *each.inverse_slope) for each in found.isotherms if np.isfinite(each.inverse_slope[0])]
    if known:
        t, slope, error = np.array(known).T
        axes.errorbar(t, slope, yerr=error, fmt="o-", color=figures.COLOURS[0])
    axes.axhline(0, color="0.5", lw=1, zorder=0)
    if np.isfinite(found.temperature[0]):
        axes.errorbar(found.temperature[0], 0, xerr=found.temperature[1], fmt="*", ms=15, color="black", zorder=5)
    axes.set_xlabel(figures.label(files.TEMPERATURE, electrons=True))
    axes.set_ylabel(r"1 / steepest slope, $\min_U |dU / d\langle n_\uparrow n_\downarrow \rangle|$")


def _draw_plane(axes, found):
    from weiss_analysis import figures

    isotherms = found.isotherms
    if found.surface is not None:
        levels = np.linspace(isotherms[0].temperature, found.temperature[0], 60)
        lines = [(t, *limits) for t in levels if (limits := found.surface.limits(t))]
        if lines:
            t, low, high = np.array(lines).T
            axes.fill_betweenx(t, low, high, color=figures.COLOURS[0], alpha=0.2, lw=0, label="two solutions")
    for which, colour, name in (("lower", figures.COLOURS[1], "$U_{c1}$"), ("upper", figures.COLOURS[2], "$U_{c2}$")):
        known = [(each.temperature, *getattr(each, which)) for each in isotherms
                 if getattr(each, which) is not None and None not in getattr(each, which)]
        if known:
            t, low, high = np.array(known).T
            axes.errorbar((low + high) / 2, t, xerr=(high - low) / 2, fmt="|", color=colour, label=f"{name} between tasks")
    steep = [each for each in isotherms if each.inverse_slope[0] > 0 and np.isfinite(each.at[0])]
    if steep:
        axes.errorbar([each.at[0] for each in steep], [each.temperature for each in steep], xerr=[each.at[1] for each in steep],
                      fmt="o", ms=5, color=figures.COLOURS[3], label="steepest slope")
    if np.isfinite(found.temperature[0]):
        axes.errorbar(found.interaction[0], found.temperature[0], xerr=found.interaction[1], yerr=found.temperature[1],
                      fmt="*", ms=15, color="black", zorder=5, label="end point")
    axes.set_xlabel(figures.label(INTERACTION))
    axes.set_ylabel(figures.label(files.TEMPERATURE, electrons=True))
    if axes.get_legend_handles_labels()[1]:
        axes.legend(fontsize=11)


def _figure(path, points, found, title):
    from weiss_analysis import figures

    figure, panels = figures.plt.subplots(1, 3, figsize=(18, 6))
    _draw_isotherms(panels[0], points, found)
    _draw_slopes(panels[1], found)
    _draw_plane(panels[2], found)
    figure.suptitle(title, fontsize=16)
    figures.save(figure, path)


def end_point(arguments):
    file = opened(arguments)
    points = points_of(file)
    found = fits.end_point(points)
    print(_table(found))
    if not np.all(points.enough):
        print(f"{np.sum(~points.enough)} of {len(points.enough)} tasks have fewer than 50 autocorrelation times of samples: their "
              "errors are too small to tell two solutions (?), raise algorithm.updates and algorithm.measured_iterations")
    if found.note:
        print(f"no end point: {found.note}")
    else:
        print(f"end point: T = {tables.with_error(*found.temperature)}, U = {tables.with_error(*found.interaction)}, "
              f"{VALUE} = {tables.with_error(*found.value)} ({found.fits} fits)")
        if found.temperature[0] < points.temperature.min():
            print("it is below all temperatures: sweep lower ones too")
    path = figure_path(arguments, "end_point")
    _figure(path, points, found, names.title(file, without=(files.TEMPERATURE, INTERACTION)))
    print(f"figure: {path}")


def add_verb(verb):
    sub = verb("end-point", end_point, "the end point of a mean-field first-order transition, from the double occupancy along "
                                       "interaction at several temperatures; hysteresis where both branches are swept")
    sub.add_argument("-o", "--output", metavar="FIGURE.png")
