#!/usr/bin/python3
"""Broken writes, damaged files and a full disk: the run resumes to the same bits, or says what is wrong."""
import re
import resource
import shutil
import sys

sys.path.insert(0, __file__.rsplit("/", 2)[0])
from program import *  # noqa: E402, F403

FILE_LIMIT = 100000  # bytes a file may grow to where the disk counts as full
SWEEPS = 100000


def fault_points():
    """Every point that the library names."""
    names = set()
    for folder, _, files in os.walk(os.path.join(SOURCE, "lib")):  # noqa: F405
        for name in files:
            with open(os.path.join(folder, name), encoding="utf-8", errors="replace") as file:  # noqa: F405
                names.update(re.findall(r'fault_point\("([^"]+)"\)', file.read()))
    return sorted(names)


class Faults(ProgramTest):  # noqa: F405
    @classmethod
    def setUpClass(cls):
        """Made once: the uninterrupted run, and one with two generations of checkpoints and unfinished tasks."""
        cls.store = cls()
        cls.store.setUp()
        cls.store.make_runs()

    @classmethod
    def tearDownClass(cls):
        cls.store.tearDown()

    def runTest(self):
        """The store is no test."""

    def make_runs(self):
        self.deck(sweeps=SWEEPS, interval=0)
        self.run_program(1, "run.ini", "--output", "whole", "--quiet")
        for count in (4, 8):
            process = self.start(2, "run.ini", "--quiet", WEISS_FAULT=f"atomic.before_fsync:{count}")
            output = process.communicate(timeout=60)[0]
            self.assertNotEqual(process.returncode, 0, output)
        states = self.task_states("run.h5")
        self.assertTrue(any(status != "done" for status, _ in states.values()), states)
        self.assertTrue(os.path.exists(self.path("run.checkpoint.previous.h5")))  # noqa: F405

    def setUp(self):
        super().setUp()
        if hasattr(type(self), "store") and self is not type(self).store:
            self.stopped_run()

    def stopped_run(self):
        self.remove_outputs("run")
        for name in os.listdir(self.store.folder):  # noqa: F405
            if ".tmp." not in name:
                shutil.copy2(self.store.path(name), self.path(name))

    def contents(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    def alter(self, name, change):
        data = bytearray(self.contents(name))
        change(data)
        with open(self.path(name), "wb") as file:
            file.write(data)

    def flip(self, name, fraction, bit):
        def change(data):
            data[min(int(fraction * len(data)), len(data) - 1)] ^= 1 << bit
        self.alter(name, change)

    def cut(self, name, fraction):
        def change(data):
            del data[int(fraction * len(data)):]
        self.alter(name, change)

    def test_every_named_point(self):
        points = fault_points()
        self.assertGreaterEqual(len(points), 3)
        for point in points:
            self.remove_outputs("run")
            # A save commits the results, then the checkpoint: odd counts break the first, even the second.
            for count, ranks in ((1, 2), (2, 1), (3, 3), (4, 2)):
                process = self.start(ranks, "run.ini", "--quiet", WEISS_FAULT=f"{point}:{count}")
                output = process.communicate(timeout=60)[0]
                self.assertNotEqual(process.returncode, 0, f"{point} was not reached: {output}")
            states = self.task_states("run.h5")
            self.assertFalse(states and all(status == "done" for status, _ in states.values()), point)
            self.run_program(2, "run.ini", "--quiet")
            self.assert_same("whole.h5", "run.h5")
            self.assertEqual([name for name in os.listdir(self.folder) if ".tmp." in name or ".link" in name], [])  # noqa: F405

    def test_damage_to_the_newest_checkpoint(self):
        for damage in (lambda name: self.flip(name, 0.5, 3), lambda name: self.flip(name, 0.0, 0),
                       lambda name: self.flip(name, 1.0, 7), lambda name: self.cut(name, 0.6),
                       lambda name: self.cut(name, 0.0)):
            self.stopped_run()
            damage("run.checkpoint.h5")
            output = self.run_program(2, "run.ini")
            self.assertIn("run.checkpoint.h5: is ", output)
            self.assertIn("going on from run.checkpoint.previous.h5", output)
            self.assert_same("whole.h5", "run.h5")

    def test_a_second_accident_after_damage_loses_nothing(self):
        """The damaged generation must not take the place of the good one, whenever the next save breaks."""
        for point in fault_points():
            self.stopped_run()
            self.flip("run.checkpoint.h5", 0.5, 3)
            process = self.start(2, "run.ini", "--quiet", WEISS_FAULT=f"{point}:2")
            process.communicate(timeout=60)
            self.assertNotEqual(process.returncode, 0)
            self.run_program(2, "run.ini", "--quiet")
            self.assert_same("whole.h5", "run.h5")

    def test_a_missing_newest_checkpoint(self):
        os.remove(self.path("run.checkpoint.h5"))  # noqa: F405
        self.assertIn("run.checkpoint.h5: is missing; going on from", self.run_program(1, "run.ini"))
        self.assert_same("whole.h5", "run.h5")

    def test_damage_to_both_checkpoints(self):
        self.flip("run.checkpoint.h5", 0.5, 1)
        self.cut("run.checkpoint.previous.h5", 0.5)
        before = {name: self.contents(name) for name in sorted(os.listdir(self.folder)) if name.endswith(".h5")}  # noqa: F405
        output = self.run_program(2, "run.ini", expect=4)
        for part in ("run.checkpoint.h5: is damaged", "no earlier generation is intact", "--fresh"):
            self.assertIn(part, output)
        for name, data in before.items():
            self.assertEqual(data, self.contents(name), name)
        self.run_program(2, "run.ini", "--fresh", "--quiet")
        self.assert_same("whole.h5", "run.h5")

    def test_damage_to_the_results(self):
        for finished in (False, True):
            self.stopped_run()
            if finished:
                self.run_program(2, "run.ini", "--quiet")
            self.flip("run.h5", 0.7, 2)
            self.assertIn("run.h5: is damaged", self.run_program(1, "run.ini", "--status", expect=4))
            self.assertIn("run.h5: is damaged", self.inspect("verify", "run.h5", expect=4))
            output = self.run_program(2, "run.ini")
            self.assertIn("renamed to run.h5.damaged, results are rebuilt", output)
            self.assert_same("whole.h5", "run.h5")
        for name in ("run.checkpoint.h5", "run.checkpoint.previous.h5"):
            os.remove(self.path(name))  # noqa: F405
        self.cut("run.h5", 0.3)
        self.assertIn("start anew with --fresh", self.run_program(1, "run.ini", expect=4))

    def test_a_branch_leaves_damaged_files_of_its_parent_alone(self):
        self.flip("run.checkpoint.h5", 0.5, 3)
        self.flip("run.h5", 0.5, 3)
        before = sorted(name for name in os.listdir(self.folder))  # noqa: F405
        output = self.run_program(1, "run.ini", "--branch-seed", "5", "--output", "child")
        self.assertIn("going on from run.checkpoint.previous.h5", output)
        after = sorted(name for name in os.listdir(self.folder) if not name.startswith("child."))  # noqa: F405
        self.assertEqual(before, after)

    def full_disk(self, *words):
        """Runs one rank on a disk that takes no file beyond FILE_LIMIT."""
        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # noqa: F405
            resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_LIMIT, FILE_LIMIT))

        # The MPI library's own tables in files would not fit either.
        environment = {**ENVIRONMENT, "PMIX_MCA_gds": "hash"}  # noqa: F405
        done = subprocess.run([os.path.join(BIN, "weiss-ising"), *words], cwd=self.folder, env=environment,  # noqa: F405
                              preexec_fn=limit, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60)  # noqa: F405
        return done.returncode, done.stdout

    def check_full_disk(self, run, make_space):
        """A run that fits, then one that does not: code 6, old files whole; with space the same line goes on."""
        before = {name: self.contents(name) for name in os.listdir(self.folder) if name.endswith(".h5")}  # noqa: F405
        code, output = run()
        self.assertEqual(code, 6, output)
        self.assertIn("free space or choose another --output", output)
        self.assertNotIn("HDF5-DIAG", output)
        for name, data in before.items():
            self.assertEqual(data, self.contents(name), name)
        self.assertEqual([name for name in os.listdir(self.folder) if ".tmp." in name], [])  # noqa: F405
        make_space()

    def test_a_full_disk_by_file_size(self):
        words = ("run.ini", "--quiet", "--output.time_series=true", "--run.sweeps=20000",
                 "--run.checkpoint_interval=300")
        self.run_program(1, *words, "--output", "series")
        self.remove_outputs("run")
        self.run_program(1, *words, "--time-limit", "0.001", expect=5)
        self.assertLess(os.path.getsize(self.path("run.h5")), FILE_LIMIT)  # noqa: F405
        self.check_full_disk(lambda: self.full_disk(*words), lambda: None)
        self.run_program(2, *words)
        self.assert_same("series.h5", "run.h5")

    def test_a_full_disk(self):
        """A small file system of its own, where the test may mount one."""
        small = self.path("small")
        os.mkdir(small)  # noqa: F405
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "weiss_test", small],  # noqa: F405
                                 capture_output=True).returncode == 0  # noqa: F405
        if not mounted:
            self.skipTest("no right to mount; see test_a_full_disk_by_file_size")
        home, self.folder = self.folder, small
        try:
            self.stopped_run()
            self.fill("filler")
            self.check_full_disk(lambda: self.ended(2, "run.ini", "--quiet"),
                                 lambda: os.remove(self.path("filler")))  # noqa: F405
            self.run_program(3, "run.ini", "--quiet")
            self.assert_same("whole.h5", "run.h5")
        finally:
            self.folder = home
            subprocess.run(["umount", "-l", small], check=True)  # noqa: F405

    def fill(self, name):
        with open(self.path(name), "wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"x" * 4096)
            except OSError:
                pass

    def ended(self, ranks, *words):
        process = self.start(ranks, *words)
        output = process.communicate(timeout=60)[0]
        return process.returncode, output


if __name__ == "__main__":
    unittest.main()  # noqa: F405
