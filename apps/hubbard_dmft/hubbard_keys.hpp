// The deck keys of weiss-hubbard-dmft, what they allow and what they mean.
#pragma once

#include "weiss/deck/deck.hpp"
#include "weiss/dmft/band.hpp"
#include "weiss/dmft/lattice_step.hpp"
#include "weiss/dmft/mixing.hpp"

namespace weiss {

enum class ImpuritySolver { perturbation, diagonalisation, segments };

void declare_hubbard_keys(Schema& schema);
void validate_hubbard_keys(const Parameters& parameters, Problems& problems);

ImpuritySolver solver_of(const Parameters& parameters);
Phase phase_of(const Parameters& parameters);
// Error(bad_deck) where a file of densities cannot be read.
Band band_of(const Parameters& parameters);
Mixing mixing_of(const Parameters& parameters);
// Half the width of what the Lehmann basis represents: three times the reach of the band, U and mu.
double basis_energy_of(const Parameters& parameters, const Band& band);

}  // namespace weiss
