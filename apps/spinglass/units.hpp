// How the ranks of a task share its configurations: a unit is a range of samples at a range of temperatures
// with all their replicas; every rank owns consecutive units. Arrays of numbers a (sample, temperature) are
// completed over the ranks in the order of the units.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "weiss/parallel/communicator.hpp"

namespace weiss {

struct GlassUnit {
  std::size_t first_sample = 0, samples = 0;
  std::size_t first_temperature = 0, temperatures = 0;
};

class GlassUnits {
 public:
  // temperatures: of the task.
  GlassUnits(std::vector<GlassUnit> units, std::size_t temperatures, const Communicator& communicator);

  std::size_t count() const { return units_.size(); }
  const GlassUnit& operator[](std::size_t unit) const { return units_[unit]; }
  // This rank's units: first() ... last() - 1; none on ranks beyond their number.
  std::size_t first() const { return first_of(static_cast<std::size_t>(communicator_->rank())); }
  std::size_t last() const { return first_of(static_cast<std::size_t>(communicator_->rank()) + 1); }
  int owner(std::size_t unit) const;
  const Communicator& communicator() const { return *communicator_; }

  // values: (sample, temperature) x width, filled where this rank owns; complete on every rank afterwards.
  // Collective.
  void complete(std::span<double> values, std::size_t width) const;

 private:
  std::size_t first_of(std::size_t rank) const {
    return units_.size() * rank / static_cast<std::size_t>(communicator_->size());
  }
  template <class F>
  void for_each_row(std::size_t unit, F&& f) const;  // f(row = sample * temperatures + temperature)

  std::vector<GlassUnit> units_;
  std::size_t temperatures_;
  const Communicator* communicator_;
};

}  // namespace weiss
