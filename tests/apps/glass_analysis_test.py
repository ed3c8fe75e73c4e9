#!/usr/bin/python3
"""weiss-analysis on spin glasses: what is known of synthetic files comes out again, with errors of the right size."""
import os
import sys
import unittest

import h5py
import numpy as np
from scipy.special import erfc

sys.path.insert(0, os.path.join(os.environ["WEISS_SOURCE"], "analysis"))
sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import synthetic_glass as synthetic  # noqa: E402
from glass_case import CHI, RATIO, GlassTest  # noqa: E402
from weiss_analysis import crossings, ensembles, exchange, overlaps  # noqa: E402


class Crossings(GlassTest):
    def test_crossings_of_both_ratios(self):
        scores = {RATIO: [], "overlap_binder": []}
        for seed in range(16):
            synthetic.write(self.path, 100 + seed, sizes=(4, 8, 16), samples=300)
            for name, found in scores.items():
                pairs = crossings.crossings(ensembles.of_sizes(self.merged(), [name])[0])
                self.assertEqual(len(pairs), 2)
                mean, error, _, _ = crossings.mean_of_pairs(pairs)
                found.append([(pair.temperature - synthetic.T_C) / pair.error for pair in pairs] +
                             [(mean - synthetic.T_C) / error])
        for found in scores.values():
            self.standard(found)

    def test_extrapolated_crossings(self):
        """Corrections move the pairs away from T_c; their limit is T_c."""
        scores, shifts = [], []
        for seed in range(9):
            synthetic.write(self.path, 300 + seed, sizes=(4, 8, 16, 32), samples=600, correction=-0.3)
            pairs = crossings.crossings(ensembles.of_sizes(self.merged(), [RATIO])[0])
            limit = crossings.extrapolated(pairs, 1.0, synthetic.NU)
            scores.append([(limit.temperature - synthetic.T_C) / limit.error])
            shifts.append(crossings.mean_of_pairs(pairs)[0] - synthetic.T_C)
            self.assertEqual(limit.degrees_of_freedom, 1)
            self.assertLess(limit.chi_square, 12)
        self.assertGreater(np.mean(shifts) / (np.std(shifts) / 3), 4)
        self.standard(scores)
        self.assertIn("extrapolated with omega = 1, nu = 2.5: 1.", self.command("crossings", "--nu", "2.5"))

    def test_verbs(self):
        synthetic.write(self.path, 5)
        output = self.command("crossings", "--reference", "1.1", "--reference-error", "0.003")
        self.assertIn("T_c =", output)
        self.assertIn("statistical errors away", output)
        self.figure("run.correlation_length_ratio.png")
        self.assertIn("4", self.command("crossings", "--observable", "overlap_binder", "--sizes", "4,12"))

    def test_what_is_missing_is_named(self):
        synthetic.write(self.path, 5)
        for words, message in (
                (("crossings", "--observable", "colour"), "no observable colour; there are correlation_length_ratio"),
                (("crossings", "--where", "L=4"), "needs two sizes; there is 4"),
                (("crossings", "--where", "L=5"), "no task with L=5; lattice.L has 4, 6, 8, 12"),
                (("crossings", "--to", "1"), "needs three temperatures"),
                (("crossings", "--from", "1.3"), "do not cross"),
                (("overlaps",), "run with output.overlap_histogram = true"),
                (("exchange",), "no observable exchange_acceptance"),
                (("equilibration",), "no observable equilibration_energy")):
            self.assertIn(message, self.command(*words, expect=2))


