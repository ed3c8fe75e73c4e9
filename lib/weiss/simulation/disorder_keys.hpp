// The deck keys of quenched disorder that every app on disordered Ising systems shares, and the graph,
// couplings and fields that they describe:
//   H = -sum_e J_e prod_{i in e} s_i - sum_i h_i s_i, s = +-1; every interaction counts once; k_B = 1
// Complete graphs: J_e has mean J0 / N^(p-1) p!/2 and variance J^2 p!/(2 N^(p-1)); p = 2 is the
// Sherrington-Kirkpatrick model with mean J0/N and variance J^2/N.
#pragma once

#include <cstdint>
#include <vector>

#include "weiss/deck/deck.hpp"
#include "weiss/lattice/disorder.hpp"
#include "weiss/lattice/interaction_graph.hpp"

namespace weiss {

// The lattice.* and model.* keys of graph, couplings, dilution, fields and realisations.
void declare_disorder_keys(Schema& schema);
void validate_disorder(const Parameters& parameters, Problems& problems);

bool is_instance(const Parameters& parameters);
CouplingDistribution coupling_distribution_of(const Parameters& parameters);
FieldDistribution field_distribution_of(const Parameters& parameters);
std::vector<std::int64_t> realisations_of(const Parameters& parameters);
// Spins, without building anything.
double disordered_sites_of(const Parameters& parameters);

// One realisation: its graph, couplings and fields.
InteractionGraph make_realisation(const Parameters& parameters, std::int64_t realisation);

}  // namespace weiss
