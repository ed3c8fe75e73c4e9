#include "weiss/dmft/phonon_energy.hpp"

#include <cmath>

namespace weiss {

PhononEnergies phonon_energies(const SegmentResults& results, double beta, const Phonon& phonon,
                               double reference) {
  const double w = phonon.frequency, square = phonon.coupling * phonon.coupling;
  const std::size_t flavours = results.flavours();
  std::vector<double> chi(density_frequencies), error(density_frequencies);
  for (std::size_t a = 0; a < flavours; ++a)
    for (std::size_t b = 0; b < flavours; ++b) {
      const Estimates pair = results.density_susceptibility(a, b);
      for (std::size_t m = 0; m < density_frequencies; ++m) {
        chi[m] += pair.mean[m];
        error[m] += pair.error[m];
      }
    }
  // beta (<n^2> - 2 r <n> + r^2) at m = 0.
  const Estimates density = results.density();
  chi[0] += beta * reference * reference;
  for (std::size_t a = 0; a < flavours; ++a) {
    chi[0] -= 2 * beta * reference * density.mean[a];
    error[0] += 2 * beta * reference * density.error[a];
  }
  PhononEnergies energies;
  energies.phonon.value = w / std::expm1(beta * w);
  for (std::size_t m = 0; m < density_frequencies; ++m) {
    const double v = bosonic_frequency(static_cast<std::int64_t>(m), beta);
    const double kernel = 2 * w / (w * w + v * v), part = (m == 0 ? 1 : 2) * square / beta;
    const double coupling = -part * kernel, own = part * kernel * kernel * (w * w - v * v) / (4 * w);
    energies.coupling.value += coupling * chi[m];
    energies.coupling.error += std::fabs(coupling) * error[m];
    energies.phonon.value += own * chi[m];
    energies.phonon.error += std::fabs(own) * error[m];
  }
  return energies;
}

}  // namespace weiss
