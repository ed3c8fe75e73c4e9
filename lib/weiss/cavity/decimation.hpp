// From marginals to a configuration: fix the most biased spins, let the messages settle, and again (A.
// Montanari, F. Ricci-Tersenghi, G. Semerjian, arXiv:0709.1667 (2007)).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "weiss/cavity/message_passing.hpp"
#include "weiss/rng/stream.hpp"

namespace weiss {

struct FixedSpin {
  std::int32_t site;
  std::int8_t spin;  // +-1
};

// The `count` free spins of the largest |H_i|, each along its field; among equal ones the stream decides.
// Where no field exceeds `unbiased`, one free spin, drawn with its sign. fixed: +-1, 0 where free.
std::vector<FixedSpin> most_biased(std::span<const double> local_fields, std::span<const std::int8_t> fixed,
                                   std::int64_t count, double unbiased, const Stream& stream,
                                   std::uint64_t step);

struct ConfigurationEnergy {
  double energy = 0;             // H of the configuration
  std::int64_t unsatisfied = 0;  // interactions with J prod s < 0
};

// spins and fields (in units of J; empty: none) by new site number.
template <class Rule>
ConfigurationEnergy configuration_energy(const MessagePassing<Rule>& messages,
                                         std::span<const std::int8_t> spins, std::span<const double> fields);

}  // namespace weiss
