#!/usr/bin/python3
"""weiss-analysis collapse and extrapolate: known exponents come out again, with errors and p-values of the right size."""
import json
import os
import sys
import unittest

import h5py
import numpy as np

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import synthetic_glass as synthetic  # noqa: E402
from glass_case import CHI, RATIO, GlassTest  # noqa: E402
from weiss_analysis import collapse, covariance, ensembles, extrapolation, scaling_average  # noqa: E402

BINDER = "overlap_binder"
TRUTH = {"T_c": synthetic.T_C, "nu": synthetic.NU, "eta": synthetic.ETA}


class Collapse(GlassTest):
    def points(self, names=(RATIO, BINDER)):
        """Of the ratios and of ln chi."""
        names = (*names, CHI)
        curves = dict(zip(names, ensembles.of_sizes(self.merged(), names)))
        curves[CHI] = {size: collapse.logarithm(curve) for size, curve in curves[CHI].items()}
        return collapse.Points.of(curves)

    def averages(self, points, choices):
        """(of T_c and nu, of eta)"""
        ratios = scaling_average.average_ratio(points.only(points.names[:-1]), choices)
        return ratios, scaling_average.average_eta(points, ratios, choices, CHI)

    def scored(self, seeds, choices, **how):
        """Scores of T_c, nu and eta, p-values of the ratios, T_c itself."""
        scores, p_values, values = [], [], []
        for seed in seeds:
            synthetic.write(self.path, seed, **how)
            ratios, eta = self.averages(self.points(), choices)
            estimates = {**ratios.estimates, **eta.estimates}
            scores.append([(estimates[key].value - truth) / np.hypot(estimates[key].error, estimates[key].systematic)
                           for key, truth in TRUTH.items()])
            p_values.append(ratios.best.p_value)
            values.append(estimates["T_c"].value)
        return np.array(scores), np.array(p_values), np.array(values)

    def test_errors_cover_the_truth(self):
        scores, p_values, _ = self.scored(range(12, 26), scaling_average.Choices("none", degree=4), samples=300)
        self.standard(scores)
        self.assertLess(abs(np.mean(p_values) - 0.5), 0.35)  # uniform in [0, 1] where scaling holds
        self.assertGreater(np.min(p_values), 1e-3)

    def ratio_points(self, names=(RATIO, BINDER)):
        return collapse.Points.of(dict(zip(names, ensembles.of_sizes(self.merged(), names))))

    def test_corrections_to_scaling(self):
        """One model that is right, and one without corrections."""
        scores, p_values, without = [], [], []
        for seed in range(40, 58):
            synthetic.write(self.path, seed, samples=1200, correction=-0.3)
            points = self.ratio_points()
            fit = collapse.fit_ratio(points, collapse.Model(4, 1, 1.0, True))
            scores.append((fit.t_c_and_nu - (synthetic.T_C, synthetic.NU)) / fit.errors)
            p_values.append(fit.p_value)
            plain = collapse.fit_ratio(points, collapse.Model(4, -1, 1.0, True))
            without.append((plain.p_value, abs(plain.parameters[0] - synthetic.T_C) / plain.errors[0]))
        self.standard(scores)
        self.assertLess(abs(np.mean(p_values) - 0.5), 0.3)
        self.assertGreater(np.min(p_values), 1e-3)
        self.assertTrue(np.all([p < 0.01 or away > 3 for p, away in without]), without)

    def test_averages_over_corrections(self):
        """Wider than one model: omega and orders vary."""
        scores, p_values, _ = self.scored(range(40, 45), scaling_average.Choices(1.0, degree=4), samples=1200,
                                          correction=-0.3)
        self.assertLess(np.max(np.sqrt(np.mean(scores**2, axis=0))), 1.5, scores)
        self.assertGreater(np.min(p_values), 1e-3)

    def test_the_extended_variable_holds_where_the_plain_one_fails(self):
        synthetic.write(self.path, 5, samples=2000)
        ratio = self.ratio_points((RATIO,))
        fits = {extended: collapse.fit_ratio(ratio, collapse.Model(4, -1, 1.0, extended)) for extended in (True, False)}
        self.assertGreater(fits[True].p_value, 1e-3)
        self.assertLess(fits[False].p_value, 1e-3)

    def test_other_exponents_are_told_apart(self):
        truth = {"t_c": 1.25, "nu": 1.3, "eta": 0.1}
        synthetic.write(self.path, 7, samples=2000, **truth)
        ratios, eta = self.averages(self.points(), scaling_average.Choices("none"))
        for estimate, value, most in ((ratios.estimates["T_c"], 1.25, 0.02), (ratios.estimates["nu"], 1.3, 0.1),
                                      (eta.estimates["eta"], 0.1, 0.1)):
            self.assertLess(abs(estimate.value - value), most)
            self.assertLess(abs(estimate.value - value), 4 * np.hypot(estimate.error, estimate.systematic))

    def test_a_size_that_does_not_scale_shows_in_the_quality_and_the_systematic_error(self):
        random = np.random.default_rng(3)
        with h5py.File(self.path, "w") as file:
            for size in (4, 6, 8, 12):
                t_c = 1.25 if size == 4 else synthetic.T_C
                synthetic.write_task(file, f"L={size}", size, synthetic.draw(random, size, 1000, t_c=t_c))
        self.assertIn("do not collapse within their errors", self.command("collapse", "--omega", "none", "--ratio-only"))
        with open(os.path.join(self.folder, "run.collapse.json")) as file:
            found = json.load(file)[f"{RATIO}+{BINDER}"]
        self.assertLess(found["best_fit"]["p_value"], 0.01)
        self.assertGreater(found["parameters"]["T_c"]["systematic"], 2 * found["parameters"]["T_c"]["error"])

    def test_scalars_of_independent_tasks(self):
        """A ferromagnet: plain variables, errors from error bars."""
        random, scores = np.random.default_rng(8), []
        for _ in range(10):
            with h5py.File(self.path, "w") as file:
                for size in (8, 16, 32):
                    for t in np.linspace(2.2, 2.34, 8):
                        group = file.create_group(f"tasks/L={size},temperature={t:.4g}")
                        group.attrs.update({"status": "done", "steps": 1000})
                        group["parameters/lattice.L"], group["parameters/model.temperature"] = size, t
                        value = 0.61 - 0.2 * np.tanh(0.5 * (t - 2.269) * size) + random.normal(0, 0.002)
                        synthetic.write_result(group.create_group("results"), "binder", value, 0.002, np.zeros(0), {})
            curves = ensembles.of_sizes(self.merged(), ["binder"])[0]
            found = scaling_average.average_ratio(collapse.Points.of({"binder": curves}),
                                                  scaling_average.Choices("none", extended=False))
            scores.append([(found.estimates[key].value - truth) / np.hypot(found.estimates[key].error,
                                                                          found.estimates[key].systematic)
                           for key, truth in (("T_c", 2.269), ("nu", 1.0))])
        self.standard(scores)
        self.assertIn("these need four sizes", self.command("collapse", "--observable", "binder"))

    def test_verb(self):
        synthetic.write(self.path, 5)
        output = self.command("collapse", "--from", "0.95", "--to", "1.5", "--reference", "1.1")
        self.assertIn("omega = 1 (assumed", output)
        self.figure("run.collapse.png")
        with open(os.path.join(self.folder, "run.collapse.json")) as file:
            numbers = json.load(file)
        self.assertEqual(numbers["sizes"], [4, 6, 8, 12])
        t_c = numbers[f"{RATIO}+{BINDER}"]["parameters"]["T_c"]
        self.assertLess(abs(t_c["value"] - synthetic.T_C), 5 * np.hypot(t_c["error"], t_c["systematic"]))
        self.assertIn(f"{t_c['value']:.2f}"[:4], output)
        self.assertIsNotNone(numbers[CHI]["parameters"]["eta"]["systematic"])
        self.assertIn("omega is not determined", self.command("collapse", "--omega", "fit", "--degree", "4", expect=2))

    def test_fitted_omega(self):
        synthetic.write(self.path, 5, sizes=(4, 6, 9, 14, 20), samples=4000, correction=-0.4)
        output = self.command("collapse", "--omega", "fit", "--degree", "4", "--ratio-only")
        value, error = output.split("omega = ")[1].split(")")[0].split("(")
        error = float(error) * 10.0 ** -len(value.partition(".")[2])
        self.assertLess(abs(float(value) - 1.0), 3 * error)
        self.assertLess(error, 0.4)

    def test_what_is_missing_is_named(self):
        synthetic.write(self.path, 5, samples=30)
        for words, message in ((("--where", "L=4"), "needs two sizes; there is 4"),
                               (("--sizes", "4,5"), "no size 5; there are 4, 6, 8, 12"),
                               (("--degree", "0"), "--degree must be between 1 and 15"),
                               (("--omega", "big"), "--omega must be a number between 0 and 10"),
                               (("--from", "3"), "no temperature between 3"),
                               (("--to", "0.93", "--observable", RATIO), "needs at least 8 points; there are 4"),
                               ((), "30 samples are too few for the covariance of 30 points")):
            self.assertIn(message, self.command("collapse", *words, expect=2))


