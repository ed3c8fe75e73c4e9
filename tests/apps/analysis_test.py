#!/usr/bin/python3
"""The exact formulas of weiss-analysis against independent values, and its crossing fit against a known crossing."""
import os
import sys
import unittest

import numpy as np

sys.path.insert(0, os.path.join(os.environ["WEISS_SOURCE"], "analysis"))
from weiss_analysis import crossings, ensembles, exact, tables  # noqa: E402


class Exact(unittest.TestCase):
    def test_kaufman(self):
        # brute force at L = 4; high-precision evaluations beyond
        for temperature, size, energy, heat in (
                (2.5, 4, -1.37911648225935, None), (2.0, 4, -1.75538028877744, None),
                (exact.T_C, 8, -1.49158910743971, 1.14555924), (exact.T_C, 16, -1.45306485281348, 1.49870496),
                (exact.T_C, 32, -1.43365846614625, 1.84676759), (exact.T_C, 64, -1.42393838983301, 2.19221139),
                (exact.T_C, 128, -1.41907627208499, 2.53633134), (2.0, 32, -1.74556452703457, 0.72487398),
                (2.5, 64, -1.10608299247209, 0.86185508)):
            e, c = exact.kaufman(temperature, size)
            self.assertAlmostEqual(e, energy, 12)
            if heat:
                self.assertAlmostEqual(c, heat, 7)

    def test_kaufman_is_smooth_at_the_critical_point(self):
        around = [exact.kaufman(exact.T_C + d, 64)[0] for d in (-1e-9, -1e-13, 0, 1e-13, 1e-9)]
        self.assertLess(np.ptp(around), 1e-8)

    def test_large_tori_tend_to_onsager(self):
        for temperature in (1.5, 2.0, 3.0):
            e, c = exact.kaufman(temperature, 200)
            self.assertAlmostEqual(e, float(exact.onsager_energy(temperature)), 10)
            self.assertAlmostEqual(c, float(exact.onsager_specific_heat(temperature)), 8)
        self.assertAlmostEqual(float(exact.onsager_energy(exact.T_C)), -np.sqrt(2), 6)
        self.assertAlmostEqual(float(exact.onsager_magnetization(2.0)), 0.911319, 6)

    def test_infinite_systems(self):
        temperatures = np.array([0.4, 0.8, 0.99, 1.2, 2.0])
        m = exact.complete_magnetization(temperatures)
        self.assertLess(np.max(np.abs(m - np.tanh(m / temperatures))), 1e-12)
        self.assertTrue(np.all(m[:3] > 0) and np.all(m[3:] == 0))
        # The specific heats are the slopes of the energies.
        for energy, heat in ((exact.chain_energy, exact.chain_specific_heat),
                             (exact.onsager_energy, exact.onsager_specific_heat)):
            slope = (energy(temperatures + 1e-5) - energy(temperatures - 1e-5)) / 2e-5
            self.assertLess(np.max(np.abs(slope - heat(temperatures))), 1e-8)

    def test_a_known_crossing_is_found_within_its_error(self):
        random = np.random.default_rng(5)
        x = np.linspace(-0.1, 0.1, 9) + 2.0
        error = np.full(9, 0.002)
        curves = {}
        for size in (4, 8, 16):
            y = 0.6 - (x - 2.0) * size + random.normal(0, 0.002, 9)
            curves[size] = ensembles.Curve(x, y, error, random.normal(y, error, (400, 9)))
        found = crossings.crossings(curves)
        self.assertEqual(len(found), 2)
        for pair in found:
            self.assertLess(abs(pair.temperature - 2.0), 5 * pair.error)
            self.assertLess(pair.error, 0.01)
            self.assertLess(abs(pair.value - 0.6), 5 * pair.value_error)

    def test_numbers_with_errors(self):
        self.assertEqual(tables.with_error(-1.419523, 0.000312), "-1.41952(31)")


if __name__ == "__main__":
    unittest.main()
