// The deck keys of model.problem = states, and what they mean.
#pragma once

#include <cstdint>
#include <vector>

#include "weiss/cavity/interaction_population.hpp"
#include "weiss/cavity/state_population.hpp"
#include "weiss/deck/deck.hpp"

namespace weiss {

enum class Breaking {
  none,            // replica symmetric
  one_step,        // a population of states, reweighted
  reconstruction,  // the same at m = 1 in the paramagnet, without reweighting
};

enum class FindTransition { none, statics, dynamics };

void declare_states_keys(Schema& schema);
void validate_states(const Parameters& parameters, Problems& problems);

Breaking breaking_of(const Parameters& parameters);
FindTransition find_transition_of(const Parameters& parameters);
InteractionEnsemble interaction_ensemble_of(const Parameters& parameters);
StateEnsemble state_ensemble_of(const Parameters& parameters);
InteractionPopulation::Start interaction_start_of(const Parameters& parameters);
// Members of a population, of interactions or of states.
std::size_t state_members_of(const Parameters& parameters);
// Message means at which dynamics looks for temperatures; one value without a meaning otherwise.
std::vector<double> message_means_of(const Parameters& parameters);

}  // namespace weiss
