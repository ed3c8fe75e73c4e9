// The deck keys that every program of the suite shares: [run] and the file keys of [output].
#pragma once

#include "weiss/deck/schema.hpp"

namespace weiss {

void declare_run_keys(Schema& schema);

}  // namespace weiss
