#!/usr/bin/python3
"""SIGKILL of mpirun or of one rank at random moments: the run resumes to bitwise the same results."""
import random
import sys

sys.path.insert(0, __file__.rsplit("/", 2)[0])
from program import *  # noqa: E402, F403

KILLS = int(os.environ.get("WEISS_KILLS", "5"))  # noqa: F405


class Kills(ProgramTest):  # noqa: F405
    def rank_processes(self, parent):
        found = []
        for pid in filter(str.isdigit, os.listdir("/proc")):  # noqa: F405
            try:
                with open(f"/proc/{pid}/stat") as file:
                    fields = file.read().rsplit(")", 1)
                if int(fields[1].split()[1]) == parent and "weiss" in fields[0]:
                    found.append(int(pid))
            except (OSError, IndexError):
                pass
        return found

    def remove_run(self):
        for name in os.listdir(self.folder):  # noqa: F405
            if name.startswith("run.") and not name.endswith(".ini"):
                os.remove(self.path(name))  # noqa: F405

    def calibrate(self, seconds):
        """A deck that runs for about so long, however fast the machine; returns how long it does."""
        sweeps = 100000
        while True:
            self.deck(sweeps=sweeps, interval=0.05)
            start = time.time()  # noqa: F405
            self.run_program(2, "run.ini", "--output", "whole", "--quiet", "--fresh")
            taken = time.time() - start  # noqa: F405
            if taken > 0.7 * seconds:
                return taken
            sweeps = int(sweeps * min(8, max(1.5, seconds / taken)))

    def kill_one(self, choose, longest):
        """True when the run was alive at its end."""
        process = self.start(choose.choice((1, 2, 3)), "run.ini", "--quiet")
        self.wait_for("run.lock")
        time.sleep(choose.uniform(0.0, longest))  # noqa: F405
        ranks = self.rank_processes(process.pid)
        victim = choose.choice(ranks) if ranks and choose.random() < 0.5 else process.pid
        alive = process.poll() is None
        if alive:
            os.kill(victim, signal.SIGKILL)  # noqa: F405
        process.wait(timeout=30)
        process.stdout.close()
        return alive

    def test_kills(self):
        choose = random.Random(1)
        taken = self.calibrate(seconds=2.5)
        alive = 0
        for _ in range(KILLS):
            self.remove_run()
            alive += sum(self.kill_one(choose, taken / 3) for _ in range(2))
            self.run_program(choose.choice((1, 2, 3)), "run.ini", "--quiet")
            self.assert_same("whole.h5", "run.h5")
        self.assertGreaterEqual(alive, 1.6 * KILLS, "too few runs were alive when they were killed")

    def test_named_faults(self):
        self.deck(sweeps=2000, interval=0)
        self.run_program(1, "run.ini", "--output", "whole", "--quiet")
        for point in ("atomic.before_fsync", "atomic.before_rename", "atomic.after_previous"):
            for count in (1, 2, 3, 4):
                process = self.start(2, "run.ini", "--quiet", WEISS_FAULT=f"{point}:{count}")
                process.communicate(timeout=60)
            self.run_program(2, "run.ini", "--quiet")
            self.assert_same("whole.h5", "run.h5")
            self.run_program(1, "run.ini", "--quiet", "--fresh", "--run.sweeps=1")
            self.remove_run()


if __name__ == "__main__":
    unittest.main()  # noqa: F405
