"""Curves of weiss-cavity's files: complexity of states, overlap functions, distributions, Bethe against Monte Carlo.

All read what the program stored and compute no physics of their own but roots and slopes of curves.
"""
from dataclasses import dataclass

import numpy as np

from weiss_analysis import files
from weiss_analysis.files import BadRequest

ENDS, PIECES = (0.02, 0.005), 24  # of P(q): parts of q(1) - q(0) left out at its ends, and resolution between
SMOOTH = 7  # steps from which on a staircase stands for a curve


@dataclass
class Complexity:
    name: str
    energy: np.ndarray
    energy_error: np.ndarray
    value: np.ndarray
    error: np.ndarray
    root: tuple = None  # (energy, error) where the complexity is 0


def _value(task, name):
    result = task.results[name]
    return float(result.mean), float(result.error)


def _root(y, complexity, phi, phi_error):
    """(energy, error) where the complexity y^2 dPhi/dy is 0: there e = Phi, at its maximum.

    Phi by the cubic through four points around; the error holds theirs and the difference to a fitted parabola.
    """
    slope = complexity / y**2
    for i in range(1, len(y) - 2):
        if slope[i] > 0 >= slope[i + 1]:
            window = slice(i - 1, i + 3)
            root = y[i] + slope[i] / (slope[i] - slope[i + 1]) * (y[i + 1] - y[i])
            at = y[window] - root
            weights = np.linalg.inv(np.vander(at, 4))[-1]
            value = weights @ phi[window]
            parabola = np.polyfit(at, phi[window], 2)[-1]
            noise = np.sqrt(np.sum((weights * phi_error[window]) ** 2))
            return float(value), float(np.hypot(noise, 0 if noise > 0 else parabola - value))
    return None


def complexities(file):
    """One curve a solution over the reweighting y, and those that a task holds whole."""
    files.require(file, "complexity")
    found, groups = [], {}
    others = [key for key in file.swept() if key not in ("algorithm.reweighting", "algorithm.target")]
    for task in file.finished():
        result = task.results.get("complexity")
        if result is not None and result.mean.ndim == 1 and "energy" in result.axes:
            energy = result.axes["energy"]
            root = _value(task, "ground_state_energy") if "ground_state_energy" in task.results else None
            found.append(Complexity("closed form", energy, 0 * energy, result.mean, result.error, root))
        elif result is not None and result.mean.ndim == 0 and {"energy", "free_energy"} <= set(task.results):
            name = ", ".join(f"{key.split('.')[-1]} = {task.parameters.get(key)}" if key != "algorithm.solution" else
                             str(task.parameters[key]).replace("_", " ") for key in others)
            groups.setdefault(name, []).append(task)
    for name, tasks in groups.items():
        tasks.sort(key=lambda task: task.parameters["algorithm.reweighting"])
        y = np.array([task.parameters["algorithm.reweighting"] for task in tasks])
        (s, s_error), (e, e_error), (phi, phi_error) = (
            np.array([_value(task, key) for task in tasks]).T for key in ("complexity", "energy", "free_energy"))
        found.append(Complexity(name or str(tasks[0].parameters.get("algorithm.solution", "")).replace("_", " "),
                                e, e_error, s, s_error, _root(y, s, phi, phi_error)))
    if not found:
        raise BadRequest(f"{file.path}: no complexity against energy; sweep algorithm.reweighting of one-step solutions, "
                         "or take algorithm.target = transitions of the spherical model")
    return found


@dataclass
class OverlapFunction:
    name: str
    temperature: float
    heights: np.ndarray
    edges: np.ndarray  # 0, x_1, ..., x_k, 1
    x: np.ndarray      # of the curve
    q: np.ndarray
    density: tuple     # (q, P(q)) of the continuous part
    peaks: list        # (q, weight) of what is left

    def smooth(self):
        return len(self.heights) - 1 >= SMOOTH