class Realisations(GlassTest):
    def split(self, pieces, numbers=None):
        """L = 4 in tasks of the given numbers of samples; all of them."""
        drawn = synthetic.draw(np.random.default_rng(1), 4, sum(pieces))
        first = 0
        with h5py.File(self.path, "w") as file:
            for i, count in enumerate(pieces):
                part = {name: bins[first:first + count] for name, bins in drawn.items()}
                start = first if numbers is None else numbers[i]
                synthetic.write_task(file, f"L=4,realisation={start}", 4, part, first=start)
                first += count
        return drawn

    def test_tasks_of_one_disorder_are_one(self):
        drawn = self.split((100, 60, 40))
        (task,) = self.merged().tasks
        self.assertEqual((task.id, task.parameters["model.realisations"]), ("L=4", 200))
        means = {name: bins.mean(axis=0) for name, bins in drawn.items()}
        for name in synthetic.BASE:
            np.testing.assert_allclose(task.results[name].mean, means[name], rtol=1e-12)
            error = drawn[name].std(axis=0, ddof=1) / np.sqrt(200)
            np.testing.assert_allclose(task.results[name].error, error, rtol=1e-12)
        for name, value in synthetic.derived_of(means, 4).items():
            np.testing.assert_allclose(task.results[name].mean, value, rtol=1e-9)

    def test_errors_of_derived_quantities(self):
        """Bootstrap errors against the spread over independent sets of samples."""
        values = []
        for seed in range(200):
            drawn = synthetic.draw(np.random.default_rng(seed + 10), 4, 200)
            values.append(synthetic.derived_of({name: bins.mean(axis=0) for name, bins in drawn.items()}, 4))
        self.split((100, 100))
        (task,) = self.merged().tasks
        for name in (RATIO, CHI, "overlap_binder"):
            spread = np.std([value[name] for value in values], axis=0)
            share = task.results[name].error / spread
            self.assertTrue(np.all((share > 0.75) & (share < 1.3)), (name, share))

    def test_a_realisation_twice_is_refused(self):
        self.split((50, 50), numbers=(0, 49))
        self.assertIn("realisation 49 is in two tasks, L=4,realisation=0 and L=4,realisation=49",
                      self.command("table", expect=2))

    def test_single_realisations_count_by_their_means(self):
        drawn = synthetic.draw(np.random.default_rng(2), 4, 5)
        with h5py.File(self.path, "w") as file:
            for i in range(5):
                in_time = {name: bins[i] * np.array([[0.9], [1.1], [1.0]]) for name, bins in drawn.items()}
                window = {"window_start": np.array([1.0]), "temperature": synthetic.TEMPERATURES}
                extra = {"equilibration_energy": (drawn["energy"][i:i + 1], np.full((1, 10), np.nan), np.zeros((0, 1, 10)),
                                                  window)}
                synthetic.write_task(file, f"realisation={i}", 4, in_time, i, extra, number=1)
        (task,) = self.merged().tasks
        self.assertEqual(task.results["overlap_sq"].bins.shape, (5, len(synthetic.TEMPERATURES)))
        np.testing.assert_allclose(task.results["overlap_sq"].mean, drawn["overlap_sq"].mean(axis=0), rtol=1e-12)
        np.testing.assert_allclose(task.results["equilibration_energy"].error[0],
                                   drawn["energy"].std(axis=0, ddof=1) / np.sqrt(5), rtol=1e-9)

    def test_tables_have_a_row_a_temperature(self):
        self.split((30, 30))
        lines = self.command("table").splitlines()
        self.assertEqual(lines[0].split()[:4], ["task", "status", "temperature", "energy"])
        self.assertEqual([line.split()[2] for line in lines[2:12]], [f"{t:g}" for t in synthetic.TEMPERATURES])
        text = self.command("table", "--csv", "--observables", "energy,overlap_sq")
        rows = [line.split(",") for line in text.splitlines()]
        self.assertEqual(rows[0][-1], "temperature")
        self.assertEqual(len(rows), 1 + 2 * len(synthetic.TEMPERATURES))
        self.assertEqual(float(rows[3][-1]), float(f"{synthetic.TEMPERATURES[2]:.12g}"))
        self.assertIn("no scalar observable colour", self.command("table", "--observables", "colour", expect=2))
        self.command("plot", "--y", RATIO, "-o", os.path.join(self.folder, "xi.png"))
        self.figure("xi.png")


