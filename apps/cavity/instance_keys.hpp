// The deck keys of message passing on one instance, and those that Potts models share.
#pragma once

#include "weiss/deck/deck.hpp"

namespace weiss {

void declare_instance_keys(Schema& schema);
void validate_instance_keys(const Parameters& parameters, Problems& problems);
bool is_sum_product(const Parameters& parameters);

void declare_schedule_keys(Schema& schema);
void declare_decimation_keys(Schema& schema);
// Messages, roughly, without building the graph.
double messages_of(const Parameters& parameters);

}  // namespace weiss
