// Every key of weiss-spinglass; those of the disorder are in simulation/disorder_keys.hpp.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "weiss/deck/deck.hpp"
#include "weiss/lattice/lattice.hpp"
#include "weiss/simulation/disorder_keys.hpp"

namespace weiss {

enum class GlassMethod { equilibrium, population_annealing, simulated_annealing, exact_ground_state };
GlassMethod glass_method_of(const Parameters& parameters);

struct GlassAlgorithm {
  std::vector<double> temperatures;  // ascending
  std::vector<double> betas;         // 1 / temperatures
  bool exchange = false;
  int replicas = 2;
  std::int64_t exchange_every = 1;  // sweeps
  bool shared_random_bits = false;
  std::int64_t cluster_every = 0;  // sweeps between isoenergetic cluster moves; 0: none
  double cluster_below = 0;        // their highest temperature; 0: all
};

struct AnnealingAlgorithm {
  std::vector<double> temperatures;  // ascending; where results are given, or the schedule
  bool resampling = false;           // population annealing
  std::int64_t population = 0;       // configurations, a multiple of 8
  std::int64_t populations = 1;      // independent ones of each realisation
  std::int64_t sweeps_per_temperature = 0;
  double culled_fraction = 0;  // of a population, in one resampling
};

void declare_glass_keys(Schema& schema);
void validate_glass(const Parameters& parameters, Problems& problems);

GlassAlgorithm glass_algorithm_of(const Parameters& parameters);
AnnealingAlgorithm annealing_algorithm_of(const Parameters& parameters);
bool has_lattice(const Parameters& parameters);
Lattice glass_lattice_of(const Parameters& parameters);  // where it has one
// True where the topology is a regular lattice with all bonds, J = +-1 and no field.
bool is_plain_bimodal(const Parameters& parameters);

// Standard deviation of the couplings where all of them are Gaussian without mean, so that
//   [e] = -(M/N) beta deviation^2 (1 - [q_link])
// holds exactly in equilibrium (integration by parts; H. G. Katzgraber, M. Palassini, A. P. Young, Phys. Rev.
// B 63, 184422 (2001)).
struct GaussianCouplings {
  bool present = false;
  double deviation = 0;
};
GaussianCouplings gaussian_couplings_of(const Parameters& parameters);

}  // namespace weiss