class Covariance(GlassTest):
    def test_chi_squares_of_few_and_of_many_samples(self):
        """The mean chi^2 of noise under the estimated covariance is the number of points, never far above."""
        random, points = np.random.default_rng(2), 12
        distance = np.abs(np.subtract.outer(np.arange(points), np.arange(points)))
        truth = np.exp(-0.02 * distance) + 0.003 * np.eye(points)
        for samples, low in ((20, 0.1), (60, 0.5), (1000, 0.9)):
            ratios = []
            for _ in range(20):
                drawn = random.multivariate_normal(np.zeros(points), truth, samples)
                rows = {0: (drawn - drawn.mean(axis=0)) / samples}
                _, weights = covariance.shrunk(rows)
                ratios.append(np.trace(np.linalg.solve(weights, truth / samples)) / points)
            self.assertTrue(low < np.mean(ratios) < 1.1, (samples, ratios))

    def test_deviations_give_the_covariance_of_the_resamples(self):
        synthetic.write(self.path, 4, sizes=(6,), samples=400)
        curves = [found[6] for found in ensembles.of_sizes(self.merged(), [RATIO, BINDER])]
        jackknife = covariance.of(covariance.stacked(curves))
        resampled = np.cov(np.hstack([curve.resamples for curve in curves]), rowvar=False)
        scale = np.sqrt(np.diag(jackknife))
        np.testing.assert_allclose(resampled / np.outer(scale, scale), jackknife / np.outer(scale, scale), atol=0.3)
        np.testing.assert_allclose(np.sqrt(np.diag(resampled)), scale, rtol=0.2)