def _curve(heights, edges, field):
    """Through the middles of steps and risers in turn, to second order on the curve that the staircase stands for.

    Without a field q(0) = 0 by symmetry; in a field q is flat at small x.
    """
    if len(heights) < 2 or heights[-1] - heights[0] < 1e-9:
        return np.array([0.0, 1.0]), np.array([heights[0], heights[-1]])
    risers = edges[1:-1]
    middles = (heights[1:] + heights[:-1]) / 2
    x, q = [0.0, *risers], [0.0, *middles]
    if field:
        x, q = [0.0, max(0.0, risers[0] - _run(middles[0] - heights[0], risers[:2], middles[:2])), *risers], \
            [heights[0], heights[0], *middles]
    end = risers[-1] + _run(heights[-1] - middles[-1], risers[-2:], middles[-2:])
    return np.array(x + [min(1.0, end), 1.0]), np.array(q + [heights[-1]] * 2)


def _run(rise, x, q):
    """How far x goes for a rise along the line through two points."""
    return rise * (x[1] - x[0]) / (q[1] - q[0]) if len(x) == 2 and q[1] > q[0] else 0.0


def _density(x, q, field):
    """dx/dq in pieces of equal height, and the weights of the flat ends, which are peaks.

    Staircases approach their ends with steps too small to tell from none: there the last piece goes on instead.
    """
    height = q[-1] - q[0]
    if height < 1e-9:
        return (np.array([]), np.array([])), [(q[-1], 1.0)]
    for end in ENDS:  # the small one where dx/dq grows fast but no jump, as it does at low temperatures
        borders = np.linspace(q[0] + (end * height if field else 0), q[-1] - end * height, PIECES + 1)
        at = np.interp(borders, q, x)
        slope = np.diff(at) / np.diff(borders)
        if height < q[-1] / 2 or not 2 * slope[-2] < slope[-1] < 4 * slope[-2]:
            break
    peaks = [(q[0], max(0.0, at[0] - end * height * slope[0]))] if field else []
    rising = 1.0 if height < q[-1] / 2 else max(1.0, slope[-1] / slope[-2])
    peaks.append((q[-1], max(1 - at[-1] - end * height * slope[-1] * rising, 1 - x[-2])))
    return ((borders[1:] + borders[:-1]) / 2, slope), peaks


def overlap_functions(file, temperatures=None):
    """Of every temperature above 0 (or those asked for) of every task."""
    if "overlap_weights" not in file.observables():
        raise BadRequest(f"{file.path}: no overlap_weights; take model.problem = fully_connected, ising, target solution")
    found, there = [], set()
    others = [key for key in file.swept() if key not in (files.TEMPERATURE, "algorithm.temperatures")]
    for task in file.finished():
        if "overlap_weights" not in task.results:
            continue
        axis = task.results["overlaps"].axes["temperature"]
        there |= set(axis)
        for row, t in enumerate(axis):
            if t == 0 or (temperatures is not None and not np.any(np.isclose(t, temperatures))):
                continue
            heights = task.results["overlaps"].mean[row]
            edges = np.concatenate([[0.0], np.cumsum(task.results["overlap_weights"].mean[row])])
            edges[-1] = 1.0
            name = ", ".join([f"$T$ = {t:g}"] + [f"{key.split('.')[-1].replace('_', ' ')} = {task.parameters.get(key)}"
                                                  for key in others])
            field = task.parameters.get("model.field", 0) != 0
            x, q = _curve(heights, edges, field)
            if len(heights) - 1 < SMOOTH:
                density, peaks = (np.array([]), np.array([])), list(zip(heights, np.diff(edges)))
            else:
                density, peaks = _density(x, q, field)
            found.append(OverlapFunction(name, float(t), heights, edges, x, q, density, peaks))
    if not found:
        raise BadRequest(f"{file.path}: no such temperature above 0; there are {', '.join(f'{t:g}' for t in sorted(there))}")
    return sorted(found, key=lambda each: each.temperature)


@dataclass
class Distribution:
    name: str
    value: np.ndarray
    part: np.ndarray  # probability of each value, or of the interval about it
    error: np.ndarray
    discrete: bool

    def density(self):
        width = self.value[1] - self.value[0]
        return self.part / width, self.error / width


