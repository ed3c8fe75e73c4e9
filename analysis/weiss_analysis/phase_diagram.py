"""The verb phase-diagram: lines that weiss-cavity found as roots, of +-J couplings in the plane of p and temperature."""
import os
import sys
from dataclasses import dataclass

import numpy as np

from weiss_analysis import files, tables

FIND, VARIABLE, START = "algorithm.find", "algorithm.find_variable", "algorithm.population_start"
FRACTION = "model.ferromagnetic_fraction"
LINES = {"ferromagnet": "paramagnet, ferromagnet", "spin glass": "paramagnet, spin glass",
         "mixed": "spin glass, mixed phase", "stability": "mixed phase, ferromagnet", "multicritical": "multicritical point"}


@dataclass
class Point:
    fraction: float
    fraction_error: float
    temperature: float
    temperature_error: float
    line: str


class Exact:
    """Closed forms of the paramagnet of graphs with mean excess degree B (D. J. Thouless, Phys. Rev. Lett. 56, 1082)."""

    def __init__(self, branches, width):
        self.branches, self.width = branches, width
        self.spin_glass = width / np.arctanh(branches**-0.5)
        self.multicritical = 0.5 + 0.5 * branches**-0.5

    def ferromagnet(self, fraction):
        return self.width / np.arctanh(1 / (self.branches * (2 * np.asarray(fraction) - 1)))

    def nishimori(self, fraction):
        return self.width / np.arctanh(2 * np.asarray(fraction) - 1)

    def deviation(self, point):
        """In errors, of points on lines with a closed form; None on others."""
        if point.line == "spin glass":
            return (point.temperature - self.spin_glass) / point.temperature_error
        if point.line == "ferromagnet":
            return (point.temperature - float(self.ferromagnet(point.fraction))) / point.temperature_error
        if point.line == "multicritical":
            return max(((point.temperature - self.spin_glass) / point.temperature_error,
                        (point.fraction - self.multicritical) / point.fraction_error), key=abs)
        return None


def _line_of(task):
    find = task.parameters.get(FIND)
    if find == "multicritical_point":
        return "multicritical"
    if find == "ferromagnetic_line":
        return "mixed" if task.parameters.get(VARIABLE) == "ferromagnetic_fraction" else "ferromagnet"
    if find == "spin_glass_line":
        return "stability" if task.parameters.get(START) == "magnetised" else "spin glass"
    return None


def _point_of(task):
    """A root with its error, the other coordinate from the deck; nothing where the task looked for no line."""
    line = _line_of(task)
    if line is None or task.parameters.get("model.field", 0) != 0:
        return None

    def coordinate(result, key):
        if result in task.results:
            return float(task.results[result].mean), float(task.results[result].error)
        return float(task.parameters[key]), 0.0

    return Point(*coordinate("critical_fraction", FRACTION), *coordinate("critical_temperature", "model.temperature"), line)


def _exact_of(tasks, path):
    """Of the one ensemble that all tasks are of."""
    kinds = {(task.parameters.get("lattice.kind"), task.parameters.get("lattice.degree"),
              task.parameters.get("lattice.mean_degree"), task.parameters.get("model.degree_weights"),
              task.parameters.get("model.coupling_width"), task.parameters.get("model.couplings")) for task in tasks}
    if len(kinds) != 1:
        raise files.BadRequest(f"{path}: tasks are of several ensembles; pick one, for instance --where degree=3")
    kind, degree, mean_degree, weights, width, couplings = kinds.pop()
    if couplings != "bimodal" or weights is not None or kind not in ("random_regular", "viana_bray"):
        raise files.BadRequest(f"{path}: the figure is of +-J couplings on random_regular or viana_bray graphs")
    return Exact(float(degree) - 1 if kind == "random_regular" else float(mean_degree), float(width)), (
        f"random regular graphs, $z$ = {degree}" if kind == "random_regular" else f"Poisson degrees, $c$ = {mean_degree:g}")


def collected(paths, conditions):
    """(points by line, each along the line; closed forms; the ensemble in words)"""
    tasks = []
    for path in paths:
        file = files.where(files.read(path), conditions)
        unfinished = [task for task in file.tasks if task.status != "done"]
        if unfinished:
            print(f"weiss-analysis: {path}: {len(unfinished)} of {len(file.tasks)} tasks are unfinished", file=sys.stderr)
        found = [task for task in file.finished() if _point_of(task)]
        if not found:
            raise files.BadRequest(f"{path}: no task has found a line; give runs of weiss-cavity with algorithm.find and no "
                                   "field")
        tasks += found
    exact, ensemble = _exact_of(tasks, ", ".join(paths))
    lines = {}
    for point in map(_point_of, tasks):
        lines.setdefault(point.line, []).append(point)
    for name, points in lines.items():
        points.sort(key=lambda point: (point.fraction, point.temperature) if name in ("ferromagnet", "spin glass")
                    else (-point.temperature, point.fraction))
    return {name: lines[name] for name in LINES if name in lines}, exact, ensemble


