#include "weiss/dmft/lattice_step.hpp"

namespace weiss {

LocalFunctions lattice_green(const Band& band, Phase phase, double chemical_potential,
                             const LocalFunctions& self_energy, std::span<const double> frequencies) {
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

LocalFunctions hybridisation_of(const Band& band, double chemical_potential,
                                const LocalFunctions& self_energy, const LocalFunctions& green,
                                std::span<const double> frequencies) {
  LocalFunctions hybridisation;
  for (const std::size_t spin : {up, down})
    for (std::size_t node = 0; node < frequencies.size(); ++node)
      hybridisation[spin].push_back(Complex(chemical_potential - band.mean(), frequencies[node]) -
                                    self_energy[spin][node] - 1.0 / green[spin][node]);
  return hybridisation;
}

}  // namespace weiss
