#include "weiss/montecarlo/lane_overlap.hpp"

#include <algorithm>
#include <bit>

namespace weiss {

namespace {

// The 8 x 8 matrix of bits (byte r, bit c) transposed (H. S. Warren, Hacker's Delight, section 7-3).
std::uint64_t transposed(std::uint64_t x) {
  std::uint64_t t = (x ^ (x >> 7)) & 0x00aa00aa00aa00aaULL;
  x ^= t ^ (t << 7);
  t = (x ^ (x >> 14)) & 0x0000cccc0000ccccULL;
  x ^= t ^ (t << 14);
  t = (x ^ (x >> 28)) & 0x00000000f0f0f0f0ULL;
  return x ^ t ^ (t << 28);
}

// Eight bytes, the first lowest, on any machine.
std::uint64_t load_bytes(const std::uint8_t* from, std::size_t count) {
  std::uint64_t result = 0;
  for (std::size_t i = 0; i < count; ++i) result |= static_cast<std::uint64_t>(from[i]) << (8 * i);
  return result;
}

// Byte b with bit c in byte c.
struct SpreadTable {
  std::array<std::uint64_t, 256> of{};
  constexpr SpreadTable() {
    for (std::size_t b = 0; b < 256; ++b)
      for (std::size_t c = 0; c < 8; ++c) of[b] |= static_cast<std::uint64_t>(b >> c & 1) << (8 * c);
  }
};
constexpr SpreadTable spread;

// Byte i: bit c says whether pair c differs at site i.
std::vector<std::uint8_t> unequal_bytes(std::int64_t sites,
                                        std::span<const std::pair<LanePlane, LanePlane>> pairs) {
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(lane_plane_words(sites)) * 64);
  for (std::size_t i = 0; i < bytes.size(); i += 8) {
    std::uint64_t rows = 0;
    for (std::size_t c = 0; c < pairs.size(); ++c)
      rows |= ((pairs[c].first[i / 64] ^ pairs[c].second[i / 64]) >> (i % 64) & 0xff) << (8 * c);
    rows = transposed(rows);
    for (std::size_t k = 0; k < 8; ++k) bytes[i + k] = static_cast<std::uint8_t>(rows >> (8 * k));
  }
  return bytes;
}

}  // namespace

LanePlanes::LanePlanes(const LaneField& field)
    : words_(lane_plane_words(field.sites())),
      bits_(static_cast<std::size_t>(words_ * field.configurations())) {
  read(field);
}

void LanePlanes::read(const LaneField& field) {
  for (std::int64_t octet = 0; octet < field.octets(); ++octet) {
    const std::span<const std::uint8_t> bytes = field.octet(octet);
    for (std::int64_t word = 0; word < words_; ++word) {
      std::uint64_t plane[8] = {};
      for (std::int64_t k = 0; k < 8; ++k) {
        const std::int64_t first = 64 * word + 8 * k,
                           count = std::clamp<std::int64_t>(field.sites() - first, 0, 8);
        if (count == 0) break;
        const std::uint64_t rows =
            transposed(load_bytes(bytes.data() + first, static_cast<std::size_t>(count)));
        for (std::size_t c = 0; c < 8; ++c) plane[c] |= (rows >> (8 * c) & 0xff) << (8 * k);
      }
      for (std::int64_t c = 0; c < 8; ++c)
        bits_[static_cast<std::size_t>((8 * octet + c) * words_ + word)] = plane[c];
    }
  }
}

std::int64_t count_up(LanePlane a) {
  std::int64_t result = 0;
  for (const std::uint64_t word : a) result += std::popcount(word);
  return result;
}

std::int64_t count_unequal(LanePlane a, LanePlane b) {
  std::int64_t result = 0;
  for (std::size_t i = 0; i < a.size(); ++i) result += std::popcount(a[i] ^ b[i]);
  return result;
}

LaneSlices::LaneSlices(std::span<const std::int32_t> slice, std::int64_t slices) {
  std::vector<std::vector<Part>> parts(static_cast<std::size_t>(slices));
  for (std::size_t site = 0; site < slice.size(); ++site) {
    std::vector<Part>& of_slice = parts[static_cast<std::size_t>(slice[site])];
    const auto word = static_cast<std::int32_t>(site / 64);
    if (of_slice.empty() || of_slice.back().word != word) of_slice.push_back({word, 0});
    of_slice.back().mask |= std::uint64_t{1} << (site % 64);
  }
  first_.push_back(0);
  for (const std::vector<Part>& each : parts) {
    parts_.insert(parts_.end(), each.begin(), each.end());
    first_.push_back(parts_.size());
  }
}

template <class Word>
void LaneSlices::count(Word&& word, std::span<std::int64_t> out) const {
  for (std::size_t slice = 0; slice + 1 < first_.size(); ++slice) {
    out[slice] = 0;
    for (std::size_t k = first_[slice]; k < first_[slice + 1]; ++k)
      out[slice] += std::popcount(word(static_cast<std::size_t>(parts_[k].word)) & parts_[k].mask);
  }
}

void LaneSlices::count_up(LanePlane a, std::span<std::int64_t> out) const {
  count([&](std::size_t word) { return a[word]; }, out);
}

void LaneSlices::count_unequal(LanePlane a, LanePlane b, std::span<std::int64_t> out) const {
  count([&](std::size_t word) { return a[word] ^ b[word]; }, out);
}

std::array<std::int64_t, 8> count_unequal_links(const InteractionGraph& graph,
                                                std::span<const std::pair<LanePlane, LanePlane>> pairs) {
  constexpr std::int64_t most = 255;  // that a byte can count
  const std::vector<std::uint8_t> unequal = unequal_bytes(graph.sites, pairs);
  std::array<std::int64_t, 8> result{};
  const auto order = static_cast<std::size_t>(graph.order);
  const std::int32_t* member = graph.members.data();
  for (std::int64_t e = 0; e < graph.interactions();) {
    std::uint64_t counts = 0;
    for (const std::int64_t end = std::min(e + most, graph.interactions()); e < end; ++e, member += order) {
      std::uint8_t bits = unequal[static_cast<std::size_t>(member[0])];
      for (std::size_t m = 1; m < order; ++m)
        bits = static_cast<std::uint8_t>(bits ^ unequal[static_cast<std::size_t>(member[m])]);
      counts += spread.of[bits];
    }
    for (std::size_t c = 0; c < 8; ++c) result[c] += static_cast<std::int64_t>(counts >> (8 * c) & 0xff);
  }
  return result;
}

}  // namespace weiss
