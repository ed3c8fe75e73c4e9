"""Entropy and free energy a site of weiss-hubbard-dmft by integration, k_B = 1, of H = K + U (n_up - 1/2)(n_down - 1/2).

Along temperature, from the free spins and charges of T = infinity, at fixed mu and at fixed density:
    ln Z = ln 4 - int_0^beta (E - mu n) dbeta',            S = ln Z + beta (E - mu n),   Omega = -T ln Z = F - mu n
    -beta F = S(infinity; n) - int_0^beta E dbeta',        S = beta (E - F),   S(infinity; n) of independent spins
Along the interaction, from the free band, at fixed mu (fixed density: F for Omega):
    dOmega/dU = <(n_up - 1/2)(n_down - 1/2)> = D - n/2 + 1/4
Integrals are those of a cubic spline through the points, a linear map of the data, so that statistical errors follow from
theirs. What the spacing of the points leaves open is estimated by leaving out every second point: a third of the change, the
error where it falls as the square of the spacing (a spline's falls faster), and never less than at the points before; of
slopes the whole change.
"""
from dataclasses import dataclass

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.optimize import brentq

from weiss_analysis import files

LEAST_POINTS = 5
MESHES = {"chain": 4096, "square": 128, "cubic": 32, "triangular": 128, "honeycomb": 128}


class Spline:
    """The spline through points as a linear map of their values: integrals from the first point, and slopes, at `at`."""

    def __init__(self, points, at, scale=None):
        points, at = np.asarray(points), np.asarray(at)
        # In ln(1 + x/scale) points spaced by a factor are evenly spaced.
        to = (lambda x: np.log1p(x / scale)) if scale else (lambda x: x)
        self.spline = CubicSpline(to(points), np.eye(len(points)))
        nodes, weights = np.polynomial.legendre.leggauss(10)
        steps, total = [], np.zeros(len(points))
        for low, high in zip(np.concatenate([points[:1], at[:-1]]), at):
            inner = np.unique(np.concatenate([[low], points[(points > low) & (points < high)], [high]]))
            for a, b in zip(inner[:-1], inner[1:]):
                x = (a + b) / 2 + (b - a) / 2 * nodes
                total = total + (b - a) / 2 * weights @ self.spline(to(x))
            steps.append(total)
        self.integral = np.array(steps)
        inverse_slope = 1 / (at + scale) if scale else np.ones(len(at))
        self.slope = self.spline(to(at), 1) * inverse_slope[:, None]


def thinned(count, keep):
    """Every second of the points, with the last one and the one that must stay."""
    return np.array(sorted({*range(keep % 2, count, 2), keep, 0, count - 1}))


@dataclass
class Curve:
    """Estimates along x; errors are statistical, and of the spacing of the points."""
    x: np.ndarray
    value: np.ndarray
    statistical: np.ndarray
    resolution: np.ndarray

    def error(self):
        return np.hypot(self.statistical, self.resolution)


def linear(x, map_of, values, errors, coarse_values, offset, resolution_of):
    """The curve offset + map values; resolution_of its changes where fewer points are used."""
    value = map_of @ values
    return Curve(x, value + offset, np.sqrt(map_of**2 @ errors**2), resolution_of(np.abs(value - coarse_values)))


def along_temperature(beta, values, errors, start):
    """(ln Z or -F/T, S, -beta^2 d values/dbeta) at each beta > 0 of ascending ones with beta[0] = 0, where S = start.

    values: E - mu n, or E at fixed density; exact at beta = 0.
    """
    beta, values, errors = (np.asarray(each, float) for each in (beta, values, errors))
    at, scale = beta[1:], beta[1]
    fine, few = Spline(beta, at, scale), thinned(len(beta), 0)
    coarse = Spline(beta[few], at, scale)
    own = np.eye(len(beta))[1:] * at[:, None]
    lost = coarse.integral @ values[few]

    def up_to(change):
        return np.maximum.accumulate(change) / 3

    def nearby(change):  # a slope is less certain than an integral
        padded = np.pad(change, 1, mode="edge")
        return np.maximum(np.maximum(padded[:-2], padded[1:-1]), padded[2:])

    logarithm = linear(at, -fine.integral, values, errors, -lost, start, up_to)
    entropy = linear(at, own - fine.integral, values, errors, own @ values - lost, start, up_to)
    heat = linear(at, -at[:, None]**2 * fine.slope, values, errors, -at**2 * (coarse.slope @ values[few]), 0.0, nearby)
    return logarithm, entropy, heat


