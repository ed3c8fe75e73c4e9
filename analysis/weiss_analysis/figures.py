"""Figures for a talk: readable at the back of the room, colour-blind safe, with error bars."""
import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402
import numpy as np  # noqa: E402

from weiss_analysis import names  # noqa: E402

COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#7F3C8D", "#4D4D4D"]
MARKERS = ["o", "s", "^", "D", "v", "P", "X", "*"]

plt.rcParams.update({
    "font.size": 14, "axes.labelsize": 16, "legend.fontsize": 12, "axes.spines.top": False, "axes.spines.right": False,
    "axes.grid": True, "grid.alpha": 0.25, "figure.dpi": 100, "savefig.dpi": 160, "lines.linewidth": 1.6,
    "errorbar.capsize": 3, "legend.frameon": False,
})

SYMBOLS = {
    "energy": r"energy per site $e$ / $J$", "specific_heat": r"specific heat $C$ / $k_B$",
    "magnetization": r"magnetization $\langle m \rangle$", "magnetization_abs": r"magnetization $\langle |m| \rangle$", "susceptibility": r"susceptibility $\chi$ $J$",
    "susceptibility_disordered": r"$\beta N \langle m^2 \rangle$ $J$",
    "binder": r"Binder ratio $U = 1 - \langle m^4\rangle / 3\langle m^2\rangle^2$",
    "correlation_length_ratio": r"$\xi / L$", "correlation_length": r"correlation length $\xi$",
    "model.temperature": r"temperature $T$ / $J$", "model.beta": r"inverse temperature $\beta J$", "lattice.L": r"$L$",
    "model.interaction": r"interaction $U$", "model.hund_coupling": "Hund's coupling $J$", "double_occupancy": r"double occupancy $\langle n_\uparrow n_\downarrow \rangle$",
    "quasiparticle_weight": r"quasi-particle weight $Z$", "model.density": "electrons a site $n$",
    "model.field": r"field $h$ / $J$",
    "overlap_binder": r"Binder ratio $g = (3 - [\langle q^4\rangle] / [\langle q^2\rangle]^2)/2$",
    "overlap_sq": r"$[\langle q^2 \rangle]$", "link_overlap": r"link overlap $[\langle q_l \rangle]$",
    "spin_glass_susceptibility": r"spin-glass susceptibility $\chi_{SG}$",
    "equilibrated": "equilibrated (1), drifting (0), undecided (2)",
}


SHORT = {"model.temperature": "$T$", "model.beta": r"$\beta$", "lattice.L": "$L$", "lattice.N": "$N$", "model.field": "$h$",
         "model.coupling": "$J$", "model.interaction": "$U$", "model.density": "$n$"}


def label(name, unit="1", electrons=False):
    """The axis label of a key or an observable; energies of electrons are in the user's unit, not in J."""
    symbol = SYMBOLS.get(name)
    if symbol:
        return symbol.replace(" / $J$", "").replace(" $J$", "") if electrons else symbol
    words = name.split(".")[-1].replace("_", " ")
    return words if unit == "1" or (electrons and "energy" in unit) else f"{words} [${unit}$]"


def curve_name(by, value):
    if isinstance(value, str):
        return names.SOLVERS.get(value, value.replace("_", " "))
    return f"{SHORT.get(by, by.split('.')[-1].replace('_', ' '))} = {value:g}"


def colours(number):
    """Distinct colours for a few curves, a sequence from dark to light for many: these are values of a parameter."""
    if number <= len(COLOURS):
        return COLOURS[:number]
    return [plt.get_cmap("viridis")(x) for x in np.linspace(0, 0.92, number)]


def draw_curves(axes, curves, by, lines=False):
    shades = colours(len(curves))
    for i, (key, (x, mean, error)) in enumerate(curves.items()):
        name = None if key is None else curve_name(by, key)
        axes.errorbar(x, mean, yerr=error, fmt=MARKERS[i % len(MARKERS)] + ("-" if lines else ""), ms=5.5,
                      color=shades[i], label=name)


def kaufman_lines(axes, sizes, low, high, which, exact):
    """Exact energy (0) or specific heat (1) of finite L x L tori, in the colours of draw_curves."""
    grid = np.linspace(low, high, 161)
    for i, size in enumerate(sizes):
        axes.plot(grid, [exact.kaufman(t, int(size))[which] for t in grid], "--", lw=1.1, zorder=0,
                  color=COLOURS[i % len(COLOURS)], label="exact, finite $L$ (Kaufman)" if i == 0 else None)


def save(figure, path):
    figure.tight_layout()
    figure.savefig(path)
    plt.close(figure)


def exact_line(axes, low, high, function, name="Onsager (exact)"):
    x = np.linspace(low, high, 801)
    y = function(x)
    axes.plot(x, np.where(np.isfinite(y), y, np.nan), "-", color="black", lw=1.2, zorder=0, label=name)


def onsager_figure(path, energy, heat, by, exact):
    figure, (left, right) = plt.subplots(1, 2, figsize=(13, 5.4))
    temperatures = np.concatenate([x for x, _, _ in energy.values()])
    low, high = temperatures.min(), temperatures.max()
    for axes, curves, name, function, finite in (
            (left, energy, "energy", exact.onsager_energy, 0), (right, heat, "specific_heat", exact.onsager_specific_heat, 1)):
        draw_curves(axes, curves, by)
        exact_line(axes, low, high, function, "exact, infinite lattice (Onsager)")
        kaufman_lines(axes, curves, low, high, finite, exact)
        axes.axvline(exact.T_C, color="0.6", lw=1, ls=":")
        axes.set_xlabel(label("model.temperature"))
        axes.set_ylabel(label(name))
    top = max(float((mean + error).max()) for _, mean, error in heat.values())
    right.set_ylim(0, 1.25 * top)
    left.legend(loc="upper left")
    figure.suptitle("Square-lattice Ising model against exact solutions", fontsize=17)
    save(figure, path)
