#!/usr/bin/python3
"""The program gives the same bits on any number of ranks, process grid and instruction set."""
import sys

sys.path.insert(0, __file__.rsplit("/", 2)[0])
from program import *  # noqa: E402, F403


class SameBits(ProgramTest):  # noqa: F405
    def test_ranks_and_grids(self):
        for update in ("heat_bath", "metropolis", "swendsen_wang", "wolff", "hybrid"):
            self.deck(update=update, sweeps=60)
            self.run_program(1, "run.ini", "--quiet", "--output", f"{update}-1")
            for ranks in (2, 3, 4, 6, 8):
                self.run_program(ranks, "run.ini", "--quiet", "--output", f"{update}-{ranks}")
                self.assert_same(f"{update}-1.h5", f"{update}-{ranks}.h5")
            self.run_program(4, "run.ini", "--quiet", "--output", f"{update}-all", "--run.ranks_per_task=4")
            self.assert_same(f"{update}-1.h5", f"{update}-all.h5")
        self.deck(update="metropolis", sweeps=60)
        for grid in ("4,1", "1,4", "2,2"):
            self.run_program(4, "run.ini", "--quiet", "--output", "grid" + grid, "--run.ranks_per_task=4",
                             f"--run.process_grid={grid}")
            self.assert_same("metropolis-1.h5", f"grid{grid}.h5")
        for update in ("swendsen_wang", "hybrid"):
            self.deck(update=update, sweeps=60)
            self.run_program(4, "run.ini", "--quiet", "--output", f"{update}-grid", "--run.ranks_per_task=4",
                             "--run.process_grid=1,4")
            self.run_program(1, "run.ini", "--quiet", "--output", f"{update}-64")
            self.assert_same(f"{update}-64.h5", f"{update}-grid.h5")
        self.deck(update="metropolis", sweeps=60)
        self.assertIn("run.process_grid", self.run_program(2, "run.ini", "--run.process_grid=3,3", "--output", "x",
                                                           expect=3))

    def test_instruction_sets(self):
        for update in ("heat_bath", "swendsen_wang", "wolff", "hybrid"):
            self.deck(update=update, sweeps=100)
            self.run_program(1, "run.ini", "--quiet", "--output", f"{update}-best")
            for target in ("portable", "aes128", "vaes256", "avx512"):
                name = f"{update}-{target}"
                process = self.start(1, "run.ini", "--quiet", "--output", name, WEISS_SIMD=target)
                output = process.communicate(timeout=60)[0]
                if process.returncode == 2 and "lacks these instructions" in output:
                    continue
                self.assertEqual(process.returncode, 0, output)
                self.assert_same(f"{update}-best.h5", f"{name}.h5")
        self.deck()
        self.run_program(1, "run.ini", "--output", "y", expect=2, WEISS_SIMD="mmx")


if __name__ == "__main__":
    unittest.main()  # noqa: F405
