// The deck keys of message passing on one instance.
#pragma once

#include "weiss/deck/deck.hpp"

namespace weiss {

void declare_instance_keys(Schema& schema);
void validate_instance_keys(const Parameters& parameters, Problems& problems);
bool is_sum_product(const Parameters& parameters);

}  // namespace weiss
