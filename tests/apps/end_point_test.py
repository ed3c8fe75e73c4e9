#!/usr/bin/python3
"""weiss-analysis end-point: a known cusp comes out again, with and without noise, and unfit files are refused."""
import os
import sys
import unittest

import numpy as np

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
from cavity_analysis_test import CavityTest  # noqa: E402
from weiss_analysis import end_point, files  # noqa: E402

T_C, U_C, D_C = 0.0255, 2.34, 0.033
RANGE = np.linspace(-2.2, 3.4, 20001)  # of y
TEMPERATURES = (0.0215, 0.023, 0.0245, 0.026, 0.0275, 0.029, 0.031)
INTERACTIONS = np.arange(2.28, 2.386, 0.0075)
BETHE = {"lattice.kind": "bethe", "model.hopping": 0.5, "model.chemical_potential": 0.0, "algorithm.solver": "ct_hyb"}


def interaction(y, temperature):
    """U of y = (D - D_c)/0.01: -dU/dy = a s + 3 b y^2 + ..., s = T - T_c, steeper on the insulator's side."""
    s = temperature - T_C
    return U_C - 5.5 * s - 9 * s * y - 0.012 * y**3 + 0.004 * y**4 - 0.0006 * y**5


def solutions(temperature, u):
    """D of the insulator and of the metal."""
    y = RANGE
    difference = interaction(y, temperature) - u
    places = np.flatnonzero(difference[:-1] * difference[1:] <= 0)
    return (None, None) if not places.size else tuple(D_C + 0.01 * y[i] for i in (places[0], places[-1]))


def inverse_slope(temperature):
    y = RANGE
    return np.min(-np.gradient(interaction(y, temperature), 0.01 * y))


EXACT = [(t, u, *solutions(t, u)) for t in TEMPERATURES for u in INTERACTIONS]


def cloud(noise=0.0, seed=1, temperatures=TEMPERATURES, falling=(False, True)):
    """Points of both branches; noise of D grows with the slope of D(U), as that of a self-consistent iteration."""
    random, rows = np.random.default_rng(seed), []
    for t, u, insulator, metal in EXACT:
        for branch in falling if insulator is not None and t in temperatures else ():
            error = noise / max(0.2, inverse_slope(t) / 5)
            rows.append((t, u, (insulator if branch else metal) + error * random.normal(), error, branch, True))
    return end_point.Points(*(np.array(column) for column in zip(*rows)))


