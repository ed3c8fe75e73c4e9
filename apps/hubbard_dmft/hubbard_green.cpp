// The Green functions of a task for users of TRIQS: the arrays among the results as blocks, of the spins or,
// with two orbitals, of the orbitals, whose spins are equal.
#include "hubbard_dmft/hubbard_dmft.hpp"

namespace weiss {

namespace {

// values: blocks x points, x 2 for real and imaginary part where complex.
std::vector<GreenFunction::Block> blocks_of(const std::vector<double>& values, bool complex, bool orbitals) {
  std::vector<GreenFunction::Block> blocks{{orbitals ? "orbital_0" : "up", {}},
                                           {orbitals ? "orbital_1" : "down", {}}};
  const std::size_t parts = complex ? 2 : 1, half = values.size() / 2;
  for (std::size_t i = 0; i < values.size(); i += parts)
    blocks[i < half ? 0 : 1].values.emplace_back(values[i], complex ? values[i + 1] : 0.0);
  return blocks;
}

}  // namespace

std::vector<GreenFunction> HubbardDmft::green_functions() const {
  if (iterations_ == 0) return {};
  const struct {
    const char *name, *result, *convention, *unit;
    GreenMesh mesh;
  } stored[] = {
      {"G_iw", "green_function", "Green function of the impurity, G(i w_n)", "1/energy",
       GreenMesh::imaginary_frequency},
      {"Sigma_iw", "self_energy",
       lattice_.two_band()
           ? "self-energy of sum U_ab (n_a - 1/2)(n_b - 1/2); that of sum U_ab n_a n_b is (3U - 5J)/2 more, "
             "with mu as much higher"
           : "self-energy of U (n_up - 1/2)(n_down - 1/2); that of U n_up n_down is U/2 more, with mu U/2 "
             "higher",
       "energy", GreenMesh::imaginary_frequency},
      {"Delta_iw", "hybridisation", "hybridisation of the impurity, i w_n + mu - <e> - G0^-1", "energy",
       GreenMesh::imaginary_frequency},
      {"G_tau", "green_function_of_time", "Green function of the impurity, -<T c(tau) c+>", "1",
       GreenMesh::imaginary_time},
  };
  std::vector<GreenFunction> all;
  for (const auto& each : stored)
    all.push_back({each.name, each.convention, each.unit, each.mesh, lattice_.beta(), 1,
                   blocks_of(reported_.mean(each.result), each.mesh == GreenMesh::imaginary_frequency,
                             lattice_.two_band().has_value())});
  return all;
}

}  // namespace weiss
