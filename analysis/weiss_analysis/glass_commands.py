"""The verbs for spin glasses and transitions: crossings, overlaps, exchange, equilibration."""
import os
import sys

import numpy as np

from weiss_analysis import crossings as fits
from weiss_analysis import ensembles, files, samples, tables
from weiss_analysis import equilibration as windows
from weiss_analysis import exchange as sets
from weiss_analysis import overlaps as histograms

def opened(arguments):
    """The file with realisations merged; a notice where tasks are unfinished."""
    file = files.where(files.read(arguments.file), arguments.where)
    unfinished = [task for task in file.tasks if task.status != "done"]
    if unfinished:
        print(f"weiss-analysis: {len(unfinished)} of {len(file.tasks)} tasks are unfinished", file=sys.stderr)
    if not file.finished():
        raise files.BadRequest(f"{file.path}: no task has results yet")
    return samples.merged(file)


def figure_path(arguments, name):
    return arguments.output or f"{os.path.splitext(arguments.file)[0]}.{name}.png"


def reference_of(arguments):
    return None if arguments.reference is None else (arguments.reference, arguments.reference_error)


def windowed(curves, arguments):
    """Temperatures between --from and --to of the sizes asked for."""
    if arguments.sizes is not None:
        wanted = numbers_in(arguments.sizes)
        missing = [size for size in wanted if size not in curves]
        if missing:
            raise files.BadRequest(f"no size {missing[0]:g}; there are {', '.join(map(str, curves))}")
        curves = {size: curve for size, curve in curves.items() if size in wanted}
    low = -np.inf if arguments.low is None else arguments.low
    high = np.inf if arguments.high is None else arguments.high
    cut = {size: curve.window(low, high) for size, curve in curves.items()}
    left = {size: curve for size, curve in cut.items() if len(curve.value)}
    if curves and not left:
        raise files.BadRequest(f"no temperature between {low:g} and {high:g}")
    return left


def warn_of_drift(file, curves):
    """Temperatures in use that the program found still drifting."""
    for task in file.finished():
        if "equilibrated" in task.results and task.size_key() and task.size() in curves:
            result = task.results["equilibrated"]
            drifting = result.axes["temperature"][result.mean == 0]
            count = np.count_nonzero(np.isin(curves[task.size()].temperature, drifting))
            if count:
                print(f"{task.id}: {count} temperatures in use are not equilibrated (weiss-analysis equilibration); "
                      "lengthen the run")


def _print_extrapolated(arguments, found):
    if arguments.nu is None:
        return
    if not (arguments.nu > 0 and arguments.omega > 0):
        raise files.BadRequest("--nu and --omega must be above 0")
    limit = fits.extrapolated(found, arguments.omega, arguments.nu)
    if limit is None:
        print("an extrapolation needs two pairs of sizes")
        return
    quality = f", chi^2/dof = {limit.chi_square:.1f}/{limit.degrees_of_freedom}" if limit.degrees_of_freedom else ""
    print(f"extrapolated with omega = {arguments.omega:g}, nu = {arguments.nu:g}: "
          f"{tables.with_error(limit.temperature, limit.error)}{quality}")


