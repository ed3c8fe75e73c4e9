"""Figures of finite-size scaling: collapses and extrapolations."""
from fractions import Fraction

import numpy as np
from matplotlib.ticker import FormatStrFormatter
from scipy.interpolate import PchipInterpolator

from weiss_analysis import tables
from weiss_analysis.figures import COLOURS, MARKERS, label, plt, save

PAPER = {"facecolor": "white", "alpha": 0.85, "edgecolor": "none"}
SCALED = {"correlation_length_ratio": r"$\xi / L$", "overlap_binder": "Binder ratio $g$", "binder": "Binder ratio $U$",
          "binder_improved": "Binder ratio $U$"}


def collapse_figure(path, ratios, eta=None, reference=None):
    """Scaled data of the best fit, a panel a ratio and one for the susceptibility; open symbols: before corrections."""
    fit = ratios.best
    panels = len(fit.points.names) + (eta is not None)
    figure, all_axes = plt.subplots(1, panels, figsize=(7.6 * panels, 6), squeeze=False)
    for i, (axes, name) in enumerate(zip(all_axes[0], fit.points.names)):
        here = fit.points.observable == i
        _panel(axes, fit, fit.parameters, here, fit.points.value, fit.points.error, fit.fitted, fit.correction)
        axes.set_ylabel(SCALED.get(name, label(name)) + _corrected(fit.model))
    text = [f"$T_c$ = {_number(ratios, 'T_c')}", rf"$\nu$ = {_number(ratios, 'nu')}", _quality(fit)]
    if reference is not None:
        text.append(f"literature: $T_c$ = {tables.with_error(*reference)}")
    first = all_axes[0][0]
    first.text(0.04, 0.04, "\n".join(text), transform=first.transAxes, va="bottom", bbox=PAPER)
    first.legend(loc="upper right")
    if eta is not None:
        _susceptibility_panel(all_axes[0][-1], eta)
    save(figure, path)


def _susceptibility_panel(axes, eta):
    fit, ratio = eta.best
    scale = fit.model.base(fit.points) ** (fit.eta - 2)
    field = fit.field
    value = np.exp(fit.points.value - field) * scale
    _panel(axes, fit, ratio.parameters, np.full(len(value), True), value, value * fit.points.error,
           np.exp(fit.fitted - field) * scale, None, value * np.exp(-fit.correction))
    base = "(L T)" if fit.model.extended else "L"
    axes.set_ylabel(rf"$\chi_{{SG}}\, {base}^{{\eta - 2}}$" + (r"$e^{-a(T)}$" if fit.model.field else "") +
                    _corrected(fit.model))
    axes.set_yscale("log")
    axes.yaxis.set_major_formatter(FormatStrFormatter("%g"))
    if np.ptp(np.log10(axes.get_ylim())) < 1:  # less than a decade
        axes.yaxis.set_minor_formatter(FormatStrFormatter("%g"))
    axes.text(0.04, 0.04, "\n".join([rf"$\eta$ = {_number(eta, 'eta')}", _quality(fit)]), transform=axes.transAxes,
              va="bottom", bbox=PAPER)


def _corrected(model):
    return rf", less $L^{{-{model.omega:.2g}}}$ terms" if model.correction >= 0 else ""


def _panel(axes, fit, parameters, here, value, error, fitted, correction, corrected=None):
    """The curve of infinite size, data on it, and where they lie before correction."""
    points, model = fit.points, fit.model
    x = model.scaled(points.size, points.temperature, *parameters[:2])
    if corrected is None:
        corrected = value - correction
    curve = fitted + corrected - value if correction is not None else fitted * corrected / value
    knots, first = np.unique(x[here], return_index=True)
    grid = np.linspace(knots[0], knots[-1], 301)
    axes.plot(grid, PchipInterpolator(knots, curve[here][first])(grid), "-", color="0.55", lw=1.4, zorder=0)
    for i, size in enumerate(points.sizes()):
        these = here & (points.size == size)
        colour, marker = COLOURS[i % len(COLOURS)], MARKERS[i % len(MARKERS)]
        axes.errorbar(x[these], corrected[these], yerr=error[these], fmt=marker, ms=6, color=colour,
                      label=f"$L$ = {size:g}")
        if model.correction >= 0:
            axes.plot(x[these], value[these], marker, ms=6, mfc="none", mec=colour, alpha=0.45, lw=0)
    if model.correction >= 0:
        axes.plot([], [], "o", ms=6, mfc="none", mec="0.5", lw=0, label="as measured")
    axes.axvline(0, color="0.6", lw=1, ls=":")
    axes.set_xlabel(r"$(L T / T_c)^{1/\nu}\, [1 - (T_c / T)^2]$" if model.extended else r"$(T - T_c)\, L^{1/\nu}$")


def _number(average, key):
    each = average.estimates[key]
    return tables.with_error(each.value, each.error) + rf" $\pm$ {each.systematic:.1g}"


def _quality(fit):
    return rf"$\chi^2$/dof = {fit.chi_square:.1f}/{fit.degrees_of_freedom}, $p$ = {fit.p_value:.2g}"


def extrapolation_figure(path, observable, data, fit):
    """Values against N^-exponent, the fit with its band, and the limit."""
    figure, axes = plt.subplots(figsize=(8.5, 6))
    x = data.size**-fit.exponent
    grid = np.linspace(0, 1.03 * x.max(), 201)
    value, error = fit.curve(grid)
    axes.fill_between(grid, value - error, value + error, color=COLOURS[0], alpha=0.2, lw=0)
    axes.plot(grid, value, "-", color=COLOURS[0])
    axes.errorbar(x, data.value, yerr=data.error, fmt="o", ms=6, color=COLOURS[1])
    axes.errorbar([0], [fit.value], yerr=[fit.error], fmt="s", ms=7, color=COLOURS[0], clip_on=False, zorder=5,
                  label=f"limit {tables.with_error(fit.value, fit.error)}")
    axes.set_xlim(0, grid[-1])
    near = Fraction(fit.exponent).limit_denominator(9)
    exponent = str(near) if abs(near - fit.exponent) < 1e-6 else f"{fit.exponent:.3g}"
    axes.set_xlabel(rf"${data.key.split('.')[-1]}^{{-{exponent}}}$")
    axes.set_ylabel(label(observable))
    title = [] if data.temperature is None else [f"$T$ = {data.temperature:.4g}"]
    if fit.degrees_of_freedom:
        title.append(rf"$\chi^2$/dof = {fit.chi_square:.1f}/{fit.degrees_of_freedom}, $p$ = {fit.p_value:.2g}")
    axes.set_title(", ".join(title), fontsize=14)
    axes.legend()
    save(figure, path)
