#include "weiss/montecarlo/packed_glass_topology.hpp"

#include <algorithm>

namespace weiss {

namespace {

std::int32_t offset(std::int64_t word) { return static_cast<std::int32_t>(8 * word); }

}  // namespace

PackedGlassTopology::PackedGlassTopology(const PackedLayout& layout) : layout_(layout) {
  for (int colour = 0; colour < 2; ++colour) make_colour(colour, colour * words() / 2);
}

PackedGlassTopology::Neighbour PackedGlassTopology::neighbour(Position position, int end) const {
  const auto axis = static_cast<std::size_t>(end % layout_.dimension);
  const std::int64_t extent = layout_.positions[axis];
  const std::int64_t next = position[axis] + (end < layout_.dimension ? 1 : -1);
  position[axis] = (next + extent) % extent;
  return {position, position[axis] != next};
}

std::vector<Position> PackedGlassTopology::positions_of(int colour) const {
  std::vector<Position> positions;
  Position p{};
  for (p[2] = 0; p[2] < layout_.positions[2]; ++p[2])
    for (p[1] = 0; p[1] < layout_.positions[1]; ++p[1])
      for (p[0] = (colour + p[1] + p[2]) % 2; p[0] < layout_.positions[0]; p[0] += 2) positions.push_back(p);
  return positions;
}

void PackedGlassTopology::make_colour(int colour, std::int64_t first_place) {
  Colour& made = colours_[static_cast<std::size_t>(colour)];
  const std::vector<Position> positions = positions_of(colour);
  std::int64_t place = first_place;
  for (const Position& position : positions) {
    made.links.push_back(offset(word(position)));
    std::int32_t crossing = 0;
    for (int end = 0; end < degree(); ++end) {
      const Neighbour other = neighbour(position, end);
      made.links.push_back(offset(word(other.position)));
      if (other.crosses) crossing |= 1 << end;
    }
    made.links.push_back(offset(degree() * place++));
    made.links.push_back(crossing);
  }
  for (std::size_t first = 0; first < positions.size(); first += sample_group_sites) {
    const std::size_t count = std::min<std::size_t>(sample_group_sites, positions.size() - first);
    made.groups.push_back({static_cast<std::int64_t>(first), static_cast<std::int32_t>(count)});
    SampleWord halves[2];
    for (std::size_t i = 0; i < count; ++i)
      halves[i / 4].element[2 * (i % 4)] = static_cast<std::uint64_t>(word(positions[first + i]));
    made.group_sites.insert(made.group_sites.end(), {halves[0], halves[1]});
  }
  made.group_sites.resize(made.group_sites.size() + 2);
  made.run = {0, static_cast<std::int64_t>(made.groups.size())};
}

std::pair<std::size_t, int> PackedGlassTopology::place(std::int64_t site) const {
  Position position{}, brick{};
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const std::int64_t x = site % layout_.extents[axis];
    position[axis] = x % layout_.positions[axis];
    brick[axis] = x / layout_.positions[axis];
    site /= layout_.extents[axis];
  }
  return {static_cast<std::size_t>(word(position)),
          static_cast<int>(brick[0] + layout_.bricks[0] * (brick[1] + layout_.bricks[1] * brick[2]))};
}

SampleWords PackedGlassTopology::couplings(std::span<const std::uint8_t> positive) const {
  const auto dimension = static_cast<std::size_t>(layout_.dimension);
  const auto ends = static_cast<std::size_t>(degree());
  std::vector<std::size_t> first_end(static_cast<std::size_t>(words()));  // by word
  std::size_t next = 0;
  for (const int colour : {0, 1})
    for (const Position& position : positions_of(colour)) {
      first_end[static_cast<std::size_t>(word(position))] = next;
      next += ends;
    }
  SampleWords result(next);
  std::size_t bond = 0;
  for (std::int64_t site = 0; site < sites(); ++site) {
    const auto [here, lane] = place(site);
    std::int64_t stride = 1;
    for (std::size_t d = 0; d < dimension; stride *= layout_.extents[d++]) {
      if (positive[bond++] == 0) continue;
      const bool last = site / stride % layout_.extents[d] == layout_.extents[d] - 1;
      const auto [there, other_lane] = place(last ? site - stride * (layout_.extents[d] - 1) : site + stride);
      set_lane_bit(result[first_end[here] + d], lane, true);
      set_lane_bit(result[first_end[there] + dimension + d], other_lane, true);
    }
  }
  return result;
}

SampleSweep PackedGlassTopology::sweep(int colour) const {
  const Colour& of = colours_[static_cast<std::size_t>(colour)];
  SampleSweep sweep{};
  sweep.links = of.links.data();
  sweep.degree = degree();
  sweep.groups = of.groups.data();
  sweep.group_sites = of.group_sites.front().element;
  sweep.runs = &of.run;
  sweep.run_count = 1;
  return sweep;
}

PackedGlassBonds PackedGlassTopology::bond_ends(int colour) const {
  return {nullptr, nullptr, colours_[static_cast<std::size_t>(colour)].links.data(), degree(), words() / 2};
}

PackedBox PackedGlassTopology::box(const SampleWord* words) const {
  PackedBox box{};
  // Counts do not write.
  box.words = const_cast<std::uint64_t*>(words->element);
  std::int64_t stride = 8;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    box.size[axis] = box.positions[axis] = layout_.positions[axis];
    box.stride[axis] = stride;
    stride *= layout_.positions[axis];
  }
  box.dimension = layout_.dimension;
  return box;
}

}  // namespace weiss
