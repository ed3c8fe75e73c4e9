// The solution of iterated perturbation theory found on the Matsubara axis, once more on the real axis:
// output.continuation = real_axis.
#pragma once

#include "weiss/dmft/discrete_lehmann.hpp"
#include "weiss/dmft/real_axis_perturbation.hpp"

#include "hubbard_dmft/hubbard_keys.hpp"

namespace weiss {

struct RealAxisAnswer {
  RealAxisSolution solution;
  double deviation;  // largest |Sigma_s(i w_n)| between both axes, at the basis' frequencies
};

bool wants_real_axis(const Parameters& parameters);
void validate_real_axis(const Parameters& parameters, const Band& band, Problems& problems);

// Where metal and insulator both are solutions: the one that is nearer to the given one.
RealAxisAnswer solve_on_real_axis(const Parameters& parameters, const Band& band, double chemical_potential,
                                  bool particle_hole_symmetric, const std::vector<double>& frequencies,
                                  const ImpuritySolution& found);

}  // namespace weiss
