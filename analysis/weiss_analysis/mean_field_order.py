"""The verb order: where the order parameter of a mean-field theory vanishes.

Below a continuous transition of a mean-field theory such as DMFT, T is analytic in m^2. T_c is the value at m = 0 of the
parabola through the three highest temperatures that order; its error joins those of m and half the difference from the line
through the highest two. Where that is not between the last temperature that orders and the first that does not, T_c is their
mean and its error half their distance.
"""
from dataclasses import dataclass

import numpy as np

from weiss_analysis import files, names, tables
from weiss_analysis.glass_commands import figure_path, opened

NONE = 0.02  # less is no order


@dataclass
class Transition:
    temperature: np.ndarray
    order: np.ndarray
    error: np.ndarray
    critical: float = np.nan
    critical_error: float = np.nan
    note: str = ""


def _at_zero(square, square_error, temperature):
    """(T where the polynomial through the points has m^2 = 0, its error from theirs)."""
    def value(points):
        return np.polyfit(points, temperature, len(points) - 1)[-1]

    centre = value(square)
    shifts = [value(square + step) - centre for step in np.diag(square_error)]
    return centre, np.sqrt(np.sum(np.square(shifts)))


def transition(temperature, order, error):
    found = Transition(np.asarray(temperature), np.abs(order), np.nan_to_num(error))
    ordered = np.flatnonzero(found.order > np.maximum(NONE, 5 * found.error))
    if ordered.size < 3:
        found.note = "needs three temperatures that order"
        return found
    if ordered[-1] == len(temperature) - 1:
        found.note = "orders at every temperature"
        return found
    last = ordered[-3:]
    square, square_error = found.order[last] ** 2, 2 * found.order[last] * found.error[last]
    three, statistical = _at_zero(square, square_error, found.temperature[last])
    two, _ = _at_zero(square[1:], square_error[1:], found.temperature[last][1:])
    first_without = found.temperature[ordered[-1] + 1]
    found.critical, found.critical_error = three, float(np.hypot(statistical, (two - three) / 2))
    last_with = found.temperature[ordered[-1]]
    if not last_with < three < first_without:
        found.critical, found.critical_error = (last_with + first_without) / 2, (first_without - last_with) / 2
        found.note = "from the temperatures beside it; give more of them"
    return found


def _figure(path, found, by, y, title, electrons):
    from weiss_analysis import figures

    known = [(key, each) for key, each in found.items() if np.isfinite(each.critical)]
    against = len(known) > 2 and all(isinstance(key, float) for key, _ in known)
    figure, panels = figures.plt.subplots(1, 2 if against else 1, figsize=(12 if against else 8.5, 6), squeeze=False)
    axes = panels[0, 0]
    figures.draw_curves(axes, {key: (each.temperature, each.order, each.error) for key, each in found.items()}, by or "",
                        lines=True)
    axes.set_xlabel(figures.label(files.TEMPERATURE, electrons=electrons))
    axes.set_ylabel(figures.label(y))
    if by:
        axes.legend(ncol=1 + len(found) // 6, fontsize=11)
    if against:
        x, critical, error = (np.array(column) for column in zip(*((key, each.critical, each.critical_error)
                                                                   for key, each in known)))
        panels[0, 1].errorbar(x, critical, yerr=error, fmt="o-", color=figures.COLOURS[0])
        panels[0, 1].set_xlabel(figures.label(by, electrons=electrons))
        panels[0, 1].set_ylabel("transition temperature")
        panels[0, 1].set_ylim(bottom=0)
    figure.suptitle(title, fontsize=15)
    figures.save(figure, path)


def order(arguments):
    file = opened(arguments)
    others = [key for key in file.swept() if key not in (files.TEMPERATURE, "model.beta")]
    if len(others) > 1:
        raise files.BadRequest(f"{file.path}: {', '.join(others)} are swept; choose one value of all but one by --where")
    by = others[0] if others else None
    curves = files.curves(file, files.TEMPERATURE, arguments.y, by)
    if not curves:
        raise files.BadRequest(f"{file.path}: no scalar {arguments.y} along the temperature")
    found = {key: transition(*curve) for key, curve in curves.items()}
    header = [by.split(".")[-1] if by else "curve", "temperatures", f"largest {arguments.y}", "transition temperature", ""]
    print(tables.aligned(header, [[key if by else "-", len(each.order), f"{each.order.max():.4f}",
                                   tables.with_error(each.critical, each.critical_error), each.note]
                                  for key, each in found.items()]))
    path = figure_path(arguments, "order")
    _figure(path, found, by, arguments.y, names.title(file, without=(files.TEMPERATURE, by)), names.electrons(file))
    print(f"figure: {path}")


def add_verb(verb):
    sub = verb("order", order, "where a mean-field order parameter vanishes, from its square along the temperature")
    sub.add_argument("--y", default="magnetisation", metavar="OBSERVABLE", help="default: magnetisation")
    sub.add_argument("-o", "--output", metavar="FIGURE.png")
