#!/usr/bin/python3
"""Green functions of weiss-hubbard-dmft as TRIQS reads them: a reader that asks of the file what h5 and triqs ask."""
import sys

import h5py
import numpy as np

sys.path.insert(0, __file__.rsplit("/", 2)[0])
from program import *  # noqa: E402, F403
from program import MPIRUN  # noqa: E402

DECK = """[lattice]
kind = bethe
[model]
interaction = 4
beta = 10
phase = antiferromagnetic
chemical_potential = 0.1
[algorithm]
solver = exact_diagonalization
bath_sites = 2
tolerance = 1e-3
[output]
frequencies = 40
times = 60
[run]
sweeps = 300
[sweep]
model.beta = {betas}
"""


def text(identifier, space, stored):
    """h5 reads into a buffer of the stored length: a fixed length, ended by a zero, one value."""
    if not isinstance(stored, h5py.h5t.TypeStringID) or stored.is_variable_str():
        raise AssertionError("h5 reads texts of a fixed length only")
    assert stored.get_strpad() == h5py.h5t.STR_NULLTERM and space.get_simple_extent_ndims() == 0
    value = np.empty((), dtype=f"S{stored.get_size()}")
    identifier.read(value, mtype=stored) if isinstance(identifier, h5py.h5a.AttrID) else identifier.read(
        h5py.h5s.ALL, h5py.h5s.ALL, value, mtype=stored)
    return value.item().decode()


def attribute(node, name):
    if name not in node.attrs:
        return ""
    identifier = h5py.h5a.open(node.id, name.encode())
    return text(identifier, identifier.get_space(), identifier.get_type())


def scalar_text(dataset):
    return text(dataset.id, dataset.id.get_space(), dataset.id.get_type())


def texts(dataset):
    stored = dataset.id.get_type()
    assert len(dataset.shape) == 1 and not stored.is_variable_str()
    values = np.empty(dataset.shape, dtype=f"S{stored.get_size()}")
    dataset.id.read(h5py.h5s.ALL, h5py.h5s.ALL, values, mtype=stored)
    assert all(len(value) < stored.get_size() for value in values)  # h5 takes a text that fills it without its end
    return [value.decode() for value in values]


def number(dataset, kind):
    assert dataset.shape == () and dataset.dtype == np.dtype(kind)
    return dataset[()]


def mesh(group):
    """(beta, points): i w_n of both signs, or tau_j with both ends."""
    beta, statistic = number(group["beta"], "f8"), scalar_text(group["statistic"])
    assert statistic == "F" and "domain" not in group
    if attribute(group, "Format") == "MeshImFreq":
        size, positive = number(group["size"], "i8"), "positive_freq_only" in group
        assert not positive
        n = np.arange(size) - (size + 1) // 2
        return beta, 1j * (2 * n + 1) * np.pi / beta
    assert attribute(group, "Format") == "MeshImTime"
    return beta, np.linspace(0, beta, number(group["n_tau"], "i8"))


def gf(group):
    """(beta, points, values): every member of the group is an argument of Gf."""
    assert attribute(group, "Format") == "Gf" and set(group) == {"mesh", "data"}
    data = group["data"]
    assert data.dtype == np.float64 and data.shape[-1] == 2 and attribute(data, "__complex__") == "1"
    beta, points = mesh(group["mesh"])
    values = data[..., 0] + 1j * data[..., 1]
    assert values.ndim == 3 and len(values) == len(points)
    return beta, points, values


def block_gf(group):
    assert attribute(group, "Format") == "BlockGf"
    names = texts(group["block_names"])
    assert sorted(names + ["block_names"]) == sorted(group)
    return {name: gf(group[name]) for name in names}


class GreenFunctions(ProgramTest):  # noqa: F405
    def solve(self, name, betas):
        self.write(f"{name}.ini", DECK.format(betas=betas))
        done = subprocess.run([os.path.join(BIN, "weiss-hubbard-dmft"), f"{name}.ini"],  # noqa: F405
                              cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60)  # noqa: F405
        self.assertEqual(done.returncode, 0, done.stdout)

    def setUp(self):
        super().setUp()
        self.solve("run", "10, 12")

    def test_triqs_finds_what_the_results_hold(self):
        pairs = {"G_iw": "green_function", "Sigma_iw": "self_energy", "Delta_iw": "hybridisation",
                 "G_tau": "green_function_of_time"}
        with h5py.File(self.path("run.h5"), "r") as file:
            for beta in (10, 12):
                task = file["tasks"][f"beta={beta}"]
                self.assertEqual(set(task["green_functions"]), set(pairs))
                for name, result in pairs.items():
                    blocks = block_gf(task["green_functions"][name])
                    self.assertEqual(list(blocks), ["up", "down"])
                    stored = task["results"][result]
                    for spin, (read_beta, points, values) in enumerate(blocks.values()):
                        self.assertEqual(read_beta, beta)
                        self.assertEqual(values.shape[1:], (1, 1))
                        mean = stored["mean"][spin]
                        if name == "G_tau":
                            self.assertTrue(np.array_equal(values[:, 0, 0], mean))
                            self.assertTrue(np.allclose(points, stored["time"], rtol=1e-14))
                            continue
                        half = len(points) // 2
                        self.assertTrue(np.array_equal(values[half:, 0, 0], mean[:, 0] + 1j * mean[:, 1]))
                        self.assertTrue(np.array_equal(values[:half, 0, 0], np.conj(values[:half - 1:-1, 0, 0])))
                        self.assertTrue(np.allclose(points[half:].imag, stored["frequency"], rtol=1e-14))
                up, down = (block[2][:, 0, 0] for block in block_gf(task["green_functions"]["G_iw"]).values())
                self.assertGreater(np.abs(up - down).max(), 0.1)  # a magnet: the blocks are not one

    def test_readers_and_merging(self):
        self.assertIn("up down", self.inspect("run.h5", "/tasks/beta=10/green_functions/G_iw/block_names"))
        self.assertIn("intact", self.inspect("verify", "run.h5"))
        self.assertEqual(self.inspect("compare", "run.h5", "run.h5"), "equal\n")
        self.solve("half", "10")
        differences = self.inspect("compare", "run.h5", "half.h5", expect=1)
        self.assertIn("beta=12: only in the first file", differences)
        self.solve("other", "12")
        self.inspect("merge", "both.h5", "half.h5", "other.h5")
        with h5py.File(self.path("both.h5"), "r") as file:
            for task in file["tasks"].values():
                block_gf(task["green_functions"]["G_iw"])
        table = subprocess.run(["/usr/bin/python3", os.path.join(SOURCE, "analysis", "weiss-analysis"), "table", "run.h5"],  # noqa: F405
                               cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)  # noqa: F405
        self.assertEqual(table.returncode, 0, table.stdout)
        # Two ranks, a task each: one hands its own to the other, which writes. Then a finished run is resumed.
        subprocess.run(MPIRUN + ["-n", "2", os.path.join(BIN, "weiss-hubbard-dmft"), "run.ini", "--output", "ranks"],  # noqa: F405
                       cwd=self.folder, env=ENVIRONMENT, check=True, timeout=60, capture_output=True)  # noqa: F405
        self.assert_same("run.h5", "ranks.h5")
        self.solve("run", "10, 12")
        with h5py.File(self.path("run.h5"), "r") as file:
            block_gf(file["tasks"]["beta=10"]["green_functions"]["Sigma_iw"])


if __name__ == "__main__":
    unittest.main()  # noqa: F405
