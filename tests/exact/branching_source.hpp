// A source of decisions that enumerates: the same update code that draws random numbers in a run is driven
// through every path of outcomes, each with its exact weight. A decision asked for twice answers the same.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

namespace weiss {

class BranchingPaths;

// Give each random stream its own name.
class BranchingSource {
 public:
  BranchingSource(BranchingPaths& paths, int name) : paths_(&paths), name_(name) {}
  bool fires(std::uint64_t threshold, std::uint64_t index, std::uint32_t draw = 0) const;
  std::uint64_t below(std::uint64_t n, std::uint64_t index, std::uint32_t draw = 0) const;

 private:
  BranchingPaths* paths_;
  int name_;
};

class BranchingPaths {
 public:
  // body(paths) runs once a path; then(weight) follows each run.
  template <class Body, class Then>
  void for_each(Body&& body, Then&& then) {
    choices_.clear();
    do {
      position_ = 0;
      weight_ = 1;
      answers_.clear();
      body(*this);
      then(static_cast<double>(weight_));
    } while (advance());
  }

 private:
  friend class BranchingSource;
  using Name = std::pair<int, std::pair<std::uint64_t, std::uint32_t>>;
  struct Choice {
    std::uint64_t taken, options;
  };

  // Option weights: uniform, or {1 - p, p} of a yes/no decision.
  std::uint64_t choose(const Name& name, std::uint64_t options, long double yes) {
    // A path has few decisions: a linear search beats a map.
    for (const auto& [asked, answer] : answers_)
      if (asked == name) return answer;
    if (position_ == choices_.size()) choices_.push_back({0, options});
    const std::uint64_t taken = choices_[position_++].taken;
    weight_ *=
        options == 2 && yes >= 0 ? (taken == 1 ? yes : 1 - yes) : 1.0L / static_cast<long double>(options);
    answers_.emplace_back(name, taken);
    return taken;
  }
  bool advance() {
    while (!choices_.empty() && choices_.back().taken + 1 == choices_.back().options) choices_.pop_back();
    if (choices_.empty()) return false;
    ++choices_.back().taken;
    return true;
  }

  std::vector<Choice> choices_;
  std::size_t position_ = 0;
  long double weight_ = 1;
  std::vector<std::pair<Name, std::uint64_t>> answers_;
};

inline bool BranchingSource::fires(std::uint64_t threshold, std::uint64_t index, std::uint32_t draw) const {
  if (threshold == 0) return false;
  // A threshold this near 2^64 is a certainty in any run: its other branch must not join two classes.
  if (threshold >= std::uint64_t{0} - (std::uint64_t{1} << 14)) return true;
  const long double yes = static_cast<long double>(threshold) * 0x1p-64L;
  return paths_->choose({name_, {index, draw}}, 2, yes) == 1;
}

inline std::uint64_t BranchingSource::below(std::uint64_t n, std::uint64_t index, std::uint32_t draw) const {
  return n == 1 ? 0 : paths_->choose({name_, {index, draw}}, n, -1);
}

}  // namespace weiss