def distributions(file, name, temperatures=None):
    """Of every task, in the order of its swept keys; exact ones (error 0 throughout) are peaks."""
    files.require(file, name)
    found = []
    swept = file.swept()
    tasks = sorted((task for task in file.finished() if name in task.results),
                   key=lambda task: [files.in_order(task.parameters.get(key)) for key in swept])
    for task in tasks:
        if temperatures is not None and not np.any(np.isclose(task.temperature(), temperatures)):
            continue
        result = task.results[name]
        text = ", ".join(f"$T$ = {task.temperature():g}" if key == files.TEMPERATURE else
                         f"{key.split('.')[-1].replace('_', ' ')} = {task.parameters.get(key)}" for key in swept)
        value = next(iter(result.axes.values()))
        found.append(Distribution(text, value, result.mean, result.error, not np.any(result.error)))
    if not found:
        there = sorted({task.temperature() for task in tasks})
        raise BadRequest(f"{file.path}: no such temperature; there are {', '.join(f'{t:g}' for t in there)}")
    return found


@dataclass
class Comparison:
    """One observable against temperature, by Monte Carlo and by cavity, over the realisations that both have."""
    name: str
    temperature: np.ndarray
    monte_carlo: np.ndarray  # realisations x temperatures
    cavity: np.ndarray

    def difference(self):
        """Mean and error of cavity - Monte Carlo over realisations: what both share drops out."""
        both = self.cavity - self.monte_carlo
        return both.mean(axis=0), both.std(axis=0, ddof=1) / np.sqrt(len(both))

    def means(self):
        return [(each.mean(axis=0), each.std(axis=0, ddof=1) / np.sqrt(len(each)))
                for each in (self.monte_carlo, self.cavity)]


PAIRS = {"energy": "energy", "overlap": "overlap"}
SAME = ("lattice.kind", "lattice.N", "lattice.L", "lattice.degree", "model.couplings", "model.ferromagnetic_fraction",
        "model.coupling_width", "model.random_field", "model.random_field_width", "model.field", "run.seed")


def _same_disorder(one, other):
    for key in SAME:
        if one.parameters.get(key) != other.parameters.get(key):
            raise BadRequest(f"not the same samples: {key} is {one.parameters.get(key)} in Monte Carlo and "
                             f"{other.parameters.get(key)} in the cavity file")


def _monte_carlo_bins(file, observable):
    """{(realisation, temperature): mean of its bin}; a task of many realisations has one bin each."""
    found = {}
    for task in file.finished():
        result = task.results.get(observable)
        first, count = task.parameters.get("model.realisation", 0), task.parameters.get("model.realisations", 1)
        if result is None or not result.over_temperature():
            continue
        rows = result.bins if count > 1 else result.mean[np.newaxis]
        if len(rows) != count:
            raise BadRequest(f"{file.path}: {task.id} has {len(rows)} bins for {count} realisations")
        for r, row in enumerate(rows):
            for t, value in zip(result.axes["temperature"], row):
                found[first + r, t] = value
    return found


def bethe(monte_carlo, cavity):
    """Comparisons of energy and overlap over realisations and temperatures of both files."""
    if not monte_carlo.finished() or not cavity.finished():
        raise BadRequest("both files need finished tasks")
    _same_disorder(monte_carlo.finished()[0], cavity.finished()[0])
    found = []
    for mc_name, cavity_name in PAIRS.items():
        drawn = _monte_carlo_bins(monte_carlo, mc_name)
        solved = {(task.parameters["model.realisation"], task.temperature()): float(task.results[cavity_name].mean)
                  for task in cavity.finished() if cavity_name in task.results and task.has_temperature()
                  and float(task.results["converged"].mean) == 1}
        both = sorted(set(drawn) & set(solved))
        temperatures = sorted({t for _, t in both})
        realisations = [r for r in sorted({r for r, _ in both}) if all((r, t) in solved and (r, t) in drawn
                                                                      for t in temperatures)]
        if len(realisations) < 2:
            raise BadRequest("the files share fewer than two realisations at the same temperatures: give the cavity deck "
                             "the temperatures and realisations of Monte Carlo's")
        found.append(Comparison(mc_name, np.array(temperatures),
                                *(np.array([[each[r, t] for t in temperatures] for r in realisations])
                                  for each in (drawn, solved))))
    return found
