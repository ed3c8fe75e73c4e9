#!/usr/bin/python3
"""weiss-analysis on weiss-hubbard-dmft: what is known of synthetic files comes out again."""
import os
import sys
import unittest

import numpy as np

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
from cavity_analysis_test import CavityTest  # noqa: E402
from weiss_analysis import files, figures, mean_field_order, names  # noqa: E402

BETHE = {"lattice.kind": "bethe", "model.hopping": 0.5, "model.chemical_potential": 0.0,
         "algorithm.solver": "exact_diagonalization"}


def magnetisation(temperature, critical):
    """T = T_c - 0.3 m^2 - 0.1 m^4."""
    square = (-0.3 + np.sqrt(0.09 + 0.4 * np.maximum(critical - temperature, 0))) / 0.2
    return np.sqrt(square)


class Order(CavityTest):
    def test_zero_of_the_order_parameter(self):
        temperatures = np.arange(0.02, 0.2, 0.02)
        found = mean_field_order.transition(temperatures, -magnetisation(temperatures, 0.13), np.zeros(9))
        self.assertAlmostEqual(found.critical, 0.13, places=10)
        random = np.random.default_rng(1)
        pulls = []
        for _ in range(100):
            noisy = magnetisation(temperatures, 0.13) + 1e-2 * random.normal(size=9)
            found = mean_field_order.transition(temperatures, noisy, np.full(9, 1e-2))
            pulls.append((found.critical - 0.13) / found.critical_error)
        self.assertLess(np.sqrt(np.mean(np.square(pulls))), 1.2)

    def test_what_cannot_be_found(self):
        everywhere = mean_field_order.transition(np.array([1.0, 2, 3]), np.array([0.9, 0.8, 0.7]), np.zeros(3))
        self.assertIn("every temperature", everywhere.note)
        few = mean_field_order.transition(np.array([1.0, 2, 3]), np.array([0.9, 0.8, 0]), np.zeros(3))
        self.assertIn("three", few.note)
        jump = mean_field_order.transition(np.array([1.0, 2, 3, 4]), np.array([0.9, 0.89, 0.7, 0]), np.zeros(4))
        self.assertEqual((jump.critical, jump.critical_error), (3.5, 0.5))

    def test_command(self):
        tasks = {}
        for interaction in (1.0, 2.0, 3.0):
            for t in np.arange(0.02, 0.2, 0.02):
                tasks[f"interaction={interaction},temperature={t:g}"] = (
                    {**BETHE, "model.interaction": interaction, "model.temperature": t},
                    {"magnetisation": (magnetisation(t, 0.055 + 0.03 * interaction), 0.0)})
        self.write(tasks)
        output = self.command("order", "-o", os.path.join(self.folder, "order.png"))
        for critical in ("0.0850", "0.115", "0.145"):
            self.assertRegex(output, rf"\b{critical}")
        self.assertGreater(os.path.getsize(os.path.join(self.folder, "order.png")), 10000)

    def test_names_of_hubbard_models(self):
        self.write({"interaction=1": ({**BETHE, "model.interaction": 1.0, "model.temperature": 0.1}, {"energy": (0.0, 0.0)}),
                    "interaction=2": ({**BETHE, "model.interaction": 2.0, "model.temperature": 0.1}, {"energy": (0.0, 0.0)})})
        self.assertEqual(names.title(files.read(self.path)),
                         "Hubbard model, Bethe lattice, $t$ = 0.5, $T$ = 0.1, exact diagonalisation")
        self.assertNotIn("$J$", figures.label("model.temperature", electrons=True))
        from_file = {**BETHE, "lattice.kind": "hopping_file", "model.interaction": 1.0, "model.temperature": 0.1}
        self.write({"single": (from_file, {"energy": (0.0, 0.0)})})
        self.assertNotIn("$t$", names.title(files.read(self.path)))


if __name__ == "__main__":
    unittest.main()
