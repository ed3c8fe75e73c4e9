// Quenched disorder: couplings, dilution and fields of a realisation. What belongs to interaction e (or site
// i) of realisation r is a pure function of (seed, r, e), so a realisation does not depend on which others
// are drawn.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "weiss/lattice/interaction_graph.hpp"

namespace weiss {

struct CouplingDistribution {
  enum class Kind { bimodal, gaussian };
  Kind kind = Kind::bimodal;
  double width = 1;                     // |J| of bimodal, standard deviation of gaussian couplings
  double mean = 0;                      // of gaussian ones
  double ferromagnetic_fraction = 0.5;  // of bimodal ones: probability of +width
};

struct FieldDistribution {
  enum class Kind { none, bimodal, gaussian };
  Kind kind = Kind::none;
  double mean = 0;   // a uniform field
  double width = 0;  // size of bimodal, standard deviation of gaussian fields
};

// Sets every coupling of the graph.
void draw_couplings(InteractionGraph& graph, const CouplingDistribution& distribution, std::uint64_t seed,
                    std::uint64_t realisation);

// The signs of bimodal couplings of 512 realisations at once: bit l of the eight elements of interaction e is
// set where coupling e of realisation 512 block + l is positive.
std::vector<std::array<std::uint64_t, 8>> coupling_signs(std::int64_t interactions,
                                                         double ferromagnetic_fraction, std::uint64_t seed,
                                                         std::uint64_t block);

// The same of one realisation: 1 where a coupling is positive.
std::vector<std::uint8_t> positive_couplings(std::int64_t interactions, double ferromagnetic_fraction,
                                             std::uint64_t seed, std::uint64_t realisation);

// Sets the fields; none where the distribution has neither mean nor width.
void draw_fields(InteractionGraph& graph, const FieldDistribution& distribution, std::uint64_t seed,
                 std::uint64_t realisation);

// Keeps an interaction with probability bond_probability, if all its sites are magnetic, each with
// site_probability. Sites stay; those without interactions are free spins in their field.
void dilute(InteractionGraph& graph, double bond_probability, double site_probability, std::uint64_t seed,
            std::uint64_t realisation);

}  // namespace weiss
