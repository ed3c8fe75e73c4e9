// The deck keys that every app on lattices and graphs shares, what they allow and what they mean.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "weiss/deck/deck.hpp"
#include "weiss/lattice/lattice.hpp"

namespace weiss {

inline constexpr double most_sites = 1e12;

// lattice.kind with the given choices, L, extents, boundary, N and degree.
void declare_lattice_keys(Schema& schema, std::vector<std::string> kinds, std::string fallback);
// model.temperature and model.beta; exactly one of them and of the alternatives is given, or none where it is
// not required.
void declare_temperature_keys(Schema& schema, const std::vector<std::string>& alternatives = {},
                              bool required = true);

// Extents and boundaries of a regular lattice, N and degree of a graph.
void validate_lattice(const Parameters& parameters, Problems& problems);

// Of a kind that lattice_kind() knows.
LatticeKind kind_of(const Parameters& parameters);
bool is_graph(LatticeKind kind);
std::vector<std::int64_t> extents_of(const Parameters& parameters);
std::vector<Boundary> boundary_of(const Parameters& parameters);
// Sites of the lattice, without building it.
double sites_of(const Parameters& parameters);

double beta_of(const Parameters& parameters);

}  // namespace weiss
