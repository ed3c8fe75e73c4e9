#!/usr/bin/python3
"""weiss-analysis on weiss-cavity: what is known of synthetic files comes out again, and figures name their models."""
import os
import sys
import unittest

import h5py
import numpy as np

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import synthetic_glass as synthetic  # noqa: E402
from glass_case import GlassTest  # noqa: E402
from weiss_analysis import cavity_curves as curves  # noqa: E402
from weiss_analysis import command_line, files, names  # noqa: E402

GLASS = {"lattice.kind": "random_regular", "lattice.degree": 3, "model.couplings": "bimodal", "model.coupling_width": 1.0,
         "model.ferromagnetic_fraction": 0.5, "model.coupling_mean": 0.0, "model.random_field": "none",
         "model.random_field_width": 0.0, "model.field": 0.0, "model.spins_per_interaction": 2, "run.seed": 1}


def write_task(file, task_id, parameters, results):
    """results: {name: (mean, error)} or {name: (mean, error, axes)} or {..., bins}."""
    group = file.create_group(f"tasks/{task_id}")
    group.attrs.update({"status": "done", "steps": 10})
    for key, value in parameters.items():
        group[f"parameters/{key}"] = value
    group.create_group("results")
    for name, (mean, error, *rest) in results.items():
        axes, bins = rest[0] if rest else {}, rest[1] if len(rest) > 1 else np.zeros((0, *np.shape(mean)))
        synthetic.write_result(group["results"], name, np.asarray(mean, float), np.asarray(error, float), bins, axes)


class CavityTest(GlassTest):
    def write(self, tasks, path=None):
        """tasks: {id: (parameters, results)}; the file's path."""
        with h5py.File(path or self.path, "w") as file:
            for task_id, (parameters, results) in tasks.items():
                write_task(file, task_id, parameters, results)
        return path or self.path


class Complexity(CavityTest):
    def one_step(self, noise, seed=1):
        """Phi = e0 - a (y - y0)^2, so that Sigma = y^2 Phi' vanishes at y0 and e0."""
        random = np.random.default_rng(seed)
        tasks = {}
        for solution, e0, y0, sigma in (("one_step", -1.2717, 0.65, noise), ("factorised", -1.2723, 0.42, 0.0)):
            for y in (0.3, 0.4, 0.5, 0.55, 0.6, 0.7, 0.8, 1.0):
                phi, slope = e0 - 0.005 * (y - y0) ** 2, -0.01 * (y - y0)
                shift = sigma * random.normal(size=2)
                tasks[f"solution={solution},reweighting={y}"] = (
                    {**GLASS, "model.problem": "ensemble", "algorithm.solution": solution, "algorithm.reweighting": y},
                    {"free_energy": (phi + shift[0], sigma), "energy": (phi + y * slope + shift[1], sigma),
                     "complexity": (y * y * slope + y * (shift[1] - shift[0]), y * sigma * np.sqrt(2))})
        self.write(tasks)

    def test_zero_of_the_complexity(self):
        self.one_step(0.0)
        for each in curves.complexities(files.read(self.path)):
            e0 = {"one step": -1.2717, "factorised": -1.2723}[each.name]
            self.assertLess(abs(each.root[0] - e0), 2e-6)

    def test_its_error(self):
        scores = []
        for seed in range(12):
            self.one_step(1e-5, seed)
            (root,) = (each.root for each in curves.complexities(files.read(self.path)) if each.name == "one step")
            scores.append([(root[0] + 1.2717) / root[1]])
        self.assertLess(np.max(np.abs(scores)), 4)
        self.assertGreater(np.sqrt(np.mean(np.square(scores))), 0.4)

    def test_verb(self):
        self.one_step(1e-5)
        output = self.command("complexity")
        self.assertIn("factorised", output)
        self.assertIn("-1.271", output)
        self.figure("run.complexity.png")

    def test_closed_form(self):
        e = np.linspace(-1.17, -1.15, 41)
        self.write({"target=transitions": ({"model.problem": "fully_connected", "model.fully_connected": "spherical",
                                            "model.spins_per_interaction": 3},
                                           {"ground_state_energy": (-1.17, 1e-10),
                                            "complexity": (0.5 * (e + 1.17), 0 * e, {"energy": e})})})
        (found,) = curves.complexities(files.read(self.path))
        self.assertEqual(found.root[0], -1.17)
        self.command("complexity")

    def test_what_is_missing_is_named(self):
        self.write({"single": (GLASS, {"energy": (-1.0, 0.1)})})
        self.assertIn("no observable complexity; there are energy", self.command("complexity", expect=2))
        self.assertIn("take model.problem = fully_connected", self.command("overlap-function", expect=2))
        self.assertIn("no observable message_distribution", self.command("distribution", expect=2))


