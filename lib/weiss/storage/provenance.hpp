// Where and when: facts for a file's attributes.
#pragma once

#include <string>

namespace weiss {

std::string host_name();
std::string time_stamp();  // UTC, ISO 8601

}  // namespace weiss