class Cusp(unittest.TestCase):
    def test_without_noise(self):
        found = end_point.end_point(cloud())
        for value, exact, most in ((found.temperature, T_C, 1e-4), (found.interaction, U_C, 1e-3), (found.value, D_C, 5e-4)):
            self.assertLess(abs(value[0] - exact), 2 * value[1])
            self.assertLess(value[1], most)
        for isotherm in found.isotherms:
            self.assertLess(abs(isotherm.inverse_slope[0] - inverse_slope(isotherm.temperature)),
                            2 * isotherm.inverse_slope[1] + 0.02)

    def test_errors_have_the_right_size(self):
        pulls = []
        for seed in range(8):
            found = end_point.end_point(cloud(1e-4, seed))
            pulls.append([(value[0] - exact) / value[1] for value, exact in ((found.temperature, T_C), (found.interaction, U_C))])
            self.assertLess(found.temperature[1], 5e-4)
        rms = np.sqrt(np.mean(np.square(pulls), axis=0))
        self.assertTrue(np.all((0.3 < rms) & (rms < 1.6)), rms)

    def test_from_above_alone(self):
        found = end_point.end_point(cloud(temperatures=TEMPERATURES[3:], falling=(False,)))
        self.assertLess(abs(found.temperature[0] - T_C), 2 * found.temperature[1] + 1e-4)
        self.assertEqual({isotherm.solutions for isotherm in found.isotherms}, {0})

    def test_hysteresis(self):
        points = cloud(1e-4)
        for t in TEMPERATURES:
            two = [u for u in INTERACTIONS if None not in solutions(t, u) and np.diff(solutions(t, u))[0] > 1e-3]
            isotherm = end_point.branches(points, t)
            self.assertEqual(isotherm.solutions, 2 if two else 1)
            if two:
                self.assertEqual((isotherm.lower[1], isotherm.upper[0]), (two[0], two[-1]))
                self.assertAlmostEqual(isotherm.lower[0], two[0] - 0.0075)
                if two[-1] < INTERACTIONS[-1]:
                    self.assertAlmostEqual(isotherm.upper[1], two[-1] + 0.0075)
                else:  # the sweep does not see the end
                    self.assertIsNone(isotherm.upper[1])

    def test_uncertain_errors_make_no_hysteresis(self):
        points = cloud(1e-4)
        points.enough[points.temperature == TEMPERATURES[0]] = False
        self.assertEqual([end_point.branches(points, t).solutions for t in TEMPERATURES[:2]], [0, 2])

    def test_no_end_point(self):
        above = end_point.end_point(cloud(temperatures=(0.029, 0.0295, 0.031)))
        self.assertTrue(above.note or above.temperature[0] < 0.029)
        rows = cloud()
        flat = end_point.Points(rows.temperature, rows.interaction, 0.3 - 0.1 * rows.interaction + 0.2 * rows.temperature,
                                rows.error, rows.falling, rows.enough)
        self.assertIn("lower temperatures", end_point.end_point(flat).note)


class Command(CavityTest):
    def tasks(self, more=None, key="run.chain_direction", names=("forward", "backward"), results=None):
        made = {}
        for i, (t, u, d, error, falling, _) in enumerate(zip(*vars(cloud(1e-4)).values())):
            made[str(i)] = ({**BETHE, "model.temperature": t, "model.interaction": u, key: names[int(falling)], **(more or {})},
                            results or {"double_occupancy": (d, error), "converged": (1.0, 0.0)})
        return made

    def test_table_and_figure(self):
        tasks = self.tasks()
        tasks["0"][1]["converged"] = (0.0, 0.0)
        self.write(tasks)
        figure = os.path.join(self.folder, "end.png")
        output = self.command("end-point", "-o", figure)
        self.assertRegex(output, r"end point: T = 0\.025\d+\(\d+\), U = 2\.3[34]\d+\(\d+\)")
        self.assertIn("1 of", output)
        self.assertIn("0.0215  2", output)
        self.assertGreater(os.path.getsize(figure), 10000)

    def test_beta_and_starts(self):
        tasks = self.tasks(key="algorithm.solution_start", names=("metal", "insulator"))
        for parameters, _ in tasks.values():
            parameters["model.beta"] = 1 / parameters.pop("model.temperature")
        self.write(tasks)
        self.assertRegex(self.command("end-point", "-o", os.path.join(self.folder, "end.png")), "end point: T = 0.025")

    def refusal(self, tasks, words):
        self.write(tasks)
        self.assertRegex(self.command("end-point", expect=2), words)

    def test_refusals(self):
        few = dict(list(self.tasks().items())[:20])
        self.refusal(few, "needs .* sweep model.temperature and model.interaction more finely")
        one = {"1": next(iter(self.tasks().values()))}
        self.refusal(one, "model.interaction is not swept")
        self.refusal(self.tasks(results={"energy": (0.0, 0.0)}), "no observable double_occupancy")
        mixed = self.tasks()
        mixed["0"][0]["algorithm.bath_sites"] = 4
        self.refusal(mixed, "algorithm.bath_sites differ between tasks; choose one value by --where")
        never = self.tasks(results={"double_occupancy": (0.03, 0.0), "converged": (0.0, 0.0)})
        self.refusal(never, "0 converged tasks")


if __name__ == "__main__":
    unittest.main()
