#!/usr/bin/python3
"""The command line as a user meets it: flags, exit codes, files, weiss-inspect and weiss-analysis."""
import sys

sys.path.insert(0, __file__.rsplit("/", 2)[0])
from program import *  # noqa: E402, F403


class CommandLine(ProgramTest):  # noqa: F405
    def analysis(self, *words, expect=0):
        done = subprocess.run(["/usr/bin/python3", os.path.join(SOURCE, "analysis", "weiss-analysis"), *words],  # noqa: F405
                              cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)  # noqa: F405
        self.assertEqual(done.returncode, expect, done.stdout)
        return done.stdout

    def test_flags_that_start_nothing(self):
        self.deck()
        self.assertIn("deck keys", self.run_program(1, "--help"))
        self.assertIn("weiss-ising 0.", self.run_program(1, "--version"))
        self.assertIn("valid, 3 tasks", self.run_program(2, "run.ini", "--validate"))
        self.assertIn("packed_bricks", self.run_program(2, "run.ini", "--plan"))
        self.assertEqual(json.loads(self.run_program(2, "run.ini", "--plan", "--json"))["groups"], 2)  # noqa: F405
        self.assertIn("0 of 3 tasks done", self.run_program(1, "run.ini", "--status"))
        self.assertEqual(os.listdir(self.folder), ["run.ini"])  # noqa: F405

    def test_bad_input_leaves_no_file(self):
        self.deck()
        self.assertIn("did you mean model.temperature?", self.run_program(2, "run.ini", "--model.temprature=1", expect=2))
        self.run_program(1, "run.ini", "--lattice.L=many", expect=2)
        self.write("bad.ini", "[lattice]\nL = 4\n[model]\ntemprature = 2\n[run]\nsweeps = 10\n")
        self.assertIn("bad.ini:4: model.temprature", self.run_program(1, "bad.ini", "--lattice.LL=3", expect=3))
        os.remove(self.path("bad.ini"))  # noqa: F405
        self.run_program(1, "no-such.ini", expect=2)
        self.run_program(1, "run.ini", "--plam", expect=2)
        self.assertEqual(os.listdir(self.folder), ["run.ini"])  # noqa: F405
        self.assertIn("cannot be created", self.run_program(1, "run.ini", "--output", "no/such/x", expect=6))

    def test_results_and_their_readers(self):
        self.deck(update="hybrid", sweeps=400)
        asked = ["--output.energy_histogram=true", "--output.correlation_function=true", "--output.time_series=true"]
        output = self.run_program(2, "run.ini", *asked)
        self.assertIn("updates/ns", output)
        with open(self.path("run.progress.json")) as file:
            self.assertEqual(json.load(file)["status"], "done")  # noqa: F405
        self.assertIn("3 of 3 tasks done", self.run_program(1, "run.ini", "--status"))
        self.assertIn("are done", self.run_program(3, "run.ini", *asked))
        self.assertIn("specific_heat", self.inspect("run.h5"))
        self.assertIn("unit = J", self.inspect("run.h5", "/tasks/temperature=2.4/results/energy"))
        self.assertEqual(self.inspect("compare", "run.h5", "run.h5"), "equal\n")
        self.assertIn("intact", self.inspect("verify", "run.checkpoint.h5"))
        self.assertEqual(len(self.inspect("alps", "run.h5", "alps").split()), 3)
        rows = self.inspect("csv", "run.h5").splitlines()
        table = self.analysis("table", "run.h5", "--csv", "--observables", "energy").splitlines()
        means = {line.split(",")[1 - 1]: line for line in rows if ",energy," in line}
        self.assertEqual(len(means), len(table) - 1)
        for line in table[1:]:
            # Both readers print the same doubles.
            self.assertIn(line.split(",energy,")[1].split(",")[0], "".join(rows))
        self.assertIn("no-such.h5: does not exist\n", self.inspect("no-such.h5", expect=4))
        self.assertIn("is not a file of this suite", self.inspect("run.ini", expect=4))
        self.inspect("compare", "run.h5", expect=2)
        self.inspect("alps", "run.h5", "run.ini/folder", expect=6)

    def test_an_output_may_end_in_h5(self):
        self.deck(sweeps=100)
        self.run_program(1, "run.ini", "--quiet", "--output", "named.h5")
        self.run_program(1, "run.ini", "--quiet", "--output.file=keyed.h5")
        self.assert_same("named.h5", "keyed.h5")
        self.assertFalse(os.path.exists(self.path("named.h5.h5")))  # noqa: F405

    def test_merge(self):
        self.deck(sweeps=100)
        self.run_program(1, "run.ini", "--quiet")
        self.run_program(1, "run.ini", "--quiet", "--sweep.model.temperature=2.2,3", "--output", "b")
        self.inspect("merge", "all.h5", "run.h5", "b.h5")
        self.assertEqual(self.inspect("csv", "all.h5").count(",energy,"), 4)
        self.run_program(1, "run.ini", "--quiet", "--run.seed=9", "--output", "c")
        self.assertIn("temperature=2.2", self.inspect("merge", "bad.h5", "run.h5", "c.h5", expect=4))

    def test_analysis(self):
        self.deck(update="swendsen_wang", sweeps=300)
        self.run_program(2, "run.ini", "--quiet", "--sweep.lattice.L=8,16")
        self.assertIn("energy", self.analysis("table", "run.h5"))
        self.assertIn("comparisons with exact values", self.analysis("onsager", "run.h5"))
        self.assertIn("T_c =", self.analysis("binder", "run.h5"))
        self.analysis("plot", "run.h5", "--y", "susceptibility", "--x", "temperature", "--by", "L", "-o", "chi.png")
        for figure in ("run.png", "run.binder.png", "chi.png"):
            self.assertGreater(os.path.getsize(self.path(figure)), 10000)  # noqa: F405
        self.assertIn("no observable", self.analysis("plot", "run.h5", "--y", "colour", expect=2))
        self.assertIn("no-such.h5: does not exist", self.analysis("table", "no-such.h5", expect=4))
        self.assertIn("is not a file", self.analysis("table", ".", expect=4))
        self.assertIn("is no HDF5 file", self.analysis("table", "run.ini", expect=4))
        self.analysis("table", "run.checkpoint.h5", expect=4)


if __name__ == "__main__":
    unittest.main()  # noqa: F405
