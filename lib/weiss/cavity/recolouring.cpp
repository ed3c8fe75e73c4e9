#include "weiss/cavity/recolouring.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace weiss {

namespace {

// Draws of a move, far enough apart for rejections.
constexpr std::uint32_t end_draw = 16, colour_draw = 32, accept_draw = 48;

class Conflicts {
 public:
  Conflicts(const FactorGraph& graph, std::span<const std::int32_t> site_of, std::span<std::int8_t> colours)
      : graph_(&graph), site_of_(site_of), colours_(colours), place_(site_of.size(), -1) {
    for (std::int32_t k = 0; k < graph.slots(); ++k)
      if (graph.leads(k) && colour_at(k) == colour_at(partner(k))) add(k);
  }

  std::int64_t count() const { return static_cast<std::int64_t>(slots_.size()); }
  std::int32_t slot(std::uint64_t number) const { return slots_[static_cast<std::size_t>(number)]; }
  std::int32_t partner(std::int32_t slot) const { return graph_->partner[static_cast<std::size_t>(slot)]; }
  std::int32_t site(std::int32_t slot) const { return site_of_[static_cast<std::size_t>(slot)]; }

  int neighbours_of_colour(std::int32_t site, std::int8_t colour) const {
    int sum = 0;
    for (std::int64_t k = graph_->first_slot(site); k < graph_->first_slot(site + 1); ++k)
      sum += colour_at(partner(static_cast<std::int32_t>(k))) == colour ? 1 : 0;
    return sum;
  }

  void set(std::int32_t site, std::int8_t colour) {
    colours_[static_cast<std::size_t>(site)] = colour;
    for (std::int64_t at = graph_->first_slot(site); at < graph_->first_slot(site + 1); ++at) {
      const auto slot = static_cast<std::int32_t>(at);
      const std::int32_t leader = std::min(slot, partner(slot));
      const bool conflict = colour_at(partner(slot)) == colour, known = place_[index(leader)] >= 0;
      if (conflict && !known) add(leader);
      if (!conflict && known) remove(leader);
    }
  }

 private:
  static std::size_t index(std::int32_t i) { return static_cast<std::size_t>(i); }
  std::int8_t colour_at(std::int32_t slot) const { return colours_[index(site(slot))]; }
  void add(std::int32_t slot) {
    place_[index(slot)] = static_cast<std::int32_t>(slots_.size());
    slots_.push_back(slot);
  }
  void remove(std::int32_t slot) {
    const std::int32_t place = place_[index(slot)], last = slots_.back();
    slots_[index(place)] = last;
    place_[index(last)] = place;
    place_[index(slot)] = -1;
    slots_.pop_back();
  }

  const FactorGraph* graph_;
  std::span<const std::int32_t> site_of_;
  std::span<std::int8_t> colours_;
  std::vector<std::int32_t> slots_, place_;  // the leading slots of conflicting pairs, and where each is
};

}  // namespace

std::int64_t recolour(const FactorGraph& graph, std::span<const std::int32_t> site_of, int states,
                      std::span<std::int8_t> colours, std::int64_t moves, double noise,
                      const RandomSource& random) {
  Conflicts conflicts(graph, site_of, colours);
  const Stream& stream = random.stream();
  for (std::int64_t move = 0; move < moves && conflicts.count() > 0; ++move) {
    const auto number = static_cast<std::uint64_t>(move);
    std::int32_t slot = conflicts.slot(random.below(static_cast<std::uint64_t>(conflicts.count()), number));
    if (stream.bits(random.step(), number, end_draw) >> 63U != 0) slot = conflicts.partner(slot);
    const std::int32_t site = conflicts.site(slot);
    const std::int8_t old = colours[static_cast<std::size_t>(site)];
    const auto shift = random.below(static_cast<std::uint64_t>(states - 1), number, colour_draw);
    const auto colour = static_cast<std::int8_t>((old + 1 + static_cast<int>(shift)) % states);
    const int change =
        conflicts.neighbours_of_colour(site, colour) - conflicts.neighbours_of_colour(site, old);
    const double u = static_cast<double>(stream.bits(random.step(), number, accept_draw) >> 11U) * 0x1p-53;
    if (change <= 0 || u < std::pow(noise, change)) conflicts.set(site, colour);
  }
  return conflicts.count();
}

}  // namespace weiss
