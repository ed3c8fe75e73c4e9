#!/usr/bin/python3
"""weiss-analysis phase-diagram: lines of several files come together, closed forms judge them, wrong files are refused."""
import contextlib
import io
import os
import sys
import tempfile
import unittest

import h5py
import numpy as np

sys.path.insert(0, os.path.join(os.environ["WEISS_SOURCE"], "analysis"))
from weiss_analysis import command_line, phase_diagram  # noqa: E402

Z3 = phase_diagram.Exact(2.0, 1.0)


def write(path, tasks, **common):
    """tasks: ({key: value}, {result: (mean, error)})"""
    with h5py.File(path, "w") as file:
        for number, (parameters, results) in enumerate(tasks):
            group = file.create_group(f"tasks/{number}")
            group.attrs.update({"status": "done", "steps": 10})
            defaults = {"lattice.kind": "random_regular", "lattice.degree": 3, "model.couplings": "bimodal",
                        "model.coupling_width": 1.0, "model.field": 0.0, "model.temperature": 1.0,
                        "model.ferromagnetic_fraction": 0.5, "algorithm.find_variable": "temperature"}
            for key, value in {**defaults, **common, **parameters}.items():
                group[f"parameters/{key}"] = value
            group.create_group("results")
            for name, (mean, error) in results.items():
                result = group.create_group(f"results/{name}")
                result.attrs.update({"unit": "1", "long_name": name, "formula": "", "enough_samples": 1})
                result["mean"], result["error"], result["bins"] = mean, error, np.zeros(0)
                result["tau_int"], result["count"] = 0.5, 10


class PhaseDiagram(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def path(self, name):
        return os.path.join(self.folder, name)

    def command(self, *words, expect=0):
        out = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            code = command_line.main(["phase-diagram", *words])
        self.assertEqual(code, expect, out.getvalue())
        return out.getvalue()

    def ends_of_the_paramagnet(self, shift=0.0):
        write(self.path("ends.h5"), [
            ({"algorithm.find": "spin_glass_line", "model.ferromagnetic_fraction": 0.7},
             {"critical_temperature": (1.134593 + shift, 1e-3)}),
            ({"algorithm.find": "ferromagnetic_line", "model.ferromagnetic_fraction": 1.0},
             {"critical_temperature": (1.820478, 1e-3)}),
            ({"algorithm.find": "multicritical_point"},
             {"critical_temperature": (1.134593, 1e-3), "critical_fraction": (0.853553, 1e-4)})])
        return self.path("ends.h5")

    def glassy_lines(self):
        along = {"algorithm.find_variable": "ferromagnetic_fraction"}
        write(self.path("glass.h5"), [({"algorithm.find": "ferromagnetic_line", "model.temperature": t, **along},
                                       {"critical_fraction": (p, 1e-4)}) for t, p in ((0.2, 0.8673), (1.0, 0.8546))])
        magnetised = {"algorithm.find": "spin_glass_line", "algorithm.population_start": "magnetised"}
        write(self.path("mixed.h5"), [
            ({**magnetised, **along, "model.temperature": 0.2}, {"critical_fraction": (0.9066, 1e-4)}),
            ({**magnetised, "model.ferromagnetic_fraction": 0.88}, {"critical_temperature": (0.58, 2e-3)})])
        return self.path("glass.h5"), self.path("mixed.h5")

    def test_closed_forms(self):
        self.assertAlmostEqual(Z3.spin_glass, 1.134593, 6)
        self.assertAlmostEqual(Z3.multicritical, 0.853553, 6)
        self.assertAlmostEqual(float(Z3.ferromagnet(1.0)), 1.820478, 6)
        for line in (Z3.ferromagnet, Z3.nishimori):
            self.assertAlmostEqual(float(line(Z3.multicritical)), Z3.spin_glass, 12)

    def test_every_line_finds_its_place(self):
        lines, exact, _ = phase_diagram.collected([self.ends_of_the_paramagnet(), *self.glassy_lines()], [])
        self.assertEqual(list(lines), list(phase_diagram.LINES))
        self.assertEqual([(p.fraction, p.temperature) for p in lines["mixed"]], [(0.8546, 1.0), (0.8673, 0.2)])
        stability = lines["stability"]
        self.assertEqual([(p.fraction, p.temperature) for p in stability], [(0.88, 0.58), (0.9066, 0.2)])
        self.assertEqual([(p.fraction_error, p.temperature_error) for p in stability], [(0, 2e-3), (1e-4, 0)])
        for name in ("spin glass", "ferromagnet", "multicritical"):
            self.assertLess(abs(exact.deviation(lines[name][0])), 0.01)
        self.assertIsNone(exact.deviation(stability[0]))

    def test_figure(self):
        output = self.path("figure.png")
        text = self.command(self.ends_of_the_paramagnet(), *self.glassy_lines(), "-o", output)
        self.assertGreater(os.path.getsize(output), 10000)
        for words in ("multicritical point", "0.85355(10)", "0.90660(10)", f"figure: {output}"):
            self.assertIn(words, text)
        self.command(self.ends_of_the_paramagnet())  # one file, some lines only
        self.assertGreater(os.path.getsize(self.path("ends.phase-diagram.png")), 10000)

    def test_points_off_their_closed_form_are_an_error(self):
        self.assertIn("+10.0", self.command(self.ends_of_the_paramagnet(shift=0.01), expect=1))

    def test_refusals(self):
        write(self.path("none.h5"), [({"algorithm.find": "none"}, {"energy": (-1.0, 0.1)})])
        self.assertIn("algorithm.find", self.command(self.path("none.h5"), expect=2))
        point = ({"algorithm.find": "spin_glass_line"}, {"critical_temperature": (1.1, 0.1)})
        write(self.path("gaussian.h5"), [point], **{"model.couplings": "gaussian"})
        self.assertIn("+-J", self.command(self.path("gaussian.h5"), expect=2))
        write(self.path("field.h5"), [point], **{"model.field": 0.1})
        self.assertIn("field", self.command(self.path("field.h5"), expect=2))
        write(self.path("four.h5"), [point], **{"lattice.degree": 4})
        both = (self.ends_of_the_paramagnet(), self.path("four.h5"))
        self.assertIn("--where", self.command(*both, expect=2))
        self.command(self.path("missing.h5"), expect=4)


if __name__ == "__main__":
    unittest.main()
