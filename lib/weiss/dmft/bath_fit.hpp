// A discrete bath that stands for a hybridisation given at Matsubara frequencies: energies e_k and couplings
// V_k minimise
//   chi^2 = sum_n w_n^-alpha |Delta(i w_n) - sum_k V_k^2/(i w_n - e_k)|^2
// (M. Caffarel, W. Krauth, Phys. Rev. Lett. 72, 1545 (1994), for the distance of Delta) by the method of
// Levenberg and Marquardt (J. J. More, Lect. Notes Math. 630, 105 (1978)) with exact derivatives, from
// several starts of which the best is kept. Deterministic. A fit that fails returns the best bath it met, and
// says so.
#pragma once

#include <string>
#include <vector>

#include "weiss/dmft/anderson_impurity.hpp"

namespace weiss {

struct BathFitSettings {
  int bath_sites = 5;
  double alpha = 1;
  // Pairs (e, V), (-e, V), and one bath site at 0 when their number is odd: imposed exactly.
  bool particle_hole_symmetric = false;
  int starts = 6;         // besides the last bath
  int most_steps = 2000;  // of each start
  // A bath this near counts as converged even where chi^2 can still fall, as with more sites than the data
  // resolve; no further start is then tried.
  double good_misfit = 1e-6;
};

struct BathFit {
  DiscreteBath bath;             // energies ascending, couplings >= 0
  double misfit = 0;             // sqrt(chi^2 / sum_n w_n^-alpha |Delta(i w_n)|^2)
  double largest_deviation = 0;  // max_n |Delta - fit|, an energy
  int steps = 0;                 // of all starts
  int start = 0;                 // that was best: 0 the last bath, from 1 on the others
  bool converged = false;        // chi^2 is stationary at the bath, or misfit at most good_misfit
  std::string remark;            // why not; empty when converged
};

// Energies ascending.
DiscreteBath sorted(const DiscreteBath& bath);
// Start `number` (from 1 on) of a fit: energies within the width and around the centre that the decay of the
// hybridisation tells, evenly spaced or ever closer towards the centre, with equal couplings of its total
// weight.
DiscreteBath start_bath(const std::vector<double>& frequencies, const std::vector<Complex>& hybridisation,
                        int bath_sites, int number);

// Why a fit of which the best start took so many steps is not converged.
std::string unconverged_remark(int steps);
// Error(internal) as fit_bath throws it.
void check_fit(const std::vector<double>& frequencies, std::size_t values, const BathFitSettings& settings);

// frequencies: w_n > 0 in any order, as many as values. last: a warm start with the settings' number of sites
// (others are ignored), made symmetric first where that is asked for. Error(internal) for settings that make
// no sense or unequal lengths; bad values of Delta are a failed fit, not an error.
BathFit fit_bath(const std::vector<double>& frequencies, const std::vector<Complex>& hybridisation,
                 const BathFitSettings& settings, const DiscreteBath& last = {});

}  // namespace weiss