class Diagnostics(GlassTest):
    def with_diagnostics(self, verdicts=((1, 1), (0, 2))):
        """L = 6 in two tasks, with verdicts of the two coldest temperatures, windows, exchange and a flat P(q)."""
        random = np.random.default_rng(4)
        temperatures = synthetic.TEMPERATURES
        count, sites, bins = len(temperatures), 6**3, 101
        windows = 2.0 ** np.arange(6)
        place = np.clip(((2 * np.arange(sites + 1) - sites) / sites + 1) / 2 * bins, 0, bins - 1).astype(int)
        centres = (2 * np.arange(bins) + 1) / bins - 1
        flat = np.bincount(place, minlength=bins) / (sites + 1)
        with h5py.File(self.path, "w") as file:
            for i, pair in enumerate(verdicts):
                verdict = np.ones(count)
                verdict[:2] = pair
                decay = np.exp(-windows / 4)[:, np.newaxis] * np.ones(count)
                over, none = {"temperature": temperatures}, np.zeros((0, count))
                in_time = {"window_start": windows, "temperature": temperatures}
                extra = {"equilibrated": (verdict, np.zeros(count), none, over),
                         "exchange_acceptance": (np.linspace(0.2, 0.7, count - 1), np.zeros(count - 1), none[:, 1:],
                                                 {"temperature": temperatures[:-1]}),
                         "fraction_from_hot": (np.linspace(0, 1, count), np.zeros(count), none, over),
                         "round_trips": (1.5, 0.1, np.zeros(0), {}),
                         "overlap_histogram": (np.tile(flat, (count, 1)), np.full((count, bins), 0.001),
                                               random.uniform(0.9, 1.1, (20, count, 1)) * flat,
                                               {"temperature": temperatures, "overlap_bin": centres})}
                for name, sign in (("energy", 1), ("energy_from_links", -1), ("overlap_sq", -1), ("link_overlap", -1)):
                    extra[f"equilibration_{name}"] = (-1.7 + sign * decay, np.full(decay.shape, 0.01),
                                                      np.zeros((0, *decay.shape)), in_time)
                synthetic.write_task(file, f"L=6,realisation={20 * i}", 6, synthetic.draw(random, 6, 20), 20 * i, extra)

    def test_a_flat_distribution_of_overlaps_is_flat(self):
        """216 spins have 217 overlaps: 101 bins hold two or three of them."""
        self.with_diagnostics(verdicts=((1, 1),))
        for each in overlaps.distributions(self.merged()):
            np.testing.assert_allclose(each.density, 0.5, rtol=1e-12)
            self.assertAlmostEqual(each.near_zero, 0.5, 12)
            self.assertLess(abs(each.near_zero_error / (0.5 * 0.2 / np.sqrt(12) / np.sqrt(20)) - 1), 0.4)
        self.assertIn("0.500", self.command("overlaps", "--temperatures", "0.9,1.6"))
        self.figure("run.overlaps.png")
        self.assertIn("no temperature 7; there are 0.9", self.command("overlaps", "--temperatures", "7", expect=2))
        self.assertIn("not a list of numbers", self.command("overlaps", "--temperatures", "cold", expect=2))
        self.assertIn("no size 5; there are 6", self.command("overlaps", "--size", "5", expect=2))

    def test_verdicts_of_merged_tasks_are_the_worst(self):
        self.with_diagnostics()
        rows = [line.split() for line in self.command("equilibration").splitlines() if line.startswith("L=6")]
        self.assertEqual([row[2] for row in rows[:3]], ["drifting", "undecided", "equilibrated"])
        self.figure("run.equilibration.png")
        self.assertIn("no temperature 7", self.command("equilibration", "--temperatures", "7", expect=2))
        self.assertIn("no size 5; there are 6", self.command("equilibration", "--size", "5", expect=2))

    def test_suggested_temperatures_have_equal_acceptance(self):
        def distance(one, other):
            """Of sigma(beta) = 3 / beta: the integral of sigma over beta, halved."""
            return 1.5 * np.abs(np.log(one / other))

        temperatures = np.linspace(0.5, 2.0, 12)
        acceptance = erfc(distance(temperatures[1:], temperatures[:-1]))
        for words in ({}, {"count": 20}, {"target": 0.4}):
            new, level = exchange.equal_acceptance(temperatures, acceptance, **words)
            self.assertEqual((new[0], new[-1]), (0.5, 2.0))
            self.assertEqual(len(new), words.get("count", len(new) if "target" in words else 12))
            np.testing.assert_allclose(erfc(distance(new[1:], new[:-1])), level, atol=0.02)
            # a constant specific heat: a geometric progression
            np.testing.assert_allclose(new, np.geomspace(0.5, 2.0, len(new)), rtol=0.01)
            if "target" in words:
                self.assertGreaterEqual(level, 0.4)
                self.assertLess(erfc(distance(2.0, 0.5) / (len(new) - 2)), 0.4)

    def test_the_deck_line_keeps_temperatures_apart(self):
        line = exchange.deck_line(np.array([0.123456, 1.00001, 1.00002, 1.00003, 2.0]))
        values = [float(part) for part in line.split("=")[1].split(",")]
        self.assertEqual(values, sorted(set(values)))
        self.assertEqual(values[0], 0.123456)

    def test_exchange(self):
        self.with_diagnostics()
        output = self.command("exchange", "--acceptance", "0.5")
        self.assertIn("0.200 at 0.9-0.977778", output)
        self.assertIn("\ntemperatures = 0.9, ", output)
        self.figure("run.exchange.png")
        self.assertIn("between 0 and 1", self.command("exchange", "--acceptance", "2", expect=2))


if __name__ == "__main__":
    unittest.main()
