// The verbs of weiss-inspect.
#pragma once

#include <string>
#include <vector>

namespace weiss {

// Exit codes as for every program; compare: 0 equal, 1 different.
int inspect(int argc, char** argv);

// What differs between two files in parameters, results and state hashes; empty when bitwise the same.
std::vector<std::string> differences(const std::string& path_a, const std::string& path_b);

// The union of the tasks of several files; a task in two of them must be bitwise the same.
void merge(const std::string& output, const std::vector<std::string>& inputs);

std::string summary(const std::string& path);
std::string contents(const std::string& path, const std::string& place);  // one group or dataset
std::string csv(const std::string& path);
// One file a task in `folder`, in the ALPS layout: /parameters/*, /simulation/results/<observable>/mean/value
// ...
std::vector<std::string> export_alps(const std::string& path, const std::string& folder);

}  // namespace weiss