def along_interaction(interaction, values, errors, start):
    """Omega at each of ascending interactions that include 0, where it is `start`; values: <(n_up - 1/2)(n_down - 1/2)>."""
    interaction, values, errors = (np.asarray(each, float) for each in (interaction, values, errors))
    origin = int(np.flatnonzero(interaction == 0)[0])
    few = thinned(len(interaction), origin)

    def anchored(map_of):
        return map_of - map_of[origin]

    fine = anchored(Spline(interaction, interaction).integral)
    lost = anchored(Spline(interaction[few], interaction).integral) @ values[few]

    def outwards(change):
        right, left = np.maximum.accumulate(change[origin:]), np.maximum.accumulate(change[origin::-1])
        return np.concatenate([left[:0:-1], right]) / 3

    return linear(interaction, fine, values, errors, lost, start, outwards)


def free_entropy(density):
    """Of independent spins: ln 4 at density 1."""
    return sum(-2 * x * np.log(x) if x > 0 else 0.0 for x in (density / 2, 1 - density / 2))


def free_band(parameters):
    """(energies, weights) of the electrons without interaction, on the wave vectors that weiss-hubbard-dmft uses."""
    kind, t = parameters["lattice.kind"], float(parameters["model.hopping"])
    if kind == "bethe":
        angle = np.pi * (np.arange(4000) + 1) / 4001
        return 2 * t * np.cos(angle), 2 * np.sin(angle)**2 / 4001
    if kind == "hypercubic":
        x = np.linspace(-8, 8, 4001)
        return t * x, np.exp(-x**2 / 2) / np.exp(-x**2 / 2).sum()
    if kind not in MESHES:
        raise files.BadRequest(f"the free energy of the free band is not known for lattice.kind = {kind}; sweep the "
                               "temperature instead")
    count = int(parameters.get("lattice.mesh", 0)) or MESHES[kind]
    angle = 2 * np.pi * (np.arange(count) + 0.5) / count
    c = np.cos(angle)
    if kind == "chain":
        energies = -2 * t * c
    elif kind == "cubic":
        energies = -2 * t * (c[:, None, None] + c[:, None] + c)
    elif kind == "honeycomb":
        size = np.abs(1 + np.exp(1j * angle)[:, None] + np.exp(1j * angle))
        energies = t * np.concatenate([size, -size])
    else:
        energies = -2 * t * (c[:, None] + c)
        if kind == "triangular":
            energies = energies - 2 * t * np.cos(angle[:, None] + angle)
        else:
            energies = energies - 4 * float(parameters.get("model.diagonal_hopping", 0)) * c[:, None] * c
    return energies.ravel(), np.full(energies.size, 1 / energies.size)


class FreeElectrons:
    """Two spins in a band: the grand potential and density a site."""

    def __init__(self, parameters, temperature):
        self.energies, self.weights = free_band(parameters)
        self.temperature = temperature

    def grand_potential(self, mu):
        return -2 * self.temperature * self.weights @ np.logaddexp(0, -(self.energies - mu) / self.temperature)

    def density(self, mu):
        return 2 * self.weights @ (0.5 - 0.5 * np.tanh((self.energies - mu) / (2 * self.temperature)))

    def chemical_potential(self, density):
        reach = 40 * self.temperature + 2 * np.abs(self.energies).max()
        return brentq(lambda mu: self.density(mu) - density, -reach, reach, xtol=1e-14, rtol=1e-14)


@dataclass
class Row:
    """What one task says."""
    temperature: float
    interaction: float
    mu: float
    density: float
    density_error: float
    energy: float
    energy_error: float
    correlation: float  # <(n_up - 1/2)(n_down - 1/2)>
    correlation_error: float


def row_of(task):
    def value(name):
        return float(task.results[name].mean), float(task.results[name].error)

    (n, dn), (e, de), (d, dd) = value("density"), value("energy"), value("double_occupancy")
    return Row(task.temperature(), float(task.parameters["model.interaction"]), value("chemical_potential")[0], n, dn, e,
               np.nan_to_num(de), d - n / 2 + 0.25, np.hypot(np.nan_to_num(dd), np.nan_to_num(dn) / 2))


