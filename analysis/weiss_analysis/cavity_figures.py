"""Figures of weiss-cavity: Sigma(e), q(x) and P(q), distributions of fields, Monte Carlo against cavity."""
import numpy as np

from weiss_analysis import tables
from weiss_analysis.figures import COLOURS, MARKERS, colours, label, plt, save


def _show_the_counted_states(axes, curves):
    """Without most of what lies below 0, where there are no states and curves go far."""
    top = max(float((each.value + each.error).max()) for each in curves)
    if top <= 0:
        return
    bottom = max(min(float((each.value - each.error).min()) for each in curves), -1.2 * top)
    shown = np.concatenate([each.energy[each.value >= bottom] for each in curves])
    margin = 0.06 * np.ptp(shown)
    axes.set_ylim(bottom - 0.1 * top, 1.3 * top)
    axes.set_xlim(shown.min() - margin, shown.max() + margin)


def complexity_figure(path, curves, title):
    """Sigma against energy; a star and a dotted line where it is 0."""
    figure, axes = plt.subplots(figsize=(8.5, 6))
    axes.axhline(0, color="black", lw=1)
    for i, (colour, each) in enumerate(zip(colours(len(curves)), curves)):
        many = len(each.energy) > 25
        axes.errorbar(each.energy, each.value, xerr=None if many else each.energy_error, yerr=None if many else each.error,
                      fmt="-" if many else MARKERS[i % len(MARKERS)] + "-", ms=5.5, color=colour, label=each.name)
        if each.root is not None:
            axes.axvline(each.root[0], color=colour, lw=1.1, ls=":")
            axes.plot(each.root[0], 0, "*", ms=15, color=colour, mec="white", zorder=5,
                      label=f"$\\Sigma$ = 0 at $e$ = {tables.with_error(*each.root)}")
    _show_the_counted_states(axes, curves)
    axes.set_xlabel(label("energy"))
    axes.set_ylabel(r"complexity $\Sigma$")
    axes.xaxis.set_major_locator(plt.MaxNLocator(6))
    axes.set_title(title, fontsize=15)
    axes.legend()
    save(figure, path)


def _stems(axes, peaks, colour, offset=0.0):
    for q, weight in peaks:
        axes.plot([q + offset] * 2, [0, weight], "-", color=colour, lw=2.2)
        axes.plot(q + offset, weight, "o", ms=6, color=colour)