class OverlapFunctions(CavityTest):
    def write_staircase(self, k, field=0.0, surplus=0):
        """q = 1.2 x up to x = 1/2 (from x = 0.1 on in a field), and a paramagnet at T = 1.2."""
        start = 0.1 if field else 0.0
        x = np.concatenate([start + (0.5 - start) * (np.arange(k) + 0.5) / k, 0.5 + 0.4 * np.arange(1, surplus + 1) / (surplus + 1)])
        q = np.concatenate([1.2 * (start + (0.5 - start) * np.arange(k + 1) / k), 0.6 + 1e-6 * np.arange(1, surplus + 1)])
        t = np.array([0.0, 0.5, 1.2])
        rows = np.arange(3)
        weights = np.diff(np.concatenate([[0.0], x, [1.0]]))
        heights = np.array([q, q, 0 * q])
        axes = {"temperature": t}
        self.write({"single": ({"model.problem": "fully_connected", "model.fully_connected": "ising",
                                "model.spins_per_interaction": 2, "model.field": field},
                               {"overlaps": (heights, 0 * heights, axes),
                                "breaking_points": (np.array([x / max(t[r], 1e-9) for r in rows]), np.zeros((3, len(x))), axes),
                                "overlap_weights": (np.array([weights] * 3), np.zeros((3, len(q))), axes)})})
        return curves.overlap_functions(files.read(self.path))

    def test_curve_and_density_of_a_fine_staircase(self):
        cold, hot = self.write_staircase(32)
        self.assertEqual((cold.name, hot.name), ("$T$ = 0.5", "$T$ = 1.2"))
        expected = np.minimum(1.2 * cold.x, 0.6)
        np.testing.assert_allclose(cold.q, expected, atol=1e-12)
        np.testing.assert_allclose(cold.density[1], 1 / 1.2, rtol=1e-9)
        ((q, weight),) = cold.peaks
        self.assertAlmostEqual(q, 0.6, 12)
        self.assertAlmostEqual(weight, 0.5, 9)
        self.assertEqual(hot.peaks, [(0.0, 1.0)])

    def test_peaks_at_both_ends_in_a_field(self):
        for surplus in (0, 6):
            cold, _ = self.write_staircase(32, field=0.3, surplus=surplus)
            (low, low_weight), (high, high_weight) = cold.peaks
            self.assertAlmostEqual(low, 0.12, 9)
            self.assertAlmostEqual(high, 0.6, 4)
            self.assertAlmostEqual(low_weight, 0.1, 6)
            self.assertAlmostEqual(high_weight, 0.5, 3)
            np.testing.assert_allclose(cold.density[1], 1 / 1.2, rtol=1e-6)

    def test_few_steps_are_peaks(self):
        cold, _ = self.write_staircase(2)
        self.assertFalse(cold.smooth())
        self.assertAlmostEqual(sum(weight for _, weight in cold.peaks), 1, 12)
        self.assertEqual(len(cold.peaks), 3)

    def test_verb(self):
        self.write_staircase(16)
        self.assertIn("0.60000", self.command("overlap-function"))
        self.figure("run.overlap_function.png")
        self.command("overlap-function", "--temperatures", "0.5")
        self.assertIn("no such temperature above 0; there are 0, 0.5, 1.2",
                      self.command("overlap-function", "--temperatures", "0.7", expect=2))


class Distributions(CavityTest):
    def test_densities_and_peaks(self):
        u = (2 * np.arange(65) + 1) / 65 - 1
        tasks = {f"temperature={t}": ({**GLASS, "model.problem": "ensemble", "model.temperature": t}, results)
                 for t, results in ((0.0, {"message_distribution": ([0.25, 0.5, 0.25], [0, 0, 0], {"message": [-1, 0, 1]})}),
                                    (0.5, {"message_distribution": (np.full(65, 1 / 65), np.full(65, 1e-4), {"message": u})}))}
        self.write(tasks)
        cold, warm = curves.distributions(files.read(self.path), "message_distribution")
        self.assertTrue(cold.discrete and not warm.discrete)
        np.testing.assert_allclose(warm.density()[0], 0.5, rtol=1e-9)
        self.assertIn("0.70711", self.command("distribution"))
        self.figure("run.message_distribution.png")
        self.assertIn("no such temperature; there are 0, 0.5", self.command("distribution", "--temperatures", "3", expect=2))


