"""Figures of spin glasses: crossings, overlap distributions, replica exchange, equilibration."""
import numpy as np

from weiss_analysis import crossings, tables
from weiss_analysis.figures import COLOURS, MARKERS, colours, label, plt, save


def crossings_figure(path, curves, found, estimate, observable, reference):
    """Curves of all sizes, and an inset around the crossings."""
    figure, axes = plt.subplots(figsize=(8.5, 6.2))
    t, error, drift = estimate

    def draw(target, size):
        for i, (length, curve) in enumerate(curves.items()):
            colour = COLOURS[i % len(COLOURS)]
            target.errorbar(curve.temperature, curve.value, yerr=curve.error, fmt=MARKERS[i % len(MARKERS)], ms=size,
                            color=colour, label=f"$L$ = {length}")
            target.plot(*crossings.smooth(curve), "-", lw=1.3, color=colour)
        target.axvspan(t - error, t + error, color="0.78", zorder=0, lw=0)
        if reference is not None:
            target.axvline(reference[0], color="black", ls="--", lw=1.2, zorder=1)

    draw(axes, 5.5)
    axes.plot([], [], color="0.78", lw=9, label=f"$T_c$ = {tables.with_error(t, error)}")
    if reference is not None:
        axes.plot([], [], color="black", ls="--", lw=1.2, label=f"literature {tables.with_error(*reference)}")
    axes.set_xlabel(label("model.temperature"))
    axes.set_ylabel(label(observable))
    _zoom(axes, draw, curves, found, t)
    axes.legend(loc="lower left", frameon=True, framealpha=0.9, edgecolor="none")
    save(figure, path)


def _zoom(axes, draw, curves, found, t):
    """The neighbourhood of the crossings, where the main panel has room: top right."""
    temperatures = np.unique(np.concatenate([curve.temperature for curve in curves.values()]))
    spread = max(abs(pair.temperature - t) for pair in found)
    half = max(1.5 * spread, 1.6 * np.min(np.diff(temperatures)))
    if 2 * half > 0.6 * np.ptp(temperatures):
        return
    inset = axes.inset_axes([0.57, 0.55, 0.42, 0.43])
    draw(inset, 4)
    inside = np.concatenate([curve.value[np.abs(curve.temperature - t) <= half] for curve in curves.values()])
    inset.set_xlim(t - half, t + half)
    inset.set_ylim(inside.min() - 0.05 * np.ptp(inside), inside.max() + 0.05 * np.ptp(inside))
    inset.tick_params(labelsize=10)


def overlaps_figure(path, found, by_size, symbol):
    """P(q) with bands of one standard deviation; symbol: that of the size."""
    figure, axes = plt.subplots(figsize=(8.5, 6))
    for colour, each in zip(colours(len(found)), found):
        name = f"{symbol} = {each.size}" if by_size else f"$T$ = {each.temperature:.4g}"
        axes.fill_between(each.q, each.density - each.error, each.density + each.error, color=colour, alpha=0.25, lw=0)
        axes.plot(each.q, each.density, "-", color=colour, label=name)
    axes.set_xlim(-1, 1)
    axes.set_ylim(bottom=0)
    if not by_size:
        axes.set_title(f"{symbol} = {found[0].size}")
    else:
        axes.set_title(f"$T$ = {found[0].temperature:.4g}")
    axes.set_xlabel("overlap $q$")
    axes.set_ylabel("$P(q)$")
    axes.legend(ncol=2 if len(found) > 8 else 1, fontsize=12 if len(found) <= 8 else 10)
    save(figure, path)


def exchange_figure(path, tasks, suggestions):
    """Acceptance of neighbours with the suggested temperatures below, and where walkers last came from."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(14, 5.6))
    for i, (task, temperatures) in enumerate(tasks):
        colour, marker = COLOURS[i % len(COLOURS)], MARKERS[i % len(MARKERS)]
        name = None if len(tasks) == 1 else task.id
        acceptance = task.results["exchange_acceptance"].mean
        left.plot((temperatures[1:] + temperatures[:-1]) / 2, acceptance, marker + "-", color=colour, ms=6, label=name)
        right.plot(temperatures, task.results["fraction_from_hot"].mean, marker + "-", color=colour, ms=6, label=name)
        right.plot(temperatures, np.linspace(0, 1, len(temperatures)), ":", color=colour, lw=1.3)
        suggested = suggestions[i][0]
        left.plot(suggested, np.full(len(suggested), -0.05 * (i + 1)), "|", color=colour, ms=11, mew=1.8)
    left.plot([], [], "|", color="0.3", ms=11, mew=1.8, label="set of equal acceptance")
    right.plot([], [], ":", color="0.3", lw=1.3, label="even flow: equal steps a temperature")
    left.set_ylim(-0.05 * len(tasks) - 0.04, 1)
    left.set_yticks(np.linspace(0, 1, 6))
    right.set_ylim(-0.03, 1.03)
    left.set_ylabel("acceptance of neighbours")
    right.set_ylabel("fraction last seen at the hot end")
    for axes in (left, right):
        axes.set_xlabel(label("model.temperature"))
    left.legend()
    right.legend(loc="lower right")
    save(figure, path)


def equilibration_figure(path, columns):
    """One column a temperature: [(title, {name: Series})]; energy and its identity above, overlaps below."""
    figure, axes = plt.subplots(2, len(columns), figsize=(5.2 * len(columns), 8.4), squeeze=False, sharex="col")
    rows = ((("energy", "energy"), ("energy_from_links", r"from links, $-(M/N)\beta J^2(1 - q_l)$")),
            (("overlap_sq", r"$q^2$"), ("link_overlap", r"$q_l$")))
    for column, (title, series) in enumerate(columns):
        for row, names in enumerate(rows):
            panel = axes[row][column]
            for i, (name, text) in enumerate(names):
                if name in series:
                    each = series[name]
                    panel.errorbar(each.start, each.mean, yerr=np.nan_to_num(each.error), fmt=MARKERS[i] + "-", ms=6, label=text,
                                   color=COLOURS[2 * row + i], mfc="white" if i else COLOURS[2 * row])
            panel.set_xscale("log", base=2)
            if column == 0:
                panel.set_ylabel("energy per site / $J$" if row == 0 else "overlaps")
                panel.legend()
        axes[0][column].set_title(title)
        axes[1][column].set_xlabel("start of the window / measurements")
    save(figure, path)
