"""The verbs for weiss-cavity: complexity, overlap-function, distribution, bethe."""
import numpy as np

from weiss_analysis import cavity_curves as curves
from weiss_analysis import files, names, tables
from weiss_analysis.glass_commands import figure_path, numbers_in


def _read(path, conditions=()):
    file = files.where(files.read(path), conditions)
    if not file.finished():
        raise files.BadRequest(f"{path}: no task has results yet")
    return file


def complexity(arguments):
    from weiss_analysis import cavity_figures

    file = _read(arguments.file, arguments.where)
    found = curves.complexities(file)
    print(tables.aligned(["curve", "points", "largest complexity", "energy where it is 0"],
                         [[each.name, len(each.energy),
                           tables.with_error(each.value.max(), each.error[np.argmax(each.value)]),
                           "-" if each.root is None else tables.with_error(*each.root)] for each in found]))
    path = figure_path(arguments, "complexity")
    cavity_figures.complexity_figure(path, found, names.title(file))
    print(f"figure: {path}")


def overlap_function(arguments):
    from weiss_analysis import cavity_figures

    file = _read(arguments.file, arguments.where)
    found = curves.overlap_functions(file, numbers_in(arguments.temperatures))
    print(tables.aligned(["curve", "q(0)", "q(1)", "weight of q(1)"],
                         [[each.name.replace("$", ""), f"{each.q[0]:.5f}", f"{each.heights[-1]:.5f}",
                           f"{each.peaks[-1][1]:.4f}"] for each in found]))
    path = figure_path(arguments, "overlap_function")
    cavity_figures.overlap_function_figure(path, found, names.title(file))
    print(f"figure: {path}")


def distribution(arguments):
    from weiss_analysis import cavity_figures

    file = _read(arguments.file, arguments.where)
    found = curves.distributions(file, arguments.observable, numbers_in(arguments.temperatures))
    rows = []
    for each in found:
        mean = (each.part * each.value).sum()
        square = (each.part * each.value**2).sum()
        rows.append([each.name.replace("$", ""), f"{mean:.5f}", f"{np.sqrt(max(square - mean**2, 0)):.5f}",
                     "peaks" if each.discrete else "density"])
    print(tables.aligned(["curve", "mean", "standard deviation", "kind"], rows))
    path = figure_path(arguments, arguments.observable)
    cavity_figures.distribution_figure(path, found, arguments.observable, names.title(file, without=file.swept()))
    print(f"figure: {path}")


def _ensemble_curves(path):
    """{observable: (T, mean, error)} of the infinite graphs."""
    if path is None:
        return {}
    file = _read(path)
    if names.shared(file, "model.problem") != "ensemble":
        raise files.BadRequest(f"{path}: is no run of model.problem = ensemble")
    return {name: files.curves(file, files.TEMPERATURE, name, None)[None] for name in curves.PAIRS}


def bethe(arguments):
    from weiss_analysis import cavity_figures

    monte_carlo, cavity = _read(arguments.file, arguments.where), _read(arguments.cavity, arguments.where)
    found = curves.bethe(monte_carlo, cavity)
    rows = []
    for each in found:
        difference, error = each.difference()
        for i, t in enumerate(each.temperature):
            (drawn, drawn_error), (solved, _) = ((mean[i], sigma[i]) for mean, sigma in each.means())
            rows.append([each.name, f"{t:g}", len(each.cavity), tables.with_error(drawn, drawn_error), f"{solved:.6f}",
                         tables.with_error(difference[i], error[i]), f"{difference[i] / error[i]:+.1f}"])
    print(tables.aligned(["observable", "temperature", "samples", "Monte Carlo", "cavity", "cavity - Monte Carlo", "sigma"],
                         rows))
    path = figure_path(arguments, "bethe")
    cavity_figures.bethe_figure(path, found, _ensemble_curves(arguments.ensemble), names.title(monte_carlo))
    print(f"figure: {path}")


def add_verbs(verb):
    """verb(name, function, text) makes a sub-command."""
    sub = verb("complexity", complexity, "Sigma(e) of one-step runs over the reweighting y, or closed forms, with its zero")
    sub.add_argument("-o", "--output", metavar="FIGURE.png")
    sub = verb("overlap-function", overlap_function, "q(x) and P(q) of fully connected models")
    sub.add_argument("--temperatures", metavar="T,T...", help="default: all above 0")
    sub.add_argument("-o", "--output", metavar="FIGURE.png")
    sub = verb("distribution", distribution, "P(u) of cavity messages, or P(X) of local fields, of ensembles")
    sub.add_argument("--observable", default="message_distribution", help="or local_field_distribution")
    sub.add_argument("--temperatures", metavar="T,T...", help="default: all")
    sub.add_argument("-o", "--output", metavar="FIGURE.png")
    sub = verb("bethe", bethe, "Monte Carlo against belief propagation on the same samples of random graphs")
    sub.add_argument("cavity", help="result file of weiss-cavity, problem = instance")
    sub.add_argument("--ensemble", metavar="FILE", help="and of problem = ensemble: infinite graphs")
    sub.add_argument("-o", "--output", metavar="FIGURE.png")
