// The Green functions of a task for users of TRIQS: blocks up and down of the arrays among the results.
#include "hubbard_dmft/hubbard_dmft.hpp"

namespace weiss {

namespace {

// values: spins x points, x 2 for real and imaginary part where complex.
std::vector<GreenFunction::Block> spin_blocks(const std::vector<double>& values, bool complex) {
  std::vector<GreenFunction::Block> blocks{{"up", {}}, {"down", {}}};
  const std::size_t parts = complex ? 2 : 1, half = values.size() / 2;
  for (std::size_t i = 0; i < values.size(); i += parts)
    blocks[i < half ? up : down].values.emplace_back(values[i], complex ? values[i + 1] : 0.0);
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
       "self-energy of U (n_up - 1/2)(n_down - 1/2); that of U n_up n_down is U/2 more, with mu U/2 higher",
       "energy", GreenMesh::imaginary_frequency},
      {"Delta_iw", "hybridisation", "hybridisation of the impurity, i w_n + mu - <e> - G0^-1", "energy",
       GreenMesh::imaginary_frequency},
      {"G_tau", "green_function_of_time", "Green function of the impurity, -<T c(tau) c+>", "1",
       GreenMesh::imaginary_time},
  };
  std::vector<GreenFunction> all;
  for (const auto& each : stored)
    all.push_back({each.name, each.convention, each.unit, each.mesh, beta_, 1,
                   spin_blocks(reported_.mean(each.result), each.mesh == GreenMesh::imaginary_frequency)});
  return all;
}

}  // namespace weiss
