"""The verbs of finite-size scaling: collapse, extrapolate."""
import json
import os

import numpy as np

from weiss_analysis import collapse as scaling
from weiss_analysis import ensembles, extrapolation, files, scaling_average, tables
from weiss_analysis.glass_commands import (add_transition_options, figure_path, opened, reference_of, warn_of_drift,
                                           windowed)

SUSCEPTIBILITY = "spin_glass_susceptibility"
OF_OVERLAPS = ("correlation_length_ratio", "overlap_binder")


def _names(file, arguments):
    """The observables asked for, or those of OF_OVERLAPS that are there."""
    if arguments.observable is not None:
        return arguments.observable.split(",")
    return [name for name in OF_OVERLAPS if name in file.observables()] or list(OF_OVERLAPS)


def _is_extended(file, names, variable):
    """Couplings of either sign unless asked: where overlaps were measured, and for their ratios."""
    if variable is not None:
        return variable == "extended"
    return "overlap_sq" in file.observables() and all(name in OF_OVERLAPS for name in names)


def _choices(arguments, extended, sizes):
    omega = arguments.omega
    if omega not in (None, "none", "fit"):
        try:
            omega = float(omega)
        except ValueError:
            omega = 0.0
        if not 0 < omega < 10:
            raise files.BadRequest("--omega must be a number between 0 and 10, 'fit' or 'none'")
    if arguments.degree is not None and not 1 <= arguments.degree <= 15:
        raise files.BadRequest("--degree must be between 1 and 15")
    return scaling_average.Choices(omega, arguments.degree, extended).for_sizes(sizes)


def _curves(file, names, arguments):
    """{name: {size: Curve}} of the ratios, and of the logarithm of the susceptibility where there is one."""
    has_chi = SUSCEPTIBILITY in file.observables() and not arguments.ratio_only
    wanted = names + [SUSCEPTIBILITY] * has_chi
    curves = {name: windowed({size: curve.positive() for size, curve in found.items()}, arguments)
              for name, found in zip(wanted, ensembles.of_sizes(file, wanted))}
    common = set.intersection(*(set(found) for found in curves.values()))
    curves = {name: {size: curve for size, curve in found.items() if size in common} for name, found in curves.items()}
    scaling.require_sizes(curves[names[0]])
    if has_chi:
        curves[SUSCEPTIBILITY] = {size: scaling.logarithm(curve) for size, curve in curves[SUSCEPTIBILITY].items()}
    return curves


def _averages(points, names, choices):
    """(of the ratios, of eta or None), the former compared with those without the smallest size."""
    ratio_points = points.only(names)
    ratios = scaling_average.average_ratio(ratio_points, choices)
    eta = None
    if len(points.names) > len(names):
        eta = scaling_average.average_eta(points, ratios, choices, SUSCEPTIBILITY)
    sizes = points.sizes()
    if len(sizes) > 2:
        try:
            smaller = scaling_average.average_ratio(ratio_points.where(ratio_points.size > sizes[0]), choices)
        except files.BadRequest:
            return ratios, eta
        scaling_average.compare(ratios, smaller)
    return ratios, eta


def _best(average):
    """The fit of the largest weight; fits of eta come with their ratio."""
    return average.best[0] if isinstance(average.best, tuple) else average.best


def _quality(average):
    fit = _best(average)
    temperatures = fit.points.temperature
    return {"chi_square": fit.chi_square, "degrees_of_freedom": fit.degrees_of_freedom, "p_value": fit.p_value,
            "degree": fit.model.degree, "correction_degree": fit.model.correction, "omega": fit.model.omega,
            "temperatures": [float(temperatures.min()), float(temperatures.max())], "fits": len(average.fits)}


def _as_json(average):
    return {"parameters": {key: {"value": each.value, "error": each.error, "systematic": each.systematic,
                                 "without_smallest": each.without_smallest}
                           for key, each in average.estimates.items()}, "best_fit": _quality(average)}


def _rows(average, name):
    quality = _quality(average)
    window = "{:g}-{:g}".format(*quality["temperatures"])
    return [[key, tables.with_error(each.value, each.error), f"{each.systematic:.2g}",
             "-" if each.without_smallest is None else tables.with_error(*each.without_smallest),
             f"{quality['chi_square']:.1f}/{quality['degrees_of_freedom']}", f"{quality['p_value']:.2g}",
             quality["degree"], window, name] for key, each in average.estimates.items()]


def _omega_line(choices, asked, ratios):
    if choices.omega == "none":
        return "no corrections to scaling" + ("" if asked == "none" else ": these need four sizes, or --omega W")
    if choices.omega == "fit":
        omegas = np.array([fit.parameters[2] for fit in ratios.fits])
        errors = np.array([np.sqrt((fit.estimator @ fit.points.covariance @ fit.estimator.T)[2, 2])
                           for fit in ratios.fits])
        found = scaling_average.averaged(omegas, errors, ratios.shares)
        return f"corrections L^-omega: omega = {tables.with_error(found.value, np.hypot(found.error, found.systematic))}"
    return (f"corrections L^-omega: omega = {choices.omega:g}{'' if asked else ' (assumed; --omega W)'}, varied from "
            f"{choices.omega * min(scaling_average.RANGE_OF_OMEGA):.3g} to "
            f"{choices.omega * max(scaling_average.RANGE_OF_OMEGA):.3g}")


