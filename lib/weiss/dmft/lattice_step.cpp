#include "weiss/dmft/lattice_step.hpp"

#include "weiss/dmft/nambu_lattice.hpp"
#include "weiss/dmft/perturbation.hpp"

namespace weiss {

LocalFunctions lattice_green(const Band& band, Phase phase, double chemical_potential,
                             const LocalFunctions& self_energy, std::span<const double> frequencies) {
  if (phase == Phase::superconducting)
    return nambu_lattice_green(band, chemical_potential, self_energy, frequencies);
  LocalFunctions green;
  for (std::size_t node = 0; node < frequencies.size(); ++node) {
    const Complex bare(chemical_potential, frequencies[node]);
    const Complex z_up = bare - self_energy[up][node], z_down = bare - self_energy[down][node];
    if (phase == Phase::antiferromagnetic) {
      green[up].push_back(staggered_green(band, z_up, z_down));
      green[down].push_back(staggered_green(band, z_down, z_up));
    } else {
      green[up].push_back(band.hilbert(z_up));
      green[down].push_back(band.hilbert(z_down));
    }
  }
  return green;
}

LocalFunctions hybridisation_of(const Band& band, Phase phase, double chemical_potential,
                                const LocalFunctions& self_energy, const LocalFunctions& green,
                                std::span<const double> frequencies) {
  if (phase == Phase::superconducting)
    return nambu_hybridisation(band, chemical_potential, self_energy, green, frequencies);
  LocalFunctions hybridisation;
  for (const std::size_t spin : {up, down})
    for (std::size_t node = 0; node < frequencies.size(); ++node)
      hybridisation[spin].push_back(Complex(chemical_potential - band.mean(), frequencies[node]) -
                                    self_energy[spin][node] - 1.0 / green[spin][node]);
  return hybridisation;
}

double electrons_of(const DiscreteLehmann& basis, Phase phase, const LocalFunctions& green) {
  if (phase == Phase::superconducting) return 2 * density_of(basis, green[normal_part]);
  return density_of(basis, green[up]) + density_of(basis, green[down]);
}

double kinetic_energy_of(const DiscreteLehmann& basis, Phase phase, double level,
                         const LocalFunctions& hybridisation, const LocalFunctions& green) {
  // Of up and down, or of the two terms of (Delta G)_11, of which both spins have one each.
  double sum = level * electrons_of(basis, phase, green);
  for (const std::size_t part : {std::size_t{0}, std::size_t{1}}) {
    NodeValues products;
    for (std::size_t node = 0; node < green[part].size(); ++node)
      products.push_back(hybridisation[part][node] * green[part][node]);
    sum += (phase == Phase::superconducting ? 2 : 1) * density_of(basis, products);
  }
  return sum;
}

}  // namespace weiss
