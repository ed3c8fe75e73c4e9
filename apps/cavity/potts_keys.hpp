// The deck keys of Potts models on one instance.
#pragma once

#include "weiss/deck/deck.hpp"

namespace weiss {

void declare_potts_keys(Schema& schema);
void validate_potts_keys(const Parameters& parameters, Problems& problems);
// model.temperature = 0
bool is_colouring(const Parameters& parameters);

}  // namespace weiss