def overlap_function_figure(path, found, title):
    """q(x), and P(q) with its peaks on an axis of their own."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(14, 5.8))
    peaks = right.twinx()
    top = 0.0
    for colour, each in zip(colours(len(found)), found):
        if each.smooth():
            left.plot(each.x, each.q, "-", color=colour, label=each.name)
        else:
            left.stairs(each.heights, each.edges, baseline=None, color=colour, lw=1.8, label=each.name)
        q, density = each.density
        right.plot(q, density, "-", color=colour)
        _stems(peaks, each.peaks, colour)
        top = max([top, *density])
    left.set_xlim(0, 1)
    left.set_ylim(bottom=-0.02)
    left.set_xlabel("$x$")
    left.set_ylabel("overlap function $q(x)$")
    right.set_xlim(left=-0.02)
    if top > 0:
        usual = np.median(np.concatenate([each.density[1] for each in found]))
        right.set_ylim(0, min(1.05 * top, 10 * usual))
        right.set_ylabel("$P(q)$, continuous part (lines)")
    else:
        right.set_yticks([])
    right.set_xlabel("overlap $q$")
    peaks.set_ylim(0, 1.05)
    peaks.spines["right"].set_visible(True)
    peaks.grid(False)
    peaks.set_ylabel(r"weight of $\delta$ peaks (sticks)")
    figure.suptitle(title, fontsize=16)
    figure.tight_layout()
    columns = min(8, len(found))
    rows = -(-len(found) // columns)
    figure.subplots_adjust(bottom=0.13 + 0.05 * rows)
    figure.legend(*left.get_legend_handles_labels(), loc="lower center", ncol=columns)
    figure.savefig(path)
    plt.close(figure)


SYMBOL = {"message_distribution": ("cavity message $u$ / $J$", "$P(u)$ $J$"),
          "local_field_distribution": ("local field $X$ / $J$", "$P(X)$ $J$")}


def distribution_figure(path, found, name, title):
    """Densities as steps with bands; exact distributions as sticks on an axis of their own."""
    figure, axes = plt.subplots(figsize=(9.5, 6))
    sticks = axes.twinx() if any(each.discrete for each in found) else None
    for colour, each in zip(colours(len(found)), found):
        if each.discrete:
            _stems(sticks, list(zip(each.value, each.part)), colour)
            axes.plot([], [], "o-", color=colour, ms=6, lw=2.2, label=f"{each.name} (peaks, right axis)")
            continue
        density, error = each.density()
        axes.fill_between(each.value, density - error, density + error, step="mid", color=colour, alpha=0.3, lw=0)
        axes.step(each.value, density, where="mid", color=colour, label=each.name)
    x_label, y_label = SYMBOL.get(name, (name.replace("_", " "), "density"))
    axes.set_xlabel(x_label)
    axes.set_ylabel(y_label)
    axes.set_ylim(bottom=0)
    if sticks is not None:
        top = max(float(each.part.max()) for each in found if each.discrete)
        sticks.set_ylim(0, 1.25 * top)
        sticks.spines["right"].set_visible(True)
        sticks.grid(False)
        sticks.set_ylabel(r"probability of $\delta$ peaks")
    axes.set_title(title, fontsize=15)
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.14), ncol=3, fontsize=12)
    save(figure, path)


def bethe_figure(path, comparisons, ensemble, title):
    """Columns: energy, overlap. Rows: against temperature, difference in units of its error, sample by sample."""
    columns = len(comparisons)
    figure, axes = plt.subplots(3, columns, figsize=(7 * columns, 12), squeeze=False,
                                gridspec_kw={"height_ratios": [2.2, 1.1, 2]})
    names = {"energy": label("energy"), "overlap": r"overlap $[\langle q \rangle]$"}
    for column, each in enumerate(comparisons):
        above, residual, scatter = axes[:, column]
        (drawn, drawn_error), (solved, solved_error) = each.means()
        if each.name in ensemble:
            above.plot(*ensemble[each.name][:2], "-", color="0.35", lw=1.4, label="infinite graphs, population dynamics")
        above.errorbar(each.temperature, drawn, yerr=drawn_error, fmt="o", ms=9, mfc="white", color=COLOURS[0],
                       label="Monte Carlo")
        above.errorbar(each.temperature, solved, yerr=solved_error, fmt="x", ms=7, mew=2, color=COLOURS[1],
                       label="belief propagation, same samples")
        above.set_ylabel(names[each.name])
        above.legend()
        difference, error = each.difference()
        residual.axhspan(-1, 1, color="0.9", zorder=0, lw=0)
        residual.axhline(0, color="black", lw=1)
        residual.plot(each.temperature, difference / error, "x", ms=8, mew=2, color=COLOURS[1], label="same samples")
        if each.name in ensemble:
            t, value, value_error = ensemble[each.name]
            at = [int(np.argmin(np.abs(t - one))) for one in each.temperature]
            there = np.isclose(t[at], each.temperature)
            sigma = np.hypot(value_error[at], drawn_error)
            residual.plot(each.temperature[there], ((value[at] - drawn) / sigma)[there], "d", ms=7, color="0.35",
                          label="infinite graphs")
        residual.set_ylabel("(cavity - MC)\n/ error")
        residual.set_xlabel(label("model.temperature"))
        residual.sharex(above)
        residual.legend(fontsize=10, loc="best")
        for colour, row in zip(colours(len(each.temperature)), range(len(each.temperature))):
            one, other = each.monte_carlo[:, row], each.cavity[:, row]
            scatter.plot(one - one.mean(), other - one.mean(), "o", ms=4, alpha=0.75, color=colour,
                         label=f"$T$ = {each.temperature[row]:g}")
        low, high = scatter.get_xlim()
        scatter.plot([low, high], [low, high], "-", color="black", lw=1, zorder=0)
        scatter.xaxis.set_major_locator(plt.MaxNLocator(5))
        scatter.set_xlabel(f"{each.name} of a sample less the mean, Monte Carlo")
        scatter.set_ylabel("the same by\nbelief propagation")
        scatter.legend(fontsize=10)
    figure.suptitle(title, fontsize=17)
    save(figure, path)