def crossings(arguments):
    from weiss_analysis import glass_figures

    file = opened(arguments)
    curves = windowed(ensembles.of_sizes(file, [arguments.observable])[0], arguments)
    warn_of_drift(file, curves)
    found = fits.crossings(curves)
    print(tables.aligned(["L1", "L2", "T_crossing", arguments.observable, "resamples that cross"],
                         [[pair.small, pair.large, tables.with_error(pair.temperature, pair.error),
                           tables.with_error(pair.value, pair.value_error), f"{100 * pair.share:.0f} %"] for pair in found]))
    crossing = {(pair.small, pair.large) for pair in found}
    for pair in [pair for pair in zip(curves, list(curves)[1:]) if pair not in crossing]:
        print(f"sizes {pair[0]} and {pair[1]} do not cross in the window of temperatures")
    if any(pair.share < 0.95 for pair in found):
        print("where resamples do not cross in the window, errors are too small: widen the window of temperatures")
    t, error, drift = fits.best_estimate(found)
    print(f"T_c = {tables.with_error(t, error)} (statistical), " +
          (f"drift between the last two pairs {drift:.2g}" if len(found) > 1 else "from one pair, so without a drift"))
    if len(found) > 1:
        mean, mean_error, chi_square, freedom = fits.mean_of_pairs(found)
        print(f"mean of all pairs: {tables.with_error(mean, mean_error)}; one temperature fits them with "
              f"chi^2/dof = {chi_square:.1f}/{freedom}")
    _print_extrapolated(arguments, found)
    reference = reference_of(arguments)
    if reference is not None:
        away = abs(t - reference[0]) / np.hypot(error, reference[1])
        print(f"literature {tables.with_error(*reference)}: {away:.1f} statistical errors away")
    path = figure_path(arguments, arguments.observable)
    glass_figures.crossings_figure(path, curves, found, (t, error, drift), arguments.observable, reference)
    print(f"figure: {path}")


def numbers_in(text):
    try:
        return None if text is None else [float(part) for part in text.split(",")]
    except ValueError:
        raise files.BadRequest(f"'{text}' is not a list of numbers such as 0.9,1.1") from None


def overlaps(arguments):
    from weiss_analysis import glass_figures

    file = opened(arguments)
    found = histograms.distributions(file, arguments.size, numbers_in(arguments.temperatures))
    symbol = "$N$" if any(task.size_key() == "lattice.N" for task in file.finished()) else "$L$"
    sizes, temperatures = {each.size for each in found}, {each.temperature for each in found}
    if len(sizes) > 1 and len(temperatures) > 1:
        raise files.BadRequest(f"{arguments.file}: choose one size (--size {min(sizes)}) or one temperature "
                               f"(--temperatures {min(temperatures):g})")
    print(tables.aligned(["size", "temperature", f"mean P at |q| <= {histograms.NEAR_ZERO:g}"],
                         [[each.size, f"{each.temperature:g}", tables.with_error(each.near_zero, each.near_zero_error)]
                          for each in found]))
    path = figure_path(arguments, "overlaps")
    glass_figures.overlaps_figure(path, found, len(sizes) > 1, symbol)
    print(f"figure: {path}")


def exchange(arguments):
    from weiss_analysis import glass_figures

    file = opened(arguments)
    files.require(file, "exchange_acceptance")
    tasks = [(task, sets.temperatures_of(task)) for task in sorted(file.finished(), key=tables.natural)
             if "exchange_acceptance" in task.results]
    if arguments.acceptance is not None and not 0 < arguments.acceptance < 1:
        raise files.BadRequest("--acceptance must be between 0 and 1")
    suggestions, rows = [], []
    for task, temperatures in tasks:
        acceptance = task.results["exchange_acceptance"].mean
        suggestions.append(sets.equal_acceptance(temperatures, acceptance, arguments.count, arguments.acceptance))
        worst = int(np.argmin(acceptance))
        trips = task.results.get("round_trips")
        rows.append([task.id, len(temperatures), f"{acceptance.mean():.3f}",
                     f"{acceptance[worst]:.3f} at {temperatures[worst]:g}-{temperatures[worst + 1]:g}",
                     "-" if trips is None else tables.with_error(float(trips.mean), float(trips.error))])
    print(tables.aligned(["task", "temperatures", "mean acceptance", "lowest", "round trips a walker and 1000 steps"], rows))
    for (task, _), (temperatures, level) in zip(tasks, suggestions):
        print(f"\n# {task.id}: {len(temperatures)} temperatures of acceptance {level:.2g} each")
        print(sets.deck_line(temperatures))
    path = figure_path(arguments, "exchange")
    glass_figures.exchange_figure(path, tasks, suggestions)
    print(f"figure: {path}")


