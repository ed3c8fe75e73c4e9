#!/usr/bin/python3
"""SIGKILL of mpirun or of one rank at random moments: the run resumes to bitwise the same results."""
import random
import sys

sys.path.insert(0, __file__.rsplit("/", 2)[0])
from program import *  # noqa: E402, F403

TRIALS = int(os.environ.get("WEISS_KILLS", "5"))  # noqa: F405
KILLS = 2  # a trial
LIVE_SECONDS = 2.0  # of an uninterrupted run, between taking its lock and its end


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

    def holder(self, stem):
        try:
            with open(self.path(stem + ".lock")) as file:
                return file.read()
        except OSError:
            return ""

    def start_live(self, ranks, stem, *words):
        """A job that holds the lock; a killed one leaves its lock file behind, with its own name in it."""
        before = self.holder(stem)
        process = self.start(ranks, stem + ".ini", *words)
        end = time.time() + 60  # noqa: F405
        while self.holder(stem) in ("", before) and process.poll() is None:
            self.assertLess(time.time(), end, "the job never came to life")  # noqa: F405
            time.sleep(0.005)  # noqa: F405
        return process

    def live_seconds(self):
        process = self.start_live(2, "whole", "--quiet")
        begin = time.time()  # noqa: F405
        output = process.communicate(timeout=120)[0]
        self.assertEqual(process.returncode, 0, output)
        return time.time() - begin  # noqa: F405

    def whole_run(self):
        """An uninterrupted run of some LIVE_SECONDS on this machine; its sweeps and how long it lived."""
        sweeps, live = 1 << 15, 0.0
        while live < LIVE_SECONDS:
            sweeps *= min(16, max(2, round(LIVE_SECONDS / live))) if live else 1
            self.remove_outputs("whole")
            self.deck("whole.ini", sweeps=sweeps, interval=0.05)
            live = self.live_seconds()
        return sweeps, live

    def kill(self, process, one_rank, choose):
        """True when the signal found the job alive."""
        ranks = self.rank_processes(process.pid)
        victim = choose.choice(ranks) if one_rank and ranks else process.pid
        try:
            os.kill(victim, signal.SIGKILL)  # noqa: F405
        except ProcessLookupError:
            return False
        process.communicate(timeout=30)
        return process.returncode != 0

    def trial(self, number, live, choose):
        """Kills a run again and again and finishes it; what each kill found: 'over', 'early' or 'midway'."""
        self.remove_outputs("run")
        found = []
        ranks = choose.sample((1, 2, 3), KILLS + 1)  # each resume on another number of ranks
        for count in ranks[:KILLS]:
            process = self.start_live(count, "run", "--quiet")
            time.sleep(choose.uniform(0.0, 0.8 * live / KILLS))  # noqa: F405
            alive = self.kill(process, (number + len(found)) % 2 == 0, choose)
            status = self.task_states("run.h5")
            finished = status and all(state == "done" for state, _ in status.values())
            begun = any(steps > 0 for _, steps in status.values())
            found.append("over" if finished or not alive else "midway" if begun else "early")
        self.run_program(ranks[KILLS], "run.ini", "--quiet")
        self.assert_same("whole.h5", "run.h5")
        return found

    def test_kills(self):
        choose = random.Random(1)
        sweeps, live = self.whole_run()
        self.deck(sweeps=sweeps, interval=0.05)
        trials = [self.trial(number, live, choose) for number in range(TRIALS)]
        cut = sum("midway" in found for found in trials)
        kills = [each for found in trials for each in found]
        summary = {each: kills.count(each) for each in ("midway", "early", "over")}
        print(f"{TRIALS} trials, {sweeps} sweeps, {live:.1f} s: {cut} cut midway; kills: {summary}", file=sys.stderr)
        self.assertGreaterEqual(cut, 0.6 * TRIALS, trials)
        self.assertGreaterEqual(summary["midway"], 0.3 * len(kills), summary)


if __name__ == "__main__":
    unittest.main()  # noqa: F405
