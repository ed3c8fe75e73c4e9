#!/usr/bin/python3
"""Entropy and free energy by integration: against exact ones, along temperature against along interaction, and error bars."""
import sys

import numpy as np

sys.path.insert(0, __file__.rsplit("/", 2)[0])
from program import *  # noqa: E402, F403

sys.path.insert(0, os.path.join(SOURCE, "analysis"))  # noqa: F405
from weiss_analysis import thermodynamics as integration  # noqa: E402
from weiss_analysis import thermodynamics_command as command  # noqa: E402

DECK = """[lattice]
kind = {kind}
[model]
hopping = {hopping}
{model}
[algorithm]
{algorithm}
[run]
sweeps = 500
[sweep]
{sweep}
"""
EXACT = "solver = exact_diagonalization\nbath_sites = 3\ntolerance = 1e-7"


class Atom:
    """U (n_up - 1/2)(n_down - 1/2) - mu n."""

    def __init__(self, u, mu):
        self.energy, self.density = np.array([u / 4, -u / 4, -u / 4, u / 4]), np.array([0, 1, 1, 2])
        self.levels = self.energy - mu * self.density

    def log_z(self, beta):
        return np.log(np.exp(-np.multiply.outer(beta, self.levels)).sum(-1))

    def mean(self, beta, of):
        weights = np.exp(-np.multiply.outer(beta, self.levels))
        return weights @ of / weights.sum(-1)

    def entropy(self, beta):
        return self.log_z(beta) + beta * self.mean(beta, self.levels)


class Integration(unittest.TestCase):  # noqa: F405
    beta = np.concatenate([[0], np.geomspace(0.02, 20, 25)])

    def test_the_atom_along_temperature(self):
        atom = Atom(2.0, -0.4)
        values = atom.mean(self.beta, atom.levels)
        at = self.beta[1:]
        log_z, entropy, heat = integration.along_temperature(self.beta, values, 0 * values, np.log(4))
        heat_exact = at**2 * (atom.mean(at, atom.levels**2) - atom.mean(at, atom.levels)**2)
        for curve, exact, most in ((log_z, atom.log_z(at), 1e-3), (entropy, atom.entropy(at), 1e-3), (heat, heat_exact, 0.03)):
            deviation = np.abs(curve.value - exact)
            self.assertTrue(np.all(deviation <= curve.error() + 1e-12), deviation / curve.error())
            self.assertLess(curve.error().max(), most)

    def test_the_atom_along_interaction(self):
        u, beta, mu = np.linspace(-2, 3, 11), 3.0, 0.3
        atoms = [Atom(each, mu) for each in u]
        values = [float(atom.mean(beta, atom.energy)) / each if each else float(Atom(1, mu).energy @ np.exp(
            beta * mu * atom.density) / np.exp(beta * mu * atom.density).sum()) for atom, each in zip(atoms, u)]
        start = -float(Atom(0, mu).log_z(beta)) / beta
        curve = integration.along_interaction(u, values, 0 * u, start)
        exact = np.array([-float(atom.log_z(beta)) / beta for atom in atoms])
        self.assertTrue(np.all(np.abs(curve.value - exact) <= curve.error() + 1e-13))
        self.assertEqual(curve.value[4], start)
        self.assertLess(curve.error().max(), 1e-3)

    def test_statistical_errors_have_the_right_size(self):
        atom, random = Atom(2.0, 0.0), np.random.default_rng(8)
        values = atom.mean(self.beta, atom.levels)
        errors = np.concatenate([[0], np.full(len(values) - 1, 0.01)])
        for which in range(3):
            quoted = integration.along_temperature(self.beta, values, errors, 0)[which].statistical
            drawn = np.array([integration.along_temperature(self.beta, random.normal(values, errors), errors, 0)[which].value
                              for _ in range(400)])
            ratio = drawn.std(axis=0) / quoted
            self.assertTrue(np.all(np.abs(ratio - 1) < 0.2), ratio)

    def test_free_bands(self):
        # Second moments: t^2 on the Bethe and hypercubic lattices, 2 t^2 a direction, and t^2 a neighbour.
        for kind, moment in (("bethe", 1), ("hypercubic", 1), ("chain", 2), ("square", 4), ("cubic", 6), ("triangular", 6),
                             ("honeycomb", 3)):
            energies, weights = integration.free_band({"lattice.kind": kind, "model.hopping": 0.5})
            self.assertAlmostEqual(weights.sum(), 1, 12)
            self.assertAlmostEqual(weights @ energies, 0, 12)
            self.assertAlmostEqual(weights @ energies**2, 0.25 * moment, 10)
        self.assertAlmostEqual(integration.free_entropy(1), np.log(4), 14)