def _chosen_rows(temperatures, wanted):
    if wanted is not None:
        return [histograms.nearest_row(temperatures, t) for t in wanted]
    return sorted({0, len(temperatures) // 2, len(temperatures) - 1})


def equilibration(arguments):
    from weiss_analysis import glass_figures

    tasks = sorted(windows.tasks_of(opened(arguments), arguments.size), key=tables.natural)
    rows = []
    for task in tasks:
        temperatures = task.results["equilibration_energy"].axes["temperature"]
        verdicts = windows.verdicts(task) or ["-"] * len(temperatures)
        deviation = task.results.get("identity_deviation")
        for row, t in enumerate(temperatures):
            identity = "-" if deviation is None else tables.with_error(deviation.mean[row], deviation.error[row])
            rows.append([task.id, f"{t:g}", verdicts[row], identity,
                         *(f"{windows.last_change(task, name, row):+.1e}" for name in ("energy", "overlap_sq"))])
    print(tables.aligned(["task", "temperature", "verdict", "identity_deviation", "last change of energy",
                          "of overlap_sq"], rows))
    shown = tasks[-1]
    temperatures = shown.results["equilibration_energy"].axes["temperature"]
    verdicts = windows.verdicts(shown) or [""] * len(temperatures)
    columns = []
    for row in _chosen_rows(temperatures, numbers_in(arguments.temperatures)):
        series = {name: windows.series_of(shown, name, row)
                  for name in ("energy", "energy_from_links", "overlap_sq", "link_overlap")}
        columns.append((f"$T$ = {temperatures[row]:.4g}: {verdicts[row]}",
                        {name: each for name, each in series.items() if each is not None}))
    path = figure_path(arguments, "equilibration")
    glass_figures.equilibration_figure(path, columns)
    print(f"figure of {shown.id}: {path}")


def add_transition_options(sub):
    sub.add_argument("--sizes", metavar="L,L...", help="default: all")
    sub.add_argument("--from", dest="low", type=float, metavar="T", help="lowest temperature to use")
    sub.add_argument("--to", dest="high", type=float, metavar="T", help="highest temperature to use")
    sub.add_argument("--reference", type=float, metavar="T_C", help="literature value, drawn for comparison")
    sub.add_argument("--reference-error", type=float, default=0.0, metavar="ERROR")
    sub.add_argument("-o", "--output", metavar="FIGURE.png")


def _add_extrapolation_options(sub):
    sub.add_argument("--nu", type=float, metavar="NU", help="also extrapolate the pairs to infinite size, with this nu")
    sub.add_argument("--omega", type=float, default=1.0, metavar="W", help="and this exponent of corrections (1)")


def add_verbs(verb):
    """verb(name, function, text) makes a sub-command."""
    sub = verb("crossings", crossings, "T_c from the crossings of a dimensionless ratio of neighbouring sizes, errors by "
               "bootstrap over samples")
    sub.add_argument("--observable", default="correlation_length_ratio",
                     help="correlation_length_ratio (default), overlap_binder, binder, binder_improved")
    _add_extrapolation_options(sub)
    add_transition_options(sub)
    sub = verb("binder", crossings, "crossings of the Binder ratio of the magnetization")
    sub.add_argument("--observable", default="binder", help="default: binder")
    _add_extrapolation_options(sub)
    add_transition_options(sub)
    sub = verb("overlaps", overlaps, "P(q): one curve a temperature or a size, with error bands")
    sub.add_argument("--size", type=int, help="one L (or N)")
    sub.add_argument("--temperatures", metavar="T,T...", help="default: all")
    sub.add_argument("-o", "--output", metavar="FIGURE.png")
    sub = verb("exchange", exchange, "diagnostics of replica exchange, and a temperature set of equal acceptance as a line "
               "for the deck")
    sub.add_argument("--count", type=int, help="number of temperatures; default: as many as there are")
    sub.add_argument("--acceptance", type=float, help="as few temperatures as have this acceptance")
    sub.add_argument("-o", "--output", metavar="FIGURE.png")
    sub = verb("equilibration", equilibration, "verdicts, and observables in windows of doubling length")
    sub.add_argument("--size", type=int, help="one L (or N); the figure shows the largest")
    sub.add_argument("--temperatures", metavar="T,T...", help="of the figure; default: lowest, middle, highest")
    sub.add_argument("-o", "--output", metavar="FIGURE.png")