class Extrapolate(GlassTest):
    SIZES = np.array([64.0, 128, 256, 512, 1024])
    LIMIT, SLOPE = -0.763, 0.70

    def write(self, random, over_temperature, error=2e-4, second=0.0):
        with h5py.File(self.path, "w") as file:
            for size in self.SIZES:
                group = file.create_group(f"tasks/N={size:g}")
                group.attrs.update({"status": "done", "steps": 1000})
                group["parameters/lattice.N"] = int(size)
                value = self.LIMIT + self.SLOPE * size ** (-2 / 3) + second * size ** (-4 / 3)
                if over_temperature:
                    axis = np.array([0.1, 0.2, 0.3])
                    value, axes = value + axis - 0.1, {"temperature": axis}
                else:
                    axes = {}
                value = value + random.normal(0, error, np.shape(value))
                synthetic.write_result(group.create_group("results"), "energy", value, np.full(np.shape(value), error),
                                       np.zeros((0, *np.shape(value))), axes)

    def test_limits_and_their_errors(self):
        random, scores, p_values = np.random.default_rng(6), [], []
        for trial in range(60):
            self.write(random, False, second=2.0 * (trial % 2))
            fit = extrapolation.fit(extrapolation.points_of(self.merged(), "energy"), 2 / 3, 1 + trial % 2)
            scores.append([(fit.value - self.LIMIT) / fit.error, (fit.coefficients[1] - self.SLOPE) / fit.errors[1]])
            p_values.append(fit.p_value)
        self.standard(scores)
        self.assertLess(abs(np.mean(p_values) - 0.5), 0.15)

    def test_a_wrong_exponent_shows(self):
        self.write(np.random.default_rng(1), False)
        data = extrapolation.points_of(self.merged(), "energy")
        self.assertGreater(extrapolation.fit(data, 2 / 3).p_value, 1e-3)
        self.assertLess(extrapolation.fit(data, 2.0).p_value, 1e-6)

    def test_verb(self):
        self.write(np.random.default_rng(3), True)
        output = self.command("extrapolate", "--observable", "energy", "--exponent", "2/3")
        self.assertIn("energy at temperature 0.1 for lattice.N -> infinity: -0.763", output)
        self.assertIn("chi^2/dof = ", output)
        self.figure("run.energy.extrapolated.png")
        output = self.command("extrapolate", "--observable", "energy", "--exponent", "0.6667", "--temperature", "0.3",
                              "--orders", "2", "--smallest", "256")
        self.assertIn("infinity: -0.56", output)
        self.assertIn("no test of the exponent", output)

    def test_what_is_missing_is_named(self):
        self.write(np.random.default_rng(3), True)
        for words, message in ((("energy", "2/0"), "--exponent must be a number above 0"),
                               (("colour", "1"), "no observable colour; there are energy"),
                               (("energy", "1", "--temperature", "7"), "no temperature 7; all sizes have 0.1, 0.2, 0.3"),
                               (("energy", "1", "--smallest", "600"), "needs as many sizes; there are 1"),
                               (("energy", "1", "--size", "L"), "no key L")):
            self.assertIn(message, self.command("extrapolate", "--observable", words[0], "--exponent", *words[1:], expect=2))


if __name__ == "__main__":
    unittest.main()
