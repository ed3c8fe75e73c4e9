#!/usr/bin/python3
"""weiss-analysis on spectra of weiss-hubbard-dmft: what is known of synthetic files comes out again, and figures are made."""
import os
import sys
import unittest

import h5py
import numpy as np

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import synthetic_glass as synthetic  # noqa: E402
from glass_case import GlassTest  # noqa: E402
from weiss_analysis import dmft_commands, files  # noqa: E402

MODEL = {"lattice.kind": "square", "model.hopping": 1.0, "model.diagonal_hopping": 0.0, "model.interaction": 4.0,
         "model.beta": 10.0, "algorithm.solver": "perturbation", "output.continuation": "pade"}
W = np.linspace(-6, 6, 481)


def lorentzian(w, centre, width=0.2):
    return width / np.pi / ((w - centre) ** 2 + width**2)


def band(kx, ky):
    return -2 * (np.cos(kx) + np.cos(ky))


class SpectraTest(GlassTest):
    def write(self, tasks, path=None):
        """tasks: {id: (parameters, {name: (mean, error, axes)}, {name: long name})}; the file's path."""
        with h5py.File(path or self.path, "w") as file:
            for task_id, (parameters, results, words) in tasks.items():
                group = file.create_group(f"tasks/{task_id}")
                group.attrs.update({"status": "done", "steps": 10})
                for key, value in {**MODEL, **parameters}.items():
                    group[f"parameters/{key}"] = value
                group.create_group("results")
                for name, (mean, error, axes) in results.items():
                    synthetic.write_result(group["results"], name, np.asarray(mean, float), np.asarray(error, float),
                                           np.zeros((0, *np.shape(mean))), axes)
                for name, long_name in words.items():
                    group[f"results/{name}"].attrs["long_name"] = long_name
        return path or self.path

    def local(self, peaks, trusted=1.0, down=None, error=0.01):
        up = sum(lorentzian(W, each) for each in peaks) / len(peaks)
        other = up if down is None else sum(lorentzian(W, each) for each in down) / len(down)
        return {"spectral_function": ([up, other], np.full((2, len(W)), error), {"spin": [1.0, -1.0], "frequency": W}),
                "continuation_trusted": (trusted, 0.0, {})}


class Spectra(SpectraTest):
    def test_curves_are_sorted_and_named(self):
        self.write({f"interaction={u}": ({"model.interaction": u}, self.local([-u / 2, 0, u / 2]), {}) for u in (10.0, 2.0, 4.0)})
        found = dmft_commands.spectra_of(files.read(self.path))
        self.assertEqual([each.name for each in found], ["$U$ = 2", "$U$ = 4", "$U$ = 10"])
        self.assertEqual([list(np.round(each.peaks(each.parts[0]), 2)) for each in found], [[-1, 0, 1], [-2, 0, 2], [-5, 0, 5]])
        self.assertAlmostEqual(found[0].at_zero(found[0].parts[0]), (lorentzian(0, 0) + 2 * lorentzian(0, 1)) / 3, 12)
        tails = 2 * 0.2 / (6 * np.pi)
        self.assertAlmostEqual(found[0].norm(found[0].parts[0]), 1 - tails, 2)
        self.assertFalse(found[0].differ())

    def test_verb(self):
        self.write({f"interaction={u}": ({"model.interaction": u}, self.local([-u / 2, u / 2], trusted=float(u > 2)), {})
                    for u in (2.0, 4.0)})
        output = self.command("spectra")
        self.assertIn("-2.00, +2.00", output)
        self.assertEqual(output.count("not trusted"), 1)
        self.figure("run.spectra.png")

    def test_several_files_by_solver_and_method(self):
        self.write({"single": ({}, self.local([0.0], error=np.inf), {})})
        other = self.write({"single": ({"algorithm.solver": "exact_diagonalization", "output.continuation": "none"},
                                       self.local([1.0], down=[-1.0]), {})}, os.path.join(self.folder, "other.h5"))
        output = self.command("spectra", other, "--overlay")
        self.assertIn("perturbation theory, Pade", output)
        self.assertRegex(output, r"\nexact diagonalisation +0\.06")
        self.figure("run.spectra.png")
        self.assertIn("does not exist", self.command("spectra", "nowhere.h5", expect=4))

    def test_orbitals_have_a_row_each(self):
        results = self.local([0.0], down=[-2.0, 2.0])
        values, error, axes = results["spectral_function"]
        results["spectral_function"] = (values, error, {"orbital": [0.0, 1.0], "frequency": axes["frequency"]})
        self.write({f"interaction={u}": ({"model.interaction": u}, results, {}) for u in (2.0, 4.0)})
        output = self.command("spectra")
        self.assertRegex(output, r"U = 2, first orbital +1\.59\d\d +0\.9\d+ +[+-]0\.00")
        self.assertRegex(output, r"U = 4, second orbital .*-2\.00, \+2\.00")
        self.assertEqual(dmft_commands.spectra_of(files.read(self.path))[0].part_names()[1], "second orbital")
        self.figure("run.spectra.png")

    def test_what_is_missing_is_named(self):
        self.write({"single": ({}, {"density": (1.0, 0.0, {})}, {})})
        self.assertIn("no spectral_function; run with", self.command("spectra", expect=2))
        self.assertIn("output.path = true", self.command("bands", expect=2))
        self.assertIn("output.fermi_surface = true", self.command("fermi-surface", expect=2))


class WaveVectors(SpectraTest):
    def test_bands(self):
        k = np.linspace(0, np.pi, 31)
        path = np.concatenate([k, np.pi + k[1:]])
        energies = np.concatenate([band(k, 0), band(np.pi, k[1:])])
        values = np.array([lorentzian(W, e) for e in energies])
        self.write({f"interaction={u}": (
            {"model.interaction": u},
            {"spectral_function_of_path": (values, 0 * values, {"path": path, "frequency": W}),
             "band_of_path": (energies[:, None], 0 * energies[:, None], {"path": path}),
             "path_corners": ([0, np.pi, 2 * np.pi], [0, 0, 0], {"corner": [0.0, 1.0, 2.0]})},
            {"path_corners": "corners of the path Gamma-X-M; deterministic, no error"}) for u in (1.0, 2.0)})
        output = self.command("bands")
        for corner, energy in (("Gamma", "-4.000"), ("X", "[+-]0.000"), ("M", r"\+4.000")):
            self.assertRegex(output, rf"{corner} +{energy}")
        self.figure("run.bands.png")

    def test_fermi_surface(self):
        for lattice in ("square", "triangular"):
            k = np.linspace(-np.pi, np.pi, 41)
            values = lorentzian(0, band(k[:, None], k[None, :]) + 2)
            self.write({"single": ({"lattice.kind": lattice},
                                   {"fermi_surface": (values, 0 * values, {"wave_vector_x": k, "wave_vector_y": k})}, {})})
            output = self.command("fermi-surface")
            x, y = np.unravel_index(np.argmax(values), values.shape)
            self.assertIn(f"({abs(k[x]) / np.pi:.2f}, {abs(k[y]) / np.pi:.2f}) pi", output)
            self.figure("run.fermi_surface.png")


if __name__ == "__main__":
    unittest.main()
