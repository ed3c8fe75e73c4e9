#!/usr/bin/python3
"""The job scripts on a cluster of stand-ins: the scheduler's signal reaches the program, its exit code comes back,
and a run that stopped early is queued again. The Spack recipe and the container need what the build needs."""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import types
import unittest

SOURCE = os.environ["WEISS_SOURCE"]
PACKAGING = os.path.join(SOURCE, "cmake", "packaging")

# Starts "the program": told to stop it ends with 5 a little later, as a save takes; WEISS_FAKE ends it at once.
LAUNCHER = """#!/usr/bin/env bash
echo "$(basename "$0") $*" >>calls
[ -z "${WEISS_FAKE:-}" ] || exit "$WEISS_FAKE"
trap 'echo "$(basename "$0") stops" >>calls; sleep 0.3; exit 5' USR1
touch running
for _ in {1..200}; do sleep 0.05; done
"""
SCONTROL = """#!/usr/bin/env bash
echo "scontrol $*" >>calls
exit "${WEISS_FAKE_SCONTROL:-0}"
"""
# As the scheduler: its directives' signal goes to the script alone, once the program runs.
SBATCH = """#!/usr/bin/env bash
grep -q '^#SBATCH --signal=B:USR1@[0-9]*$' "$1" || exit 99
SLURM_JOB_ID=17 "$@" &
job=$!
until [ -e running ] || ! kill -0 $job 2>/dev/null; do sleep 0.02; done
[ ! -e running ] || kill -USR1 $job
while true; do wait $job; status=$?; kill -0 $job 2>/dev/null || exit $status; done
"""


class JobScripts(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="weiss_")
        for name, text in (("mpirun", LAUNCHER), ("srun", LAUNCHER), ("scontrol", SCONTROL), ("sbatch", SBATCH)):
            with open(self.path(name), "w") as file:
                file.write(text)
            os.chmod(self.path(name), 0o755)

    def tearDown(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def path(self, name):
        return os.path.join(self.folder, name)

    def calls(self):
        if not os.path.exists(self.path("calls")):
            return []
        with open(self.path("calls")) as file:
            return file.read().splitlines()

    def submit(self, script, *words, expect, **environment):
        for name in ("calls", "running"):
            if os.path.exists(self.path(name)):
                os.remove(self.path(name))
        done = subprocess.run(["sbatch", os.path.join(PACKAGING, "slurm", script), *words], cwd=self.folder, text=True,
                              env={**os.environ, "PATH": self.folder + os.pathsep + os.environ["PATH"], **environment},
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=30)
        self.assertEqual(done.returncode, expect, done.stdout)
        return done.stdout

    def test_scripts_are_sound(self):
        for name in ("single.sh", "requeue.sh"):
            script = os.path.join(PACKAGING, "slurm", name)
            subprocess.run(["bash", "-n", script], check=True)
            self.assertTrue(os.access(script, os.X_OK))
            with open(script) as file:
                text = file.read()
            self.assertIn("\n#SBATCH --open-mode=append\n", text)
            self.assertEqual("\n#SBATCH --requeue\n" in text, name == "requeue.sh")
            self.submit(name, expect=2)

    def test_the_signal_reaches_the_program_and_its_exit_code_comes_back(self):
        for launcher in ("mpirun", "srun"):
            self.submit("single.sh", "weiss-ising", "run.ini", "--run.seed=7", expect=5, WEISS_LAUNCHER=launcher)
            self.assertEqual(self.calls(), [launcher + " weiss-ising run.ini --run.seed=7", launcher + " stops"])
        for code in ("0", "3", "6"):
            self.submit("single.sh", "weiss-ising", "run.ini", expect=int(code), WEISS_FAKE=code)
            self.submit("requeue.sh", "weiss-ising", "run.ini", expect=int(code), WEISS_FAKE=code)
            self.assertEqual(self.calls(), ["mpirun weiss-ising run.ini"])

    def test_an_early_stop_is_queued_again(self):
        self.submit("requeue.sh", "weiss-ising", "run.ini", expect=0)
        self.assertEqual(self.calls(), ["mpirun weiss-ising run.ini", "mpirun stops", "scontrol requeue 17"])
        self.submit("requeue.sh", "weiss-ising", "run.ini", expect=5, WEISS_FAKE_SCONTROL="1")
        output = self.submit("requeue.sh", "weiss-ising", "run.ini", expect=5, WEISS_FAKE="5", SLURM_RESTART_COUNT="100")
        self.assertIn("not queued again", output)
        self.assertEqual(self.calls(), ["mpirun weiss-ising run.ini"])


def read(*parts):
    with open(os.path.join(SOURCE, *parts)) as file:
        return file.read()


class Recipes(unittest.TestCase):
    # What find_package looks for, as Spack and Debian name it.
    SPACK = {"MPI": "mpi", "HDF5": "hdf5", "Boost": "boost", "fmt": "fmt", "nlohmann_json": "nlohmann-json",
             "XxHash": "xxhash", "Eigen3": "eigen"}
    DEBIAN = {"MPI": "libopenmpi-dev", "HDF5": "libhdf5-dev", "Boost": "libboost-dev", "fmt": "libfmt-dev",
              "nlohmann_json": "nlohmann-json3-dev", "XxHash": "libxxhash-dev", "Eigen3": "libeigen3-dev"}

    def setUp(self):
        self.cmake = read("CMakeLists.txt")
        needed = self.cmake.split("if(WEISS_TESTS)")[0]
        self.needed = re.findall(r"^find_package\((\w+)", needed, re.M)
        self.version = re.search(r"project\(weiss VERSION ([\d.]+)", self.cmake).group(1)

    def test_spack(self):
        recipe = types.ModuleType("spack.package")
        seen = {"version": [], "depends_on": []}

        class When:
            def __enter__(self):
                return self

            def __exit__(self, *_):
                return False

        for name in ("version", "depends_on"):
            setattr(recipe, name, lambda *words, into=seen[name], **_: into.append(words[0]))
        for name in ("license", "variant", "conflicts", "generator"):
            setattr(recipe, name, lambda *_, **__: None)
        recipe.when = lambda _: When()
        recipe.CMakePackage = type("CMakePackage", (), {"define": lambda self, name, value: name})
        sys.modules["spack"], sys.modules["spack.package"] = types.ModuleType("spack"), recipe
        names = {}
        exec(compile(read("cmake", "packaging", "spack", "package.py"), "package.py", "exec"), names)
        self.assertEqual(seen["version"], [self.version])
        found = {re.match(r"[\w-]+", each).group(0) for each in seen["depends_on"]}
        self.assertLessEqual({self.SPACK[each] for each in self.needed}, found)
        for option in names["Weiss"]().cmake_args():
            self.assertIn(f"option({option} ", self.cmake)

    def test_container(self):
        definition = read("cmake", "packaging", "container", "weiss.def")
        words = set(definition.replace("\\\n", " ").split("--no-install-recommends")[1].split("\n")[0].split())
        self.assertLessEqual({self.DEBIAN[each] for each in self.needed}, words)
        front_door = re.search(r"packages=\((.*?)\)", read("weiss"), re.S).group(1).split()
        self.assertLessEqual(words, set(front_door), "the image installs what ./weiss does not know")


if __name__ == "__main__":
    unittest.main()
