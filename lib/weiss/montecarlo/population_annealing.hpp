// Population annealing (K. Hukushima, Y. Iba, AIP Conf. Proc. 690, 200 (2003); J. Machta, Phys. Rev. E 82,
// 026704 (2010)): R configurations at inverse temperature beta become R at beta' > beta by resampling with
// weights
//   tau_i = R w_i / sum_j w_j,   w_i = exp(-(beta' - beta) E_i),   ln Z(beta') - ln Z(beta) = ln sum_i w_i /
//   R
// Resampling is systematic, which keeps R and adds the least noise (D. Gessert, W. Janke, M. Weigel, Phys.
// Rev. E 108, 065309 (2023)): configuration i has floor(C_i + u) - floor(C_(i-1) + u) copies, C the sums of
// tau, u one uniform number. Steps adapt: beta' is the largest at which at most a given fraction of
// configurations is expected to vanish (C. Amey, J. Machta, Phys. Rev. E 97, 033301 (2018)).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace weiss {

// beta < result <= target; energies are those of whole systems. 0 < culled_fraction < 1.
double next_inverse_temperature(std::span<const double> energies, double beta, double target,
                                double culled_fraction);

struct Resampling {
  std::vector<std::int32_t> parents;  // ascending; configuration i becomes a copy of parents[i]
  double log_ratio = 0;               // ln Z(beta') - ln Z(beta)
};

// step = beta' - beta; uniform in [0, 1).
Resampling resample(std::span<const double> energies, double step, double uniform);

// Configurations with a common ancestor in the first population form a family; families[i] is its number, and
// members stand next to each other. With fractions nu of the population,
//   entropy S_f = -sum nu ln nu,   mean square size rho = R sum nu^2,
// and equilibration asks for rho << R (W. Wang, J. Machta, H. G. Katzgraber, Phys. Rev. E 92, 063307 (2015)).
struct FamilyStatistics {
  double entropy = 0;
  double mean_square_size = 0;
  double count = 0;  // families that are left
};
FamilyStatistics family_statistics(std::span<const std::int32_t> families);

// Averages over independent populations of one system weigh each with its Z (J. Machta, Phys. Rev. E 82,
// 026704 (2010)): of values, and of Z itself, as a logarithm. One population may be left out, for the
// jackknife.
class PopulationWeights {
 public:
  static constexpr std::size_t none = static_cast<std::size_t>(-1);
  // ln Z of each population; not empty.
  explicit PopulationWeights(std::span<const double> log_partition);
  double mean(std::span<const double> values, std::size_t without = none) const;
  double log_mean_partition(std::size_t without = none) const;
  std::size_t count() const { return weights_.size(); }

 private:
  double largest_;
  std::vector<double> weights_;  // Z over the largest one
};

}  // namespace weiss
