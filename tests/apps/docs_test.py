#!/usr/bin/python3
"""Runs every ```sh block of the documentation, in order, in a folder with the decks of inputs/ising."""
import sys

sys.path.insert(0, __file__.rsplit("/", 2)[0])
from program import *  # noqa: E402, F403


class Docs(ProgramTest):  # noqa: F405
    def test_commands(self):
        decks = os.path.join(SOURCE, "inputs", "ising")  # noqa: F405
        for name in os.listdir(decks):  # noqa: F405
            with open(os.path.join(decks, name)) as file:  # noqa: F405
                self.write(name, file.read())
        path = os.pathsep.join([BIN, os.path.join(SOURCE, "analysis"), os.environ["PATH"]])  # noqa: F405
        environment = {**ENVIRONMENT, "PATH": path, "OMPI_ALLOW_RUN_AS_ROOT": "1",  # noqa: F405
                       "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1", "OMPI_MCA_rmaps_base_oversubscribe": "1"}
        commands = 0
        for document in ("README.md", "apps/ising/README.md"):
            with open(os.path.join(SOURCE, document)) as file:  # noqa: F405
                blocks = file.read().split("```sh\n")[1:]
            for block in blocks:
                for command in block.split("```")[0].strip().splitlines():
                    commands += 1
                    done = subprocess.run(command, shell=True, cwd=self.folder, env=environment, text=True,  # noqa: F405
                                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)  # noqa: F405
                    self.assertEqual(done.returncode, 0, f"{command}\n{done.stdout}")
        self.assertGreater(commands, 10)

    def test_the_first_deck_is_the_documented_one(self):
        with open(os.path.join(SOURCE, "README.md")) as file:  # noqa: F405
            shown = file.read().split("```ini\n")[1].split("```")[0]
        with open(os.path.join(SOURCE, "inputs", "ising", "first.ini")) as file:  # noqa: F405
            deck = file.read()
        self.assertEqual(shown.split("\n", 1)[1].strip(), deck[deck.index("[lattice]"):].strip())


if __name__ == "__main__":
    unittest.main()  # noqa: F405
