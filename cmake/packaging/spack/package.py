"""Weiss for Spack. Put this folder's file into a repository of yours as packages/weiss/package.py; then, in the
source tree, `spack dev-build weiss@0.1.0` builds it and `spack load weiss` finds the programs."""
from spack.package import *


class Weiss(CMakePackage):
    """Statistical physics of lattice and disordered systems: MPI programs that write HDF5."""

    version("0.1.0")

    license("BSD-3-Clause")

    variant("analysis", default=True, description="What weiss-analysis needs: tables, fits and figures in Python")

    depends_on("cxx", type="build")
    depends_on("c", type="build")
    depends_on("cmake@3.25:", type="build")
    depends_on("ninja", type="build")
    depends_on("mpi")
    depends_on("hdf5@1.10:")
    depends_on("boost@1.74:+program_options")
    depends_on("fmt@9:")
    depends_on("nlohmann-json@3.11:")
    depends_on("xxhash")
    depends_on("eigen@3.4:")

    with when("+analysis"):
        depends_on("python@3.11:", type="run")
        depends_on("py-h5py", type="run")
        depends_on("py-numpy", type="run")
        depends_on("py-scipy", type="run")
        depends_on("py-matplotlib", type="run")

    conflicts("%gcc@:11", msg="needs C++20 of g++ 12 or later")
    conflicts("%clang@:13", msg="needs C++20 of clang 14 or later")

    generator("ninja")

    def cmake_args(self):
        return [self.define("WEISS_TESTS", False), self.define("WEISS_BENCHMARKS", False)]
