#!/usr/bin/python3
"""Runs every ```sh block of the documentation, in order, in a folder with the decks of the app."""
import glob
import re
import shutil
import sys

sys.path.insert(0, __file__.rsplit("/", 2)[0])
from program import *  # noqa: E402, F403


class Docs(ProgramTest):  # noqa: F405
    def run_commands(self, document, decks):
        """In a folder of its own that holds the decks; how many there were."""
        folder = self.path(decks)
        shutil.copytree(os.path.join(SOURCE, "inputs", decks), folder, dirs_exist_ok=True)  # noqa: F405
        path = os.pathsep.join([BIN, os.path.join(SOURCE, "analysis"), os.environ["PATH"]])  # noqa: F405
        environment = {**ENVIRONMENT, "PATH": path, "OMPI_ALLOW_RUN_AS_ROOT": "1",  # noqa: F405
                       "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1", "OMPI_MCA_rmaps_base_oversubscribe": "1"}
        commands = 0
        with open(os.path.join(SOURCE, document)) as file:  # noqa: F405
            blocks = file.read().split("```sh\n")[1:]
        for block in blocks:
            for command in block.split("```")[0].strip().splitlines():
                commands += 1
                done = subprocess.run(command, shell=True, cwd=folder, env=environment, text=True,  # noqa: F405
                                      stdout=subprocess.PIPE, stderr=subprocess.STDOUT)  # noqa: F405
                self.assertEqual(done.returncode, 0, f"{command}\n{done.stdout}")
        return commands

    def test_commands(self):
        self.assertGreater(self.run_commands("README.md", "ising"), 8)
        for app in ("ising", "spinglass", "cavity", "hubbard_dmft"):
            self.assertGreater(self.run_commands(f"apps/{app}/README.md", app), 1)

    def test_figure_commands_of_decks_are_understood(self):
        sys.path.insert(0, os.path.join(SOURCE, "analysis"))  # noqa: F405
        from weiss_analysis.command_line import parser
        commands = 0
        for deck in sorted(glob.glob(os.path.join(SOURCE, "inputs", "*", "*.ini"))):  # noqa: F405
            with open(deck) as file:
                for words in re.findall(r"^#.*?weiss-analysis ([\w-]+ \S+\.h5.*)", file.read(), re.MULTILINE):
                    commands += 1
                    with self.subTest(deck=deck, words=words):
                        parser().parse_args(words.split())
        self.assertGreater(commands, 12)

    def test_the_first_deck_is_the_documented_one(self):
        with open(os.path.join(SOURCE, "README.md")) as file:  # noqa: F405
            shown = file.read().split("```ini\n")[1].split("```")[0]
        with open(os.path.join(SOURCE, "inputs", "ising", "first.ini")) as file:  # noqa: F405
            deck = file.read()
        self.assertEqual(shown.split("\n", 1)[1].strip(), deck[deck.index("[lattice]"):].strip())


if __name__ == "__main__":
    unittest.main()  # noqa: F405
