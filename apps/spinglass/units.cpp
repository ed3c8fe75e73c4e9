#include "spinglass/units.hpp"

#include <algorithm>
#include <utility>

namespace weiss {

GlassUnits::GlassUnits(std::vector<GlassUnit> units, std::size_t temperatures,
                       const Communicator& communicator)
    : units_(std::move(units)), temperatures_(temperatures), communicator_(&communicator) {}

int GlassUnits::owner(std::size_t unit) const {
  int rank = 0;
  while (first_of(static_cast<std::size_t>(rank) + 1) <= unit) ++rank;
  return rank;
}

template <class F>
void GlassUnits::for_each_row(std::size_t unit, F&& f) const {
  const GlassUnit& each = units_[unit];
  for (std::size_t s = 0; s < each.samples; ++s)
    for (std::size_t t = 0; t < each.temperatures; ++t)
      f((each.first_sample + s) * temperatures_ + each.first_temperature + t);
}

void GlassUnits::complete(std::span<double> values, std::size_t width) const {
  if (communicator_->size() == 1) return;
  std::vector<double> own;
  for (std::size_t unit = first(); unit < last(); ++unit)
    for_each_row(unit, [&](std::size_t row) {
      const auto from = values.subspan(row * width, width);
      own.insert(own.end(), from.begin(), from.end());
    });
  const std::vector<double> all = communicator_->all_gather_varying(std::span<const double>(own));
  const double* from = all.data();
  for (std::size_t unit = 0; unit < units_.size(); ++unit)
    for_each_row(unit, [&](std::size_t row) {
      std::copy_n(from, width, values.data() + row * width);
      from += width;
    });
}

}  // namespace weiss