def _boundary(lines, name, corner):
    """(fractions, temperatures) from the multicritical point down, and on to T = 0 at the last fraction."""
    points = [point for point in lines.get(name, []) if point.temperature < corner[1]]
    if not points:
        return None
    return (np.array([corner[0]] + [point.fraction for point in points] + [points[-1].fraction]),
            np.array([corner[1]] + [point.temperature for point in points] + [0.0]))


def _shade(axes, lines, exact, low):
    """The phases between the lines, named."""
    corner = (exact.multicritical, exact.spin_glass)
    top = np.linspace(exact.multicritical, 1, 200)
    edge, stable = (_boundary(lines, name, corner) for name in ("mixed", "stability"))
    name = {"ha": "center", "va": "center", "fontsize": 15}
    axes.text(0.65 * low + 0.35 * corner[0], 1.2 * corner[1], "paramagnet", **name)
    axes.text((1 + corner[0]) / 2 + 0.015, 0.97 * corner[1], "ferromagnet", **name)
    if edge:
        axes.fill(np.append(edge[0], [low, low]), np.append(edge[1], [0, corner[1]]), color="#D55E00", alpha=0.16, lw=0)
        axes.text((low + corner[0]) / 2, 0.8 * corner[1], "spin glass", **name)
    if stable:
        axes.fill(np.concatenate([stable[0], [1], top[::-1]]),
                  np.concatenate([stable[1], [0], exact.ferromagnet(top[::-1])]), color="#0072B2", alpha=0.14, lw=0)
    if edge and stable:
        axes.fill(np.append(edge[0], stable[0][::-1]), np.append(edge[1], stable[1][::-1]), facecolor="#009E73", alpha=0.30,
                  hatch="///", edgecolor="white", lw=0)
        axes.annotate("mixed phase", (np.mean([np.interp(0.2 * corner[1], line[1][::-1], line[0][::-1])
                                               for line in (edge, stable)]), 0.2 * corner[1]),
                      (0.25 * corner[0] + 0.75, 0.28 * corner[1]), arrowprops={"arrowstyle": "-", "lw": 1}, **name)


def draw(path, lines, exact, ensemble):
    from weiss_analysis import figures

    figure, axes = figures.plt.subplots(figsize=(8.5, 6.4))
    low = min(0.7, min(point.fraction for points in lines.values() for point in points))
    _shade(axes, lines, exact, low)
    right = np.linspace(exact.multicritical, 1, 400)
    axes.plot(right, exact.ferromagnet(right), "-", color="black", lw=1.2, label="end of the paramagnet, exact")
    axes.plot([low, exact.multicritical], [exact.spin_glass] * 2, "-", color="black", lw=1.2)
    line = np.linspace(max(low, 0.5 + 1e-6), 1 - 1e-9, 800)
    axes.plot(np.append(line, 1), np.append(exact.nishimori(line), 0), ":", color="0.35", lw=1.4, label="Nishimori line")
    for i, (name, points) in enumerate(lines.items()):
        x, dx, y, dy = np.array([(p.fraction, p.fraction_error, p.temperature, p.temperature_error) for p in points]).T
        joined = "-" if name in ("mixed", "stability") else ""
        axes.errorbar(x, y, xerr=dx, yerr=dy, fmt=figures.MARKERS[i] + joined, ms=11 if name == "multicritical" else 5.5,
                      lw=1, color=figures.COLOURS[i], label=LINES[name])
    axes.set_xlim(low - 0.005, 1.003)
    axes.set_ylim(0, 1.05 * float(exact.ferromagnet(1.0)))
    axes.set_xlabel("ferromagnetic bonds $p$")
    axes.set_ylabel(figures.label("model.temperature"))
    axes.set_title(rf"$\pm J$ Ising model, {ensemble}; replica symmetric", fontsize=15)
    axes.legend(loc="lower left", fontsize=11)
    figures.save(figure, path)


def phase_diagram(arguments):
    lines, exact, ensemble = collected(arguments.files, arguments.where)
    rows, deviations = [], []
    for name, points in lines.items():
        for point in points:
            sigma = exact.deviation(point)
            deviations += [] if sigma is None else [sigma]
            rows.append([LINES[name], tables.with_error(point.fraction, point.fraction_error),
                         tables.with_error(point.temperature, point.temperature_error),
                         "" if sigma is None else f"{sigma:+.1f}"])
    print(tables.aligned(["line", "p", "T", "sigma from the closed form"], rows))
    path = arguments.output or f"{os.path.splitext(arguments.files[0])[0]}.phase-diagram.png"
    draw(path, lines, exact, ensemble)
    print(f"figure: {path}")
    if deviations and max(map(abs, deviations)) > 6:
        print("points lie off their closed forms: lengthen run.thermalization and run.sweeps, or take larger populations")
        return 1
    return 0


def add_verb(verbs):
    text = "lines of +-J couplings in the plane of ferromagnetic bonds and temperature, from runs with algorithm.find"
    sub = verbs.add_parser("phase-diagram", help=text, description=text)
    sub.add_argument("files", nargs="+", metavar="file", help="result files <stem>.h5 of weiss-cavity")
    sub.add_argument("--where", action="append", default=[], metavar="KEY=VALUE", help="tasks with this value only")
    sub.add_argument("-o", "--output", metavar="FIGURE.png")
    sub.set_defaults(function=phase_diagram)
