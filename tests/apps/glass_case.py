"""What tests of weiss-analysis on spin glasses share."""
import contextlib
import io
import os
import sys
import tempfile
import unittest

import numpy as np

sys.path.insert(0, os.path.join(os.environ["WEISS_SOURCE"], "analysis"))
from weiss_analysis import command_line, files, samples  # noqa: E402

RATIO, CHI = "correlation_length_ratio", "spin_glass_susceptibility"


class GlassTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.path = os.path.join(self.folder, "run.h5")

    def command(self, *words, expect=0):
        """Output of weiss-analysis, errors included."""
        out = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            code = command_line.main([words[0], self.path, *words[1:]])
        self.assertEqual(code, expect, out.getvalue())
        return out.getvalue()

    def figure(self, name):
        self.assertGreater(os.path.getsize(os.path.join(self.folder, name)), 10000)

    def merged(self):
        return samples.merged(files.read(self.path))

    def standard(self, scores):
        """Scores of independent files: no one far out, spread near 1 (errors neither too small nor too large)."""
        scores = np.array(scores)
        self.assertLess(np.max(np.abs(scores)), 5)
        rms = np.sqrt(np.mean(scores**2, axis=0))
        self.assertTrue(np.all((rms > 0.65) & (rms < 1.5)), rms)
