"""Exact results of the square-lattice Ising model, J = k_B = 1, per site, each bond once.

Infinite lattice: L. Onsager, Phys. Rev. 65, 117 (1944); C. N. Yang, Phys. Rev. 85, 808 (1952).
L x M torus: B. Kaufman, Phys. Rev. 76, 1232 (1949); A. E. Ferdinand, M. E. Fisher, Phys. Rev. 185, 832 (1969).
"""
import numpy as np
from scipy.special import ellipe, ellipk

T_C = 2.0 / np.log(1.0 + np.sqrt(2.0))


def onsager_energy(temperature):
    k = 1.0 / np.asarray(temperature, dtype=float)
    kappa = 2.0 * np.sinh(2 * k) / np.cosh(2 * k) ** 2
    vanishing = 2 * np.tanh(2 * k) ** 2 - 1  # beats the logarithm of the elliptic integral at T_c
    integral = ellipk(np.minimum(kappa**2, 1 - 1e-16))
    return -(1 + 2 / np.pi * vanishing * integral) / np.tanh(2 * k)


def onsager_specific_heat(temperature):
    k = 1.0 / np.asarray(temperature, dtype=float)
    kappa = 2.0 * np.sinh(2 * k) / np.cosh(2 * k) ** 2
    kappa_prime = 2 * np.tanh(2 * k) ** 2 - 1
    first, second = ellipk(kappa**2), ellipe(kappa**2)
    bracket = first - second - (1 - np.tanh(2 * k) ** 2) * (np.pi / 2 + kappa_prime * first)
    return 4 / np.pi * (k / np.tanh(2 * k)) ** 2 * bracket


def onsager_magnetization(temperature):
    k = 1.0 / np.asarray(temperature, dtype=float)
    inside = 1 - np.sinh(2 * k) ** -4.0
    return np.where(inside > 0, np.abs(inside) ** 0.125, 0.0)


def _gamma(k, n):
    """gamma_l for l = 0 .. 2n-1 with its first two derivatives in k; gamma_0 changes sign at the critical point."""
    l = np.arange(2 * n)
    c = np.cosh(2 * k) / np.tanh(2 * k) - np.cos(np.pi * l / n)
    c1 = 2 * np.cosh(2 * k) * (1 - 1 / np.sinh(2 * k) ** 2)
    c2 = (8 / np.sinh(2 * k) ** 3) * np.cosh(2 * k) ** 2 + 4 * (np.sinh(2 * k) - 1 / np.sinh(2 * k))
    c[0] = 2.0  # replaced below, where the formula loses its digits
    root = np.sqrt((c - 1) * (c + 1))
    g = np.log(c + root)
    g1 = c1 / root
    g2 = c2 / root - c * c1**2 / root**3
    g[0] = 2 * k + np.log(np.tanh(k))
    g1[0] = 2 + 2 / np.sinh(2 * k)
    g2[0] = -4 * np.cosh(2 * k) / np.sinh(2 * k) ** 2
    return g, g1, g2


def kaufman(temperature, columns, rows=None):
    """Energy and specific heat per site of a columns x rows torus."""
    n, m = columns, rows or columns
    k = 1.0 / float(temperature)
    g, g1, g2 = _gamma(k, n)
    log, parts = [], []
    for start, kind in ((1, "cosh"), (1, "sinh"), (0, "cosh"), (0, "sinh")):
        h, h1, h2 = (value[start::2] * m / 2 for value in (g, g1, g2))
        # The first factor is kept apart: h[0] of the even sinh product passes through 0 at the critical point.
        size = np.abs(h[0])
        if kind == "cosh":
            first = (1 + np.exp(-2 * size), -np.sign(h[0]) * np.expm1(-2 * size))
            slope, curve = np.tanh(h[1:]), 1 / np.cosh(np.minimum(np.abs(h[1:]), 300.0)) ** 2
            rest = np.sum(np.abs(h[1:]) + np.log1p(np.exp(-2 * np.abs(h[1:]))))
        else:
            first = (-np.sign(h[0]) * np.expm1(-2 * size), 1 + np.exp(-2 * size))
            slope, curve = 1 / np.tanh(h[1:]), -1 / np.sinh(np.minimum(h[1:], 300.0)) ** 2
            rest = np.sum(h[1:] + np.log(-np.expm1(-2 * h[1:])))
        f0, f1, f2 = first[0], first[1] * h1[0], first[0] * h1[0] ** 2 + first[1] * h2[0]
        r1 = np.sum(h1[1:] * slope)
        r2 = np.sum(h2[1:] * slope + h1[1:] ** 2 * curve) + r1**2
        log.append(rest + size)
        parts.append((f0, f1 + f0 * r1, f2 + 2 * f1 * r1 + f0 * r2))
    weights = np.exp(np.array(log) - max(log))
    z, z1, z2 = (sum(w * part[order] for w, part in zip(weights, parts)) for order in range(3))
    # ln Z = (n m / 2) ln(2 sinh 2k) + ln(sum) + const
    f1, f2 = z1 / z, z2 / z - (z1 / z) ** 2
    sites = n * m
    d1 = sites / np.tanh(2 * k) + f1
    d2 = -2 * sites / np.sinh(2 * k) ** 2 + f2
    return -d1 / sites, k**2 * d2 / sites


def chain_energy(temperature):
    """Infinite chain (E. Ising, Z. Phys. 31, 253 (1925))."""
    return -np.tanh(1.0 / np.asarray(temperature, dtype=float))


def chain_specific_heat(temperature):
    k = 1.0 / np.asarray(temperature, dtype=float)
    return (k / np.cosh(np.minimum(k, 300.0))) ** 2


def complete_magnetization(temperature):
    """m = tanh(m / T), the Curie-Weiss solution for infinite N."""
    t = np.asarray(temperature, dtype=float)
    low, high = np.zeros_like(t), np.ones_like(t)
    for _ in range(60):
        middle = (low + high) / 2
        above = np.tanh(middle / t) > middle
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    return np.where(t < 1, low, 0.0)


def complete_energy(temperature):
    return -complete_magnetization(temperature) ** 2 / 2


# {lattice kind: {observable: curve of the infinite system over temperature}} for periodic boundaries, J = 1, no field
INFINITE = {
    "square": {"energy": onsager_energy, "specific_heat": onsager_specific_heat, "magnetization_abs": onsager_magnetization},
    "chain": {"energy": chain_energy, "specific_heat": chain_specific_heat},
    "complete": {"energy": complete_energy, "magnetization_abs": complete_magnetization},
}
