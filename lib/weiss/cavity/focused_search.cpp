#include "weiss/cavity/focused_search.hpp"

#include <algorithm>

namespace weiss {

namespace {

class Search {
 public:
  Search(const Formula& formula, std::span<std::int8_t> spins)
      : formula_(&formula),
        spins_(spins),
        satisfying_(static_cast<std::size_t>(formula.clauses())),
        place_(satisfying_.size(), -1) {
    for (std::size_t p = 0; p < formula.variable.size(); ++p)
      if (holds(p)) ++satisfying_[clause(p)];
    for (std::size_t a = 0; a < satisfying_.size(); ++a)
      if (satisfying_[a] == 0) add(a);
  }

  const std::vector<std::int32_t>& unsatisfied() const { return unsatisfied_; }

  // Clauses that only this variable satisfies.
  std::int64_t breaks(std::size_t variable) const {
    std::int64_t count = 0;
    for_each_literal(variable, [&](std::size_t p) {
      if (holds(p) && satisfying_[clause(p)] == 1) ++count;
    });
    return count;
  }

  void flip(std::size_t variable) {
    spins_[variable] = static_cast<std::int8_t>(-spins_[variable]);
    for_each_literal(variable, [&](std::size_t p) {
      const std::size_t a = clause(p);
      if (holds(p)) {
        if (satisfying_[a]++ == 0) remove(a);
      } else if (--satisfying_[a] == 0) {
        add(a);
      }
    });
  }

 private:
  std::size_t clause(std::size_t p) const {
    return static_cast<std::size_t>(formula_->clause_of(static_cast<std::int64_t>(p)));
  }
  bool holds(std::size_t p) const {
    return spins_[static_cast<std::size_t>(formula_->variable[p])] == formula_->sign[p];
  }
  template <class F>
  void for_each_literal(std::size_t variable, F&& f) const {
    for (std::int64_t at = formula_->first[variable]; at < formula_->first[variable + 1]; ++at)
      f(static_cast<std::size_t>(formula_->literal[static_cast<std::size_t>(at)]));
  }
  void add(std::size_t a) {
    place_[a] = static_cast<std::int32_t>(unsatisfied_.size());
    unsatisfied_.push_back(static_cast<std::int32_t>(a));
  }
  void remove(std::size_t a) {
    const std::int32_t last = unsatisfied_.back();
    unsatisfied_[static_cast<std::size_t>(place_[a])] = last;
    place_[static_cast<std::size_t>(last)] = place_[a];
    unsatisfied_.pop_back();
  }

  const Formula* formula_;
  std::span<std::int8_t> spins_;
  std::vector<std::int32_t> satisfying_;  // true literals of a clause
  std::vector<std::int32_t> unsatisfied_, place_;
};

double uniform(std::uint64_t bits) { return static_cast<double>(bits >> 11U) * 0x1p-53; }

}  // namespace

std::int64_t focused_search(const Formula& formula, std::span<std::int8_t> spins,
                            std::span<const std::int8_t> fixed, std::int64_t flips, double noise,
                            const RandomSource& random) {
  Search search(formula, spins);
  const auto length = static_cast<std::size_t>(formula.length);
  std::vector<std::size_t> free;
  for (std::int64_t flip = 0; flip < flips && !search.unsatisfied().empty(); ++flip) {
    const auto index = static_cast<std::uint64_t>(flip);
    const std::size_t a =
        static_cast<std::size_t>(search.unsatisfied()[random.below(search.unsatisfied().size(), index)]);
    free.clear();
    for (std::size_t p = a * length; p < (a + 1) * length; ++p)
      if (const auto i = static_cast<std::size_t>(formula.variable[p]); fixed[i] == 0) free.push_back(i);
    if (free.empty()) continue;
    const auto best = std::min_element(free.begin(), free.end(), [&](std::size_t x, std::size_t y) {
      return search.breaks(x) < search.breaks(y);
    });
    const bool any =
        search.breaks(*best) > 0 && uniform(random.stream().bits(random.step(), index, 64)) < noise;
    search.flip(any ? free[random.below(free.size(), index, 128)] : *best);
  }
  return static_cast<std::int64_t>(search.unsatisfied().size());
}

}  // namespace weiss