class Bethe(CavityTest):
    T = np.array([1.25, 2.0])

    def write_pair(self, seed, shift=0.0, samples=20, cavity_seed=1):
        """Samples that scatter by 0.02 in both; noise of Monte Carlo 0.002."""
        random = np.random.default_rng(seed)
        exact = {"energy": -1.0 + 0.2 * self.T, "overlap": 0.05 / self.T}
        solved = {name: mean + 0.02 * random.normal(size=(samples, 2)) for name, mean in exact.items()}
        drawn = {name: each - shift + 0.002 * random.normal(size=each.shape) for name, each in solved.items()}
        self.write({"single": ({**GLASS, "lattice.N": 100, "model.realisation": 0, "model.realisations": samples},
                               {name: (each.mean(axis=0), each.std(axis=0), {"temperature": self.T}, each)
                                for name, each in drawn.items()})})
        self.cavity = self.write(
            {f"realisation={r},temperature={t}": (
                {**GLASS, "lattice.N": 100, "model.problem": "instance", "model.realisation": r, "model.realisations": 1,
                 "model.temperature": t, "run.seed": cavity_seed},
                {"converged": (1.0, 0.0), **{name: (each[r, i], 0.0) for name, each in solved.items()}})
             for r in range(samples) for i, t in enumerate(self.T)}, os.path.join(self.folder, "cavity.h5"))

    def compared(self):
        return curves.bethe(files.read(self.path), files.read(self.cavity))

    def test_differences_sample_by_sample(self):
        """The scatter of samples, ten times the noise, drops out."""
        scores = []
        for seed in range(8):
            self.write_pair(seed, shift=0.001)
            for each in self.compared():
                difference, error = each.difference()
                self.assertLess(np.max(error), 0.001)
                scores.append((difference - 0.001) / error)
        self.standard(scores)

    def test_verb(self):
        self.write_pair(1)
        ensemble = self.write({f"temperature={t}": ({**GLASS, "model.problem": "ensemble", "model.temperature": t},
                                                    {"energy": (-1 + 0.2 * t, 1e-4), "overlap": (0.05 / t, 1e-4)})
                               for t in self.T}, os.path.join(self.folder, "ensemble.h5"))
        self.assertIn("  20 ", self.command("bethe", self.cavity, "--ensemble", ensemble))
        self.figure("run.bethe.png")

    def test_other_samples_are_refused(self):
        self.write_pair(1, cavity_seed=2)
        self.assertIn("not the same samples: run.seed is 1 in Monte Carlo and 2", self.command("bethe", self.cavity, expect=2))


class Names(CavityTest):
    def name(self, **changed):
        self.write({"single": ({**GLASS, **{key.replace("__", "."): value for key, value in changed.items()}},
                               {"energy": (-1.0, 0.1)})})
        return names.title(files.read(self.path))

    def test_models_by_their_own_parameters(self):
        full = {"model__problem": "fully_connected"}
        for expected, changed in (
                (r"$\pm J$ spin glass, random regular graph, $z$ = 3", {}),
                ("Gaussian spin glass, cubic lattice, $L$ = 4", {"model__couplings": "gaussian", "lattice__kind": "cubic",
                                                                 "lattice__L": 4}),
                ("random-field Ising model, cubic lattice, $L$ = 4",
                 {"model__ferromagnetic_fraction": 1.0, "model__random_field": "gaussian", "model__random_field_width": 2.0,
                  "lattice__kind": "cubic", "lattice__L": 4}),
                (r"$\pm J$ model with 90 % ferromagnetic bonds, random regular graph, $z$ = 3",
                 {"model__ferromagnetic_fraction": 0.9}),
                ("Ising model, random regular graph, $z$ = 3", {"model__ferromagnetic_fraction": 1.0}),
                ("Sherrington-Kirkpatrick model, $h$ = 0.3", {**full, "model__fully_connected": "ising", "model__field": 0.3}),
                ("Ising $p$-spin model, $p$ = 3", {**full, "model__fully_connected": "ising", "model__spins_per_interaction": 3}),
                ("spherical $p$-spin model, $p$ = 3",
                 {**full, "model__fully_connected": "spherical", "model__spins_per_interaction": 3}),
                ("random energy model", {**full, "model__fully_connected": "random_energy"}),
                ("random 3-SAT", {"model__problem": "satisfiability", "model__clause_length": 3}),
                ("3-XORSAT, random hypergraph", {"model__problem": "ensemble", "lattice__kind": "hypergraph",
                                                 "model__spins_per_interaction": 3})):
            self.assertEqual(self.name(**changed), expected)

    def test_a_plot_of_a_spin_glass_says_so(self):
        synthetic.write(self.path, 5)
        self.assertNotIn("Ising", command_line._title(files.read(self.path), files.TEMPERATURE, "lattice.L"))
        self.assertIn("spin glass, cubic lattice", command_line._title(files.read(self.path), files.TEMPERATURE, "lattice.L"))

    def test_a_plot_of_an_ising_model_is_as_before(self):
        self.write({"single": ({"lattice.kind": "square", "lattice.L": 16, "model.coupling": "1", "algorithm.update": "wolff"},
                               {"energy": (-1.0, 0.1)})})
        self.assertEqual(command_line._title(files.read(self.path), files.TEMPERATURE, None),
                         "Ising model, square lattice, $L$ = 16, Wolff")


if __name__ == "__main__":
    unittest.main()
