"""Result files of a spin glass that never was: samples drawn around exact scaling functions with known T_c, nu, eta."""
import h5py
import numpy as np
from scipy.special import ndtr

T_C, NU, ETA = 1.1, 2.5, -0.4
TEMPERATURES = np.linspace(0.9, 1.6, 10)
BASE = ("energy", "energy_sq", "energy_product", "overlap_sq", "overlap_4", "overlap_kmin_sq")
DERIVED = ("spin_glass_susceptibility", "correlation_length_ratio", "overlap_binder", "specific_heat")


def ratio(x):
    """xi/L as a function of (T - T_c) L^(1/nu)."""
    return 0.65 * np.exp(-1.1 * x + 0.25 * x**2 - 0.04 * x**3)


def binder(x):
    return 0.72 - 0.45 * x + 0.05 * x**2


def exact(size, temperatures, t_c=T_C, nu=NU, eta=ETA, correction=0.0, omega=1.0):
    """Means over disorder of the base observables, N = L^3; correction: amplitude of L^-omega."""
    x = (size * temperatures / t_c) ** (1 / nu) * (1 - (t_c / temperatures) ** 2) * t_c / 2
    small = correction * size**-omega
    chi = 0.4 * (size * temperatures) ** (2 - eta) * np.exp(-0.9 * x + 0.05 * x**2 + small)
    length = ratio(x) + small * (1 - 0.3 * x)
    kmin = chi / (1 + (2 * np.sin(np.pi / size) * size * length) ** 2)
    sites = size**3
    square = chi / sites
    energy = -1.7 + 0.3 * temperatures
    g = binder(x) - 0.5 * small * (1 + 0.3 * x)
    return {"overlap_sq": square, "overlap_kmin_sq": kmin / sites, "overlap_4": square**2 * (3 - 2 * g),
            "energy": energy, "energy_product": energy**2, "energy_sq": energy**2 + 0.5 * temperatures**2 / sites}


def draw(random, size, samples, noise=0.5, **exponents):
    """{name: samples x temperatures}: factors of mean 1 that are much alike at neighbouring temperatures."""
    temperatures = len(TEMPERATURES)
    distance = np.abs(np.subtract.outer(np.arange(temperatures), np.arange(temperatures)))
    root = np.linalg.cholesky(0.9**distance)

    def factors(sigma):
        uniform = ndtr(random.normal(size=(samples, temperatures)) @ root.T)
        return 1 + sigma * np.sqrt(3) * (2 * uniform - 1)

    means = exact(size, TEMPERATURES, **exponents)
    drawn = {name: mean * factors(0.01 if name.startswith("energy") else noise) for name, mean in means.items()}
    # a sample of large q^2 has large q^4
    alike = (drawn["overlap_sq"] / means["overlap_sq"]) ** 2 / (1 + noise**2)
    drawn["overlap_4"] = means["overlap_4"] * alike * factors(0.15)
    return drawn


def write_result(group, name, mean, error, bins, axes):
    result = group.create_group(name)
    result.attrs.update({"unit": "1", "long_name": name, "formula": "", "enough_samples": 1, "bin_length": 1})
    result["mean"], result["error"], result["bins"] = mean, error, bins
    result["tau_int"], result["count"] = np.full(np.shape(mean), 0.5), 100
    for axis, values in axes.items():
        result[axis] = values


def write_task(file, task_id, size, samples, first=0, extra=(), number=None, status="done"):
    """samples: {base observable: samples x temperatures}; extra: {name: (mean, error, bins, axes)}."""
    group = file.create_group(f"tasks/{task_id}")
    group.attrs.update({"status": status, "steps": 1000})
    parameters = {"lattice.kind": "cubic", "lattice.L": size, "model.couplings": "bimodal", "model.realisation": first,
                  "model.realisations": number or len(samples["overlap_sq"]), "algorithm.temperatures": "a list",
                  "run.seed": 1}
    for key, value in parameters.items():
        group[f"parameters/{key}"] = value
    results = group.create_group("results")
    axes = {"temperature": 1 / (1 / TEMPERATURES)}
    for name, bins in samples.items():
        write_result(results, name, bins.mean(axis=0), bins.std(axis=0, ddof=1) / np.sqrt(len(bins)), bins, axes)
    means = {name: bins.mean(axis=0) for name, bins in samples.items()}
    for name, value in derived_of(means, size).items():
        write_result(results, name, value, 0.01 * np.abs(value), np.zeros((0, len(TEMPERATURES))), axes)
    for name, (mean, error, bins, its_axes) in dict(extra).items():
        write_result(results, name, mean, error, bins, its_axes)


def derived_of(means, size):
    """By formulas of their own, not those of the package."""
    square, kmin = means["overlap_sq"], means["overlap_kmin_sq"]
    length = np.sqrt(np.maximum(square / kmin - 1, 0)) / (2 * np.sin(np.pi / size))
    return {"spin_glass_susceptibility": size**3 * square, "correlation_length_ratio": length / size,
            "overlap_binder": 0.5 * (3 - means["overlap_4"] / square**2),
            "specific_heat": size**3 / TEMPERATURES**2 * (means["energy_sq"] - means["energy_product"])}


def write(path, seed, sizes=(4, 6, 8, 12), samples=400, **exponents):
    random = np.random.default_rng(seed)
    with h5py.File(path, "w") as file:
        for size in sizes:
            write_task(file, f"L={size}", size, draw(random, size, samples, **exponents))