def refuse_unknown_start(parameters, path):
    """The energy at T = infinity is that of a band with mean energy 0."""
    if parameters["lattice.kind"] in ("file", "hopping_file"):
        raise files.BadRequest(f"{path}: the energy at T = infinity is not known for lattice.kind = file or hopping_file")


@dataclass
class Thermodynamics:
    """Along temperature or interaction: curves over `axis`, named after what was held fixed."""
    axis: str
    x: np.ndarray
    temperature: np.ndarray
    energy: np.ndarray
    entropy: Curve
    free_energy: Curve
    grand_potential: Curve
    heat: Curve = None
    highest_entropy: float = 0.0  # at T = infinity


def _scaled(curve, factor, offset):
    return Curve(curve.x, factor * curve.value + offset, np.abs(factor) * curve.statistical,
                 np.abs(factor) * curve.resolution)


def over_temperature(rows, density, path):
    """rows of one sweep; density: the one asked for, or None at fixed mu."""
    rows = sorted(rows, key=lambda row: 1 / row.temperature)
    if len(rows) < LEAST_POINTS:
        raise files.BadRequest(f"{path}: {len(rows)} converged temperatures; the integral needs {LEAST_POINTS}")
    t = np.array([row.temperature for row in rows])
    mu, n = (np.array([getattr(row, name) for row in rows]) for name in ("mu", "density"))
    energy = np.array([row.energy for row in rows])
    held = mu if density is None else np.zeros(len(rows))
    values = energy - held * n
    errors = np.array([row.energy_error + abs(m) * row.density_error for row, m in zip(rows, held)])
    at_infinity = 1.0 if density is None else density
    first = rows[0].interaction * ((at_infinity - 1) / 2)**2 - held[0] * at_infinity
    start = np.log(4) if density is None else free_entropy(density)
    logarithm, entropy, heat = along_temperature(np.concatenate([[0], 1 / t]), np.concatenate([[first], values]),
                                                 np.concatenate([[0], errors]), start)
    potential = _scaled(logarithm, -t, 0)  # Omega, or F at fixed density
    omega, free = ((potential, _scaled(potential, 1.0, mu * n)) if density is None
                   else (_scaled(potential, 1.0, -mu * n), potential))
    return Thermodynamics(files.TEMPERATURE, t, t, energy, entropy, free, omega, heat, start)


def over_interaction(rows, parameters, density, path):
    rows = sorted(rows, key=lambda row: row.interaction)
    t, mu = rows[0].temperature, rows[0].mu
    free = FreeElectrons(parameters, t)
    mu_free = mu if density is None else free.chemical_potential(density)
    n_free = free.density(mu_free)
    u = [row.interaction for row in rows]
    values, errors = [row.correlation for row in rows], [row.correlation_error for row in rows]
    if 0.0 not in u:
        place = int(np.searchsorted(u, 0.0))
        u.insert(place, 0.0), values.insert(place, ((n_free - 1) / 2)**2), errors.insert(place, 0.0)
    if len(u) < LEAST_POINTS:
        raise files.BadRequest(f"{path}: {len(rows)} converged interactions; the integral needs {LEAST_POINTS - 1}")
    start = free.grand_potential(mu_free) + (0 if density is None else mu_free * density)
    whole = along_interaction(u, values, errors, start)
    own = np.isin(whole.x, [row.interaction for row in rows])
    potential = Curve(*(each[own] for each in (whole.x, whole.value, whole.statistical, whole.resolution)))
    mus, n, energy, energy_error = (np.array([getattr(row, name) for row in rows])
                                    for name in ("mu", "density", "energy", "energy_error"))
    omega, f = ((potential, _scaled(potential, 1.0, mus * n)) if density is None
                else (_scaled(potential, 1.0, -mus * n), potential))
    held = mus if density is None else np.zeros(len(rows))
    entropy = _scaled(potential, -1 / t, (energy - held * n) / t)
    entropy.statistical = entropy.statistical + energy_error / t
    return Thermodynamics("model.interaction", potential.x, np.full(len(rows), t), energy, entropy, f, omega)
