#include <algorithm>

#include "weiss/deck/deck.hpp"

namespace weiss {

bool Problems::Problem::operator<(const Problem& other) const {
  // The command line stands after the file, remarks without a place last.
  const auto rank = [](std::size_t l) { return l == 0 ? nowhere - 1 : l; };
  return rank(line) < rank(other.line);
}

void Problems::add_at(std::size_t line, std::string message) {
  Problem problem{line, std::move(message)};
  if (std::find(problems_.begin(), problems_.end(), problem) == problems_.end()) problems_.push_back(problem);
}

void Problems::add(std::string_view key, const std::string& message) {
  const auto place = line_of_.find(key);
  add_at(place == line_of_.end() ? nowhere : place->second, std::string(key) + ": " + message);
}

void Problems::add_general(std::string message) { add_at(nowhere, std::move(message)); }

bool Problems::of_the_command_line() const {
  return std::all_of(problems_.begin(), problems_.end(),
                     [](const Problem& problem) { return problem.line == 0; });
}

std::string Problems::text() const {
  std::vector<Problem> sorted = problems_;
  std::stable_sort(sorted.begin(), sorted.end());
  std::string text;
  for (const Problem& problem : sorted) {
    if (!text.empty()) text += "\n";
    if (problem.line == nowhere)
      text += name_ + ": ";
    else if (problem.line == 0)
      text += "command line: ";
    else
      text += name_ + ":" + std::to_string(problem.line) + ": ";
    text += problem.text;
  }
  return text;
}

}  // namespace weiss
