// The deck keys of weiss-hubbard-dmft, what they allow and what they mean.
#pragma once

#include <cstdint>
#include <optional>

#include "weiss/deck/deck.hpp"
#include "weiss/dmft/band.hpp"
#include "weiss/dmft/lattice_step.hpp"
#include "weiss/dmft/mixing.hpp"
#include "weiss/dmft/segment_problem.hpp"
#include "weiss/dmft/two_band.hpp"

namespace weiss {

enum class ImpuritySolver { perturbation, diagonalisation, segments };

void declare_hubbard_keys(Schema& schema);
void validate_hubbard_keys(const Parameters& parameters, Problems& problems);

ImpuritySolver solver_of(const Parameters& parameters);
Phase phase_of(const Parameters& parameters);
// Error(bad_deck) where a file of densities cannot be read.
Band band_of(const Parameters& parameters);
Phonon phonon_of(const Parameters& parameters);
Mixing mixing_of(const Parameters& parameters);
// Wave vectors a direction, of the deck or for so many directions.
std::int64_t mesh_of(const Parameters& parameters, std::size_t directions);
// Half the width of what the Lehmann basis represents: three times the reach of the band, U and mu.
double basis_energy_of(const Parameters& parameters, const Band& band);

// hubbard_orbital_keys.cpp: two orbitals a site, and lattices from a file of hoppings.
void declare_orbital_keys(Schema& schema);
void validate_orbital_keys(const Parameters& parameters, Problems& problems);
// What only the lattice itself tells, once the keys fit.
void validate_orbital_lattice(const Parameters& parameters, Problems& problems);
// Nothing for one orbital. Error(bad_deck) as of band_of.
std::optional<TwoBand> two_band_of(const Parameters& parameters);
Band band_of_hoppings(const Parameters& parameters);
// What to add to Band's reach for the basis: of levels, J and the crystal field.
double orbital_reach_of(const Parameters& parameters);

// hubbard_spectrum_keys.cpp
void declare_spectrum_keys(Schema& schema);
void validate_spectrum_keys(const Parameters& parameters, Problems& problems);

}  // namespace weiss