class Programs(ProgramTest):  # noqa: F405
    def run_deck(self, model, sweep, algorithm="", kind="bethe", hopping=0.5):
        self.write("run.ini", DECK.format(model=model, sweep=sweep, algorithm=algorithm, kind=kind, hopping=hopping))
        done = subprocess.run([os.path.join(BIN, "weiss-hubbard-dmft"), "run.ini", "--fresh"], cwd=self.folder,  # noqa: F405
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120)  # noqa: F405
        self.assertEqual(done.returncode, 0, done.stdout)
        return command.curves(self.path("run.h5"), [], None)[0]

    def analysis(self, *words, expect=0):
        done = subprocess.run(["/usr/bin/python3", "-B", os.path.join(SOURCE, "analysis", "weiss-analysis"), *words],  # noqa: F405
                              cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)  # noqa: F405
        self.assertEqual(done.returncode, expect, done.stdout)
        return done.stdout

    def agree(self, curve, exact, more=0.0):
        deviation = np.abs(curve.value - exact)
        self.assertTrue(np.all(deviation <= 2 * curve.error() + more), deviation / curve.error())

    def test_free_electrons_at_fixed_mu_and_density(self):
        for model, density in (("interaction = 0\nchemical_potential = 0.2", None), ("interaction = 0\ndensity = 0.7", 0.7)):
            each = self.run_deck(model, "model.temperature = logspace(60, 0.03, 24)")[()]
            for i, t in enumerate(each.temperature):
                free = integration.FreeElectrons({"lattice.kind": "bethe", "model.hopping": 0.5}, t)
                mu = 0.2 if density is None else free.chemical_potential(density)
                omega, n = free.grand_potential(mu), free.density(mu)
                for name, exact in (("grand_potential", omega), ("free_energy", omega + mu * n),
                                    ("entropy", (each.energy[i] - mu * n - omega) / t)):
                    curve = getattr(each, name)
                    self.assertLessEqual(abs(curve.value[i] - exact), 1.5 * curve.error()[i] + 1e-9, (name, t))
                    self.assertLess(curve.error()[i], 2e-6 * t + 2e-3)

    def test_the_atom_and_the_free_spin(self):
        each = self.run_deck("interaction = 2", "model.temperature = logspace(40, 0.1, 24)", hopping=1e-4)[()]
        self.agree(each.entropy, Atom(2, 0).entropy(1 / each.temperature), 1e-6)
        self.assertAlmostEqual(each.entropy.value[-1], np.log(2), 3)

    def test_both_ways_lead_to_one_free_energy(self):
        down = self.run_deck("interaction = 1", "model.temperature = logspace(100, 0.1, 22)\nchain = model.temperature",
                             EXACT)[()]
        up = self.run_deck("temperature = 0.1", "model.interaction = linspace(0, 1, 9)\nchain = model.interaction", EXACT)[()]
        for name in ("free_energy", "entropy"):
            one, other = getattr(down, name), getattr(up, name)
            error = np.hypot(one.error()[-1], other.error()[-1])
            self.assertLess(error, 5e-4)
            self.assertLess(abs(one.value[-1] - other.value[-1]), 2 * error)
        self.assertIn("grand potential", self.analysis("thermodynamics", "run.h5"))
        self.assertTrue(os.path.exists(self.path("run.thermodynamics.png")))  # noqa: F405
        lines = self.analysis("thermodynamics", "run.h5", "--csv").splitlines()
        self.assertEqual(len(lines), 1 + 3 * 9)
        self.assertIn("temperature is not swept", self.analysis("thermodynamics", "run.h5", "--along", "temperature", expect=2))

    def test_refusals(self):
        self.deck()
        self.run_program(1, "run.ini", "--run.sweeps=20")
        self.assertIn("is no run of weiss-hubbard-dmft", self.analysis("thermodynamics", "run.h5", expect=2))
        self.write("band.txt", "-1 1\n1 1\n")
        with self.assertRaisesRegex(integration.files.BadRequest, "not known for lattice.kind = file"):
            self.run_deck("interaction = 0", "model.temperature = 1, 2, 3, 4, 5", kind="file\ndensity_of_states = band.txt")
        with self.assertRaisesRegex(integration.files.BadRequest, "needs 5"):
            self.run_deck("interaction = 0", "model.temperature = 1, 2")
        with self.assertRaisesRegex(integration.files.BadRequest, "of one orbital"):
            self.run_deck("interaction = 1\norbitals = 2", "model.temperature = 1, 2",
                          "solver = exact_diagonalization\nbath_sites = 1\ntolerance = 1e-3")


if __name__ == "__main__":
    unittest.main()  # noqa: F405
