// Energies of octets: interactions in order in four partial sums by number mod 4, then the fields in order;
// rules of inclusion as weiss/rng/word512.hpp.
#pragma once

#include "weiss/montecarlo/lane_vector.hpp"

namespace weiss::WEISS_SIMD_NAMESPACE {

inline constexpr int energy_parts = 4;

template <int order>
WEISS_INLINE Octet octet_energy(const std::uint8_t* spins, std::int64_t sites,
                                const LaneInteractions& interactions) {
  const int members = order == 0 ? interactions.order : order;
  const auto add = [&](std::int64_t e, Octet& sum) {
    const std::int32_t* member = interactions.members + e * members;
    std::uint8_t bits = spins[member[0]];
    for (int m = 1; m < members; ++m) bits = static_cast<std::uint8_t>(bits ^ spins[member[m]]);
    add_signed(sum, interactions.coupling[e], bits);
  };
  Octet part[energy_parts];
  for (Octet& each : part) each = octet_of(0);
  const std::int64_t whole = interactions.interactions / energy_parts * energy_parts;
  for (std::int64_t e = 0; e < whole; e += energy_parts)
    for (int q = 0; q < energy_parts; ++q) add(e + q, part[q]);
  for (std::int64_t e = whole; e < interactions.interactions; ++e) add(e, part[e - whole]);
  Octet sum;
  for (int k = 0; k < pieces; ++k)
    sum.piece[k] = (part[0].piece[k] + part[1].piece[k]) + (part[2].piece[k] + part[3].piece[k]);
  if (interactions.field != nullptr)
    for (std::int64_t site = 0; site < sites; ++site) add_signed(sum, -interactions.field[site], spins[site]);
  return sum;
}

inline void octet_energies(const LaneSpins& spins, const LaneInteractions& interactions, double* energy) {
  for (std::int64_t octet = 0; octet < spins.octets; ++octet) {
    const std::uint8_t* bytes = spins.bytes + octet * spins.stride;
    store_octet(interactions.order == 2 ? octet_energy<2>(bytes, spins.sites, interactions)
                                        : octet_energy<0>(bytes, spins.sites, interactions),
                energy + 8 * octet);
  }
}

}  // namespace weiss::WEISS_SIMD_NAMESPACE
