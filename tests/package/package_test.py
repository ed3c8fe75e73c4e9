#!/usr/bin/python3
"""`cmake --install` gives programs that run and a package that another project finds and builds on."""
import os
import shutil
import subprocess
import tempfile
import unittest

BUILD = os.path.dirname(os.environ["WEISS_BIN"])
CONSUMER = os.path.join(os.environ["WEISS_SOURCE"], "tests/package/consumer")


class Package(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="weiss_")

    def tearDown(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def run_command(self, *words):
        done = subprocess.run(words, cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.assertEqual(done.returncode, 0, done.stdout)
        return done.stdout

    def test_install_and_build_on_it(self):
        self.run_command("cmake", "--install", BUILD, "--prefix", self.folder + "/installed")
        for program in ("weiss-ising", "weiss-inspect", "weiss-analysis"):
            self.run_command(self.folder + "/installed/bin/" + program, "--help")
        self.run_command("cmake", "-G", "Ninja", "-S", CONSUMER, "-B", "build",
                         "-DCMAKE_PREFIX_PATH=" + self.folder + "/installed")
        self.run_command("cmake", "--build", "build")
        self.assertEqual(self.run_command("build/consumer"), "magnetized\n")
        self.build_with_pkg_config()
        for script in ("single.sh", "requeue.sh"):
            self.assertTrue(os.access(self.folder + "/installed/share/weiss/slurm/" + script, os.X_OK))
        for recipe in ("spack/package.py", "container/weiss.def"):
            self.assertTrue(os.path.exists(self.folder + "/installed/share/weiss/" + recipe))

    def build_with_pkg_config(self):
        # Elsewhere than it was installed: weiss.pc finds its files from its own place.
        os.rename(self.folder + "/installed", self.folder + "/moved")
        found = [path for path, _, names in os.walk(self.folder + "/moved") if "weiss.pc" in names]
        self.assertEqual(len(found), 1, found)
        os.environ["PKG_CONFIG_PATH"] = found[0]
        words = self.run_command("pkg-config", "--cflags", "--libs", "weiss").split()
        self.run_command("g++", CONSUMER + "/main.cpp", "-o", "by_pkg_config", *words)
        self.assertEqual(self.run_command("./by_pkg_config"), "magnetized\n")
        with open(CONSUMER + "/../../../CMakeLists.txt") as file:
            self.assertIn(self.run_command("pkg-config", "--modversion", "weiss").strip(), file.read().split("\n")[1])
        os.rename(self.folder + "/moved", self.folder + "/installed")


if __name__ == "__main__":
    unittest.main()
