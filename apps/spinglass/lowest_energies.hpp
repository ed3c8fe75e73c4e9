// The lowest energies that were found, or are exact, one a realisation, as results.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "weiss/simulation/measurements.hpp"

namespace weiss {

// energies: of whole systems; the error is that of the mean over realisations, whose values are kept as bins;
// of a single one it is 0.
Result energy_result(const std::string& name, const std::string& long_name, std::span<const double> energies,
                     double sites);

// spins: (realisation, site), bytes of 1 for up and 0 for down.
Result spins_result(const std::string& name, std::span<const std::uint8_t> spins, std::size_t realisations);

}  // namespace weiss
