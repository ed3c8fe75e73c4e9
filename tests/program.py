"""Runs the real programs as users do, for the tests in Python: under mpirun, killed, stopped and resumed."""
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

import h5py

BIN = os.environ["WEISS_BIN"]
SOURCE = os.environ["WEISS_SOURCE"]
MPIRUN = ["mpirun", "--allow-run-as-root", "--oversubscribe", "--bind-to", "none"]
ENVIRONMENT = {**os.environ, "OMPI_MCA_mpi_yield_when_idle": "1", "OMPI_MCA_btl_vader_single_copy_mechanism": "none"}

DECK = """[lattice]
kind = square
L = 64
[model]
temperature = 2.4
[algorithm]
update = {update}
[run]
thermalization = 20
sweeps = {sweeps}
seed = 3
checkpoint_interval = {interval}
[sweep]
model.temperature = 2.2, 2.4, 2.6
"""


class ProgramTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="weiss_")

    def tearDown(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), "w") as file:
            file.write(text)

    def deck(self, name="run.ini", update="heat_bath", sweeps=2000, interval=0.05):
        self.write(name, DECK.format(update=update, sweeps=sweeps, interval=interval))

    def command(self, ranks, *words):
        return MPIRUN + ["-n", str(ranks), os.path.join(BIN, "weiss-ising"), *words]

    def start(self, ranks, *words, **environment):
        return subprocess.Popen(self.command(ranks, *words), cwd=self.folder, env={**ENVIRONMENT, **environment},
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def run_program(self, ranks, *words, expect=0, **environment):
        done = subprocess.run(self.command(ranks, *words), cwd=self.folder, env={**ENVIRONMENT, **environment},
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120)
        self.assertEqual(done.returncode, expect, done.stdout)
        return done.stdout

    def inspect(self, *words, expect=0):
        done = subprocess.run([os.path.join(BIN, "weiss-inspect"), *words], cwd=self.folder, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=60)
        self.assertEqual(done.returncode, expect, done.stdout)
        return done.stdout

    def assert_same(self, a, b):
        self.inspect("compare", a, b)

    def remove_outputs(self, stem):
        for name in os.listdir(self.folder):
            if name.startswith(stem + ".") and not name.endswith(".ini"):
                os.remove(self.path(name))

    def task_states(self, name):
        """{task: (status, steps)} of a results file; nothing when there is none."""
        if not os.path.exists(self.path(name)):
            return {}
        with h5py.File(self.path(name), "r") as file:
            return {task: (group.attrs["status"].decode() if isinstance(group.attrs["status"], bytes)
                           else group.attrs["status"], int(group.attrs["steps"])) for task, group in file["tasks"].items()}

    def wait_for(self, name, seconds=20):
        end = time.time() + seconds
        while not os.path.exists(self.path(name)):
            self.assertLess(time.time(), end, f"{name} never came")
            time.sleep(0.005)


__all__ = ["ProgramTest", "BIN", "SOURCE", "ENVIRONMENT", "json", "os", "signal", "subprocess", "time", "unittest"]
