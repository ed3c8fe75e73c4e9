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


if __name__ == "__main__":
    unittest.main()