def collapse(arguments):
    from weiss_analysis import scaling_figures

    file = opened(arguments)
    names = _names(file, arguments)
    curves = _curves(file, names, arguments)
    warn_of_drift(file, curves[names[0]])
    choices = _choices(arguments, _is_extended(file, names, arguments.variable), len(curves[names[0]]))
    points = scaling.Points.of(curves)
    ratios, eta = _averages(points, names, choices)
    rows = _rows(ratios, "+".join(names)) + (_rows(eta, SUSCEPTIBILITY) if eta else [])
    print(tables.aligned(["", "value", "systematic", "without the smallest L", "chi^2/dof", "p-value", "degree", "window",
                          "of"], rows))
    print(f"mean of {len(ratios.fits)} fits by weight; quality of the best one. " +
          _omega_line(choices, arguments.omega, ratios))
    if min(_best(average).p_value for average in (ratios, eta) if average) < 0.01:
        print("the data do not collapse within their errors: narrow the window (--from, --to) or leave out small sizes "
              "(--sizes)")
    reference = reference_of(arguments)
    t_c = ratios.estimates["T_c"]
    if reference is not None:
        away = abs(t_c.value - reference[0]) / np.hypot(np.hypot(t_c.error, t_c.systematic), reference[1])
        print(f"literature T_c {tables.with_error(*reference)}: {away:.1f} errors away")
    path = figure_path(arguments, "collapse")
    numbers = os.path.splitext(path)[0] + ".json"
    with open(numbers, "w", encoding="utf-8") as out:
        json.dump({"file": os.path.basename(arguments.file), "sizes": [int(size) for size in points.sizes()],
                   "omega": choices.omega, "extended": choices.extended, "+".join(names): _as_json(ratios),
                   **({SUSCEPTIBILITY: _as_json(eta)} if eta else {})}, out, indent=2)
    scaling_figures.collapse_figure(path, ratios, eta, reference)
    print(f"figure: {path}, numbers: {numbers}")


def _exponent(text):
    try:
        top, _, bottom = text.partition("/")
        value = float(top) / (float(bottom) if bottom else 1.0)
    except (ValueError, ZeroDivisionError):
        value = 0.0
    if not 0 < value < np.inf:
        raise files.BadRequest(f"--exponent must be a number above 0 such as 2/3, not '{text}'")
    return value


def extrapolate(arguments):
    from weiss_analysis import scaling_figures

    file = opened(arguments)
    exponent = _exponent(arguments.exponent)
    data = extrapolation.points_of(file, arguments.observable, arguments.size, arguments.temperature)
    data = data.from_size(arguments.smallest)
    fit = extrapolation.fit(data, exponent, arguments.orders)
    rows = [[f"{size:g}", tables.with_error(value, error), f"{(value - curve) / error:+.1f}"]
            for size, value, error, curve in zip(data.size, data.value, data.error, fit.fitted)]
    print(tables.aligned([data.key, arguments.observable, "sigma from the fit"], rows))
    at = "" if data.temperature is None else f" at temperature {data.temperature:g}"
    print(f"{arguments.observable}{at} for {data.key} -> infinity: {tables.with_error(fit.value, fit.error)}")
    symbol = data.key.split(".")[-1]
    for order, (coefficient, error) in enumerate(zip(fit.coefficients[1:], fit.errors[1:]), 1):
        print(f"  coefficient of {symbol}^-{order * exponent:.4g}: {tables.with_error(coefficient, error)}")
    if fit.degrees_of_freedom:
        print(f"  chi^2/dof = {fit.chi_square:.2f}/{fit.degrees_of_freedom}, p-value {fit.p_value:.2g}")
    else:
        print("  as many coefficients as sizes: no test of the exponent")
    path = figure_path(arguments, f"{arguments.observable}.extrapolated")
    scaling_figures.extrapolation_figure(path, arguments.observable, data, fit)
    print(f"figure: {path}")


def add_verbs(verb):
    """verb(name, function, text) makes a sub-command."""
    sub = verb("collapse", collapse, "finite-size scaling: T_c, nu and eta that put all sizes on one curve, corrections to "
               "scaling included, with quality of fit; figure and JSON file")
    sub.add_argument("--observable", metavar="NAME,NAME...",
                     help="ratios with one T_c and nu; default: correlation_length_ratio,overlap_binder")
    sub.add_argument("--omega", metavar="W", help="exponent of corrections to scaling: a number, 'fit' or 'none'; default: "
                     f"{scaling_average.OMEGA:g} with {scaling_average.ENOUGH_SIZES} sizes or more, else none")
    sub.add_argument("--variable", choices=("extended", "plain"),
                     help="extended: (L T)^(1/nu) (1 - (T_c/T)^2), default for overlaps; plain: (T - T_c) L^(1/nu)")
    sub.add_argument("--degree", type=int, help="of the scaling polynomials; default: all that describe the data")
    sub.add_argument("--ratio-only", action="store_true", help="T_c and nu only, no susceptibility")
    add_transition_options(sub)
    sub = verb("extrapolate", extrapolate, "results of several sizes N fitted with O + a N^-exponent")
    sub.add_argument("--observable", required=True, metavar="NAME")
    sub.add_argument("--exponent", required=True, metavar="X", help="a number or a fraction such as 2/3")
    sub.add_argument("--orders", type=int, default=1, choices=(1, 2), help="2: also b N^-(2 exponent)")
    sub.add_argument("--size", metavar="KEY", help="key of the size; default: lattice.L, extents or N")
    sub.add_argument("--smallest", type=float, default=0.0, metavar="N", help="smallest size to use")
    sub.add_argument("--temperature", type=float, metavar="T", help="of an observable over temperature; default: lowest")
    sub.add_argument("-o", "--output", metavar="FIGURE.png")
