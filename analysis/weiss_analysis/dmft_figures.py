"""Figures of spectra: A(w) stacked or overlaid, A(k, w) along a path, A(k, 0) on the plane."""
import numpy as np

from weiss_analysis.figures import colours, plt, save

GREEK = {"Gamma": r"$\Gamma$"}


def _title(figure, title):
    """In as many lines as the width of the figure asks for, broken between facts."""
    lines, room = [""], 8.5 * figure.get_figwidth()
    for fact in title.split(", "):
        if lines[-1] and len((lines[-1] + fact).replace("$", "")) > room:
            lines.append("")
        lines[-1] += (", " if lines[-1] else "") + fact
    figure.suptitle(",\n".join(lines), fontsize=15)


def _draw_spectrum(axes, each, colour, offset=0.0, scale=1.0, label=None):
    """A dashed line where the continuation is not trusted, a dotted one of the other spin or orbital, bands of the errors."""
    for part in range(2 if each.differ() else 1):
        values, error = each.parts[part], np.where(np.isfinite(each.error[part]), each.error[part], 0)
        if error.any():
            low, high = (np.maximum(values + sign * error, 0) for sign in (-1, 1))
            axes.fill_between(each.frequency, offset + scale * low, offset + scale * high, color=colour, alpha=0.25, lw=0)
        style = ":" if part else "-" if each.trusted else "--"
        axes.plot(each.frequency, offset + scale * values, style, color=colour, lw=1.6 if part else 1.8,
                  label=None if part else label)


def _frequency_axis(axes, found):
    axes.set_xlim(min(each.frequency[0] for each in found), max(each.frequency[-1] for each in found))
    axes.axvline(0, color="0.5", lw=1, zorder=0)
    axes.set_xlabel(r"frequency $\omega$")


def _label(each):
    return each.name + ("" if each.trusted else " (not trusted)")


def spectra_figure(path, found, title, overlay=False):
    """Stacked where the curves are values of one number: the same scale, a line of zero each."""
    stacked = not overlay and len(found) > 1 and all(each.value is not None for each in found)
    figure, axes = plt.subplots(figsize=(8.5, 2.5 + 1.35 * len(found)) if stacked else (9.5, 6))
    top = max(float(each.parts.max()) for each in found)
    step = 0.75 * top
    for i, (colour, each) in enumerate(zip(colours(len(found)), found)):
        offset = i * step if stacked else 0.0
        if stacked:
            axes.axhline(offset, color="0.75", lw=0.8, zorder=0)
            axes.text(1.015, offset, _label(each).replace(" (", "\n("), color=colour, va="bottom",
                      transform=axes.get_yaxis_transform(), fontsize=13)
        _draw_spectrum(axes, each, colour, offset, label=None if stacked else _label(each))
    _frequency_axis(axes, found)
    axes.set_ylim(0, None if not stacked else (len(found) - 1) * step + 1.12 * max(step, float(found[-1].parts.max())))
    axes.set_ylabel(r"spectral function $A(\omega)$" + (", shifted" if stacked else ""))
    for names in sorted({each.part_names() for each in found if each.differ()}):
        for style, name in zip("-:", names):
            axes.plot([], [], style, color="black", label=name)
    if axes.get_legend_handles_labels()[1]:
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.1 if stacked else -0.14), ncol=2)
    _title(figure, title)
    save(figure, path)


def _panels(count, width, height):
    columns = min(count, 3)
    rows = -(-count // columns)
    figure, panels = plt.subplots(rows, columns, figsize=(width * columns, height * rows + 0.4), squeeze=False)
    for axes in panels.flat[count:]:
        axes.set_axis_off()
    return figure, panels.flat


def bands_figure(path, found, title):
    """Colours up to the 99.5th percentile, so that one sharp peak does not darken the rest."""
    figure, panels = _panels(len(found), 8.5, 6)
    for axes, each in zip(panels, found):
        colour = axes.pcolormesh(each.x, each.y, each.value.T, cmap="magma", vmin=0,
                                 vmax=np.percentile(each.value, 99.5), shading="gouraud", rasterized=True)
        for i, band in enumerate(np.atleast_2d(each.band.T)):
            axes.plot(each.x, band, "--", color="white", lw=1, alpha=0.8, label=r"free electrons, $e(k) - \mu$" if i == 0 else None)
        for _, at in each.corners:
            axes.axvline(at, color="white", lw=0.8, alpha=0.6)
        axes.axhline(0, color="white", lw=0.8, alpha=0.6)
        axes.set_xticks([at for _, at in each.corners], [GREEK.get(name, name) for name, _ in each.corners])
        axes.set_xlim(each.x[0], each.x[-1])
        axes.set_ylim(each.y[0], each.y[-1])
        axes.set_ylabel(r"frequency $\omega$")
        axes.grid(False)
        axes.set_title(_label(each), fontsize=14)
        axes.legend(loc="upper right", labelcolor="white", fontsize=11)
        figure.colorbar(colour, ax=axes, extend="max", label=r"$A(k, \omega)$")
    _title(figure, title)
    save(figure, path)


def _zone(lattice):
    """Corners of the Brillouin zone, closed."""
    if lattice == "square":
        return np.pi * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]])
    angles = np.pi / 3 * np.arange(7)
    radius = 4 * np.pi / 3 / (np.sqrt(3) if lattice == "honeycomb" else 1)
    return radius * np.column_stack([np.cos(angles), np.sin(angles)])


def fermi_surface_figure(path, found, title):
    figure, panels = _panels(len(found), 6.8, 5.8)
    for axes, each in zip(panels, found):
        colour = axes.pcolormesh(each.x / np.pi, each.y / np.pi, each.value.T, cmap="magma", vmin=0, shading="gouraud",
                                 rasterized=True)
        axes.plot(*(_zone(each.lattice).T / np.pi), "-", color="white", lw=1.2, alpha=0.8)
        axes.set_aspect("equal")
        axes.set_xlabel(r"$k_x / \pi$")
        axes.set_ylabel(r"$k_y / \pi$")
        axes.grid(False)
        axes.set_title(_label(each), fontsize=14)
        figure.colorbar(colour, ax=axes, label=r"$A(k, \omega = 0)$")
    _title(figure, title)
    save(figure, path)
