#include "hubbard_dmft/hubbard_retarded.hpp"

#include "weiss/dmft/nambu_lattice.hpp"

namespace weiss {

Complex RetardedGreen::local(std::size_t component, Complex z, const SelfEnergies& sigma) const {
  const Band& band = lattice_.band();
  const Complex bare = z + chemical_potential_;
  if (lattice_.superconducting())
    return nambu_lattice_green(band, chemical_potential_, z, {sigma[0], sigma[1], sigma[2]}).normal;
  if (lattice_.two_band()) return lattice_.two_band()->green({bare - sigma[0], bare - sigma[1]})[component];
  if (lattice_.phase() == Phase::antiferromagnetic)
    return staggered_green(band, bare - sigma[0], bare - sigma[1]);
  return band.hilbert(bare - sigma[0]);
}

std::vector<BandEnergies> RetardedGreen::energies(const WaveVector& k) const {
  if (!lattice_.two_band()) return {lattice_.band().energies(k)};
  const TwoBand& both = *lattice_.two_band();
  std::vector<BandEnergies> all;
  for (std::size_t a = 0; a < both.bands().size(); ++a) {
    all.push_back(both.bands()[a].energies(k));
    for (double& each : all.back().value) each += both.shift()[a];
  }
  return all;
}

Complex RetardedGreen::at(const std::vector<BandEnergies>& energies, Complex z,
                          const SelfEnergies& sigma) const {
  const Complex bare = z + chemical_potential_;
  Complex sum = 0;
  if (lattice_.superconducting()) {
    const BandEnergies& bands = energies.front();
    for (std::size_t n = 0; n < bands.count; ++n)
      sum += (nambu_free_inverse(z, chemical_potential_ - bands.value[n]) -
              NambuMatrix{sigma[0], sigma[1], sigma[2]})
                 .inverse()
                 .normal;
    return sum / static_cast<double>(bands.count);
  }
  if (lattice_.phase() == Phase::antiferromagnetic)
    return green_at(energies.front(), bare - sigma[0], bare - sigma[1]);
  for (std::size_t a = 0; a < energies.size(); ++a)
    sum += green_at(energies[a], bare - sigma[a], bare - sigma[a]);
  return sum;
}

}  // namespace weiss
