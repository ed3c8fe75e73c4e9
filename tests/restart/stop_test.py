#!/usr/bin/python3
"""Every way to stop a run early ends with exit code 5, and the same command resumes to the same bits."""
import sys

sys.path.insert(0, __file__.rsplit("/", 2)[0])
from program import *  # noqa: E402, F403


class Stops(ProgramTest):  # noqa: F405
    def reference(self, **deck):
        self.deck(**deck)
        self.run_program(1, "run.ini", "--output", "whole", "--quiet")

    def finish(self, ranks=(3, 2, 1)):
        self.run_program(ranks[0], "run.ini", "--quiet")
        self.assert_same("whole.h5", "run.h5")

    def test_time_limit_over_and_over_on_changing_ranks(self):
        for update in ("heat_bath", "metropolis", "swendsen_wang", "wolff", "hybrid"):
            sweeps = {"heat_bath": 60000, "wolff": 3000}.get(update, 1500)
            self.reference(update=update, sweeps=sweeps)
            stops = 0
            for ranks in (1, 2, 3, 4, 2, 1, 2):
                process = self.start(ranks, "run.ini", "--quiet", "--time-limit", "0.15")
                output = process.communicate(timeout=60)[0]
                self.assertIn(process.returncode, (0, 5), output)
                stops += process.returncode == 5
            self.assertGreater(stops, 0)
            self.finish()
            for name in ("whole", "run"):
                for end in (".h5", ".checkpoint.h5", ".checkpoint.previous.h5"):
                    if os.path.exists(self.path(name + end)):  # noqa: F405
                        os.remove(self.path(name + end))  # noqa: F405

    def test_stop_file(self):
        self.reference(sweeps=300000)
        process = self.start(2, "run.ini", "--quiet")
        self.wait_for("run.lock")
        self.write("STOP", "")
        self.assertEqual(process.wait(timeout=30), 5, process.stdout.read())
        process.stdout.close()
        self.assertFalse(os.path.exists(self.path("STOP")), "an honoured STOP would stop the resumed run too")  # noqa: F405
        self.finish()

    def test_signal_usr1(self):
        self.reference(sweeps=300000)
        process = self.start(2, "run.ini", "--quiet")
        self.wait_for("run.lock")
        time.sleep(0.3)  # noqa: F405
        process.send_signal(signal.SIGUSR1)  # noqa: F405
        self.assertEqual(process.wait(timeout=30), 5, process.stdout.read())
        process.stdout.close()
        self.finish()

    def test_job_script(self):
        # The scheduler's signal goes to the script alone, which hands it on through mpirun to the ranks.
        self.reference(sweeps=300000)
        script = os.path.join(SOURCE, "cmake/packaging/slurm/single.sh")  # noqa: F405
        process = subprocess.Popen([script, *self.command(2, "run.ini", "--quiet")[1:]], cwd=self.folder,  # noqa: F405
                                   env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,  # noqa: F405
                                   text=True)
        self.wait_for("run.lock")
        time.sleep(0.3)  # noqa: F405
        process.send_signal(signal.SIGUSR1)  # noqa: F405
        output = process.communicate(timeout=30)[0]
        self.assertEqual(process.returncode, 5, output)
        self.assertIn("submit the same line again", output)
        self.finish()

    def test_scheduler_end(self):
        self.deck(sweeps=3000000)
        self.run_program(2, "run.ini", "--quiet", expect=5, SLURM_JOB_END_TIME=str(int(time.time()) + 7))  # noqa: F405

    def test_raising_sweeps_continues_as_if_asked_at_once(self):
        self.deck(sweeps=3000)
        self.run_program(2, "run.ini", "--output", "whole", "--quiet")
        self.run_program(1, "run.ini", "--quiet", "--run.sweeps=700")
        self.run_program(2, "run.ini", "--quiet")
        self.assert_same("whole.h5", "run.h5")
        self.assertIn("run.sweeps: was 3000, now 10 (may only grow)",
                      self.run_program(1, "run.ini", "--run.sweeps=10", expect=3))

    def test_chains_resume_too(self):
        self.deck(sweeps=40000)
        with open(self.path("run.ini"), "a") as file:
            file.write("chain = model.temperature\n")
        self.run_program(1, "run.ini", "--output", "whole", "--quiet")
        self.run_program(2, "run.ini", "--quiet", "--time-limit", "0.2", expect=5)
        self.finish()

    def test_changed_physics_is_refused_and_nothing_is_touched(self):
        self.deck(sweeps=200)
        self.run_program(1, "run.ini", "--quiet")
        with open(self.path("run.h5"), "rb") as file:
            before = file.read()
        output = self.run_program(2, "run.ini", "--model.field=0.5", expect=3)
        self.assertIn("model.field: was 0, now 0.5", output)
        with open(self.path("run.h5"), "rb") as file:
            self.assertEqual(before, file.read())
        self.run_program(1, "run.ini", "--model.field=0.5", "--fresh", "--quiet")
        self.assertTrue(os.path.exists(self.path("run.h5.old")))  # noqa: F405

    def test_branch(self):
        self.deck(sweeps=200)
        self.run_program(1, "run.ini", "--quiet")
        self.run_program(1, "run.ini", "--branch-seed", "8", expect=2)
        self.run_program(2, "run.ini", "--branch-seed", "8", "--output", "child", "--quiet")
        self.assertIn("parent", self.inspect("child.h5"))
        self.inspect("compare", "run.h5", "child.h5", expect=1)
        self.run_program(1, "run.ini", "--branch-seed", "8", "--output", "child2", "--quiet")
        self.assert_same("child.h5", "child2.h5")

    def test_second_live_job_is_refused(self):
        self.deck(sweeps=100000000)
        process = self.start(1, "run.ini", "--quiet")
        self.wait_for("run.lock")
        self.assertIn("another live job", self.run_program(1, "run.ini", expect=6))
        process.send_signal(signal.SIGUSR1)  # noqa: F405
        process.wait(timeout=30)
        process.stdout.close()

    def test_damaged_files(self):
        self.deck(sweeps=200)
        self.run_program(1, "run.ini", "--quiet")
        self.run_program(1, "run.ini", "--quiet", "--run.sweeps=400", "--output", "whole")
        with open(self.path("run.h5"), "r+b") as file:
            file.seek(5000)
            file.write(b"damage")
        self.assertIn("damaged", self.run_program(1, "run.ini", "--run.sweeps=400"))
        self.assert_same("whole.h5", "run.h5")
        for name in ("run.checkpoint.h5", "run.checkpoint.previous.h5"):
            with open(self.path(name), "r+b") as file:
                file.truncate(3000)
        self.assertIn("--fresh", self.run_program(1, "run.ini", expect=4))


if __name__ == "__main__":
    unittest.main()  # noqa: F405
