#include "weiss/montecarlo/packed_rows.hpp"

namespace weiss {

namespace {

// Transposes a matrix of width x width bits, row i in field[i], by exchanging ever smaller blocks (H. S.
// Warren, Hacker's Delight, 2nd ed. (2012), section 7-3).
template <int width>
void transpose(std::uint32_t* field) {
  std::uint32_t mask = width == 32 ? 0x0000ffffU : 0x0fU;
  for (int block = width / 2; block != 0; block /= 2, mask ^= mask << block)
    for (int i = 0; i < width; i = (i + block + 1) & ~block) {
      const std::uint32_t exchanged = (field[i] >> block ^ field[i + block]) & mask;
      field[i] ^= exchanged << block;
      field[i + block] ^= exchanged;
    }
}

constexpr std::uint64_t low_bits(int count) { return count >= 64 ? ~0ULL : (1ULL << count) - 1; }

}  // namespace

PackedRow::PackedRow(const PackedLayout& layout, const PackedBox& box)
    : layout_(layout), box_(box), bits_(static_cast<std::size_t>(layout.extents[0] / 64 + 2)) {}

bool PackedRow::owns(std::int64_t y, std::int64_t z) const {
  const std::int64_t py = y % layout_.positions[1] - box_.origin[1];
  const std::int64_t pz = z % layout_.positions[2] - box_.origin[2];
  return py >= 0 && py < box_.size[1] && pz >= 0 && pz < box_.size[2];
}

PackedRow::Place PackedRow::place(std::int64_t y, std::int64_t z) const {
  const std::int64_t py = y % layout_.positions[1] - box_.origin[1];
  const std::int64_t pz = z % layout_.positions[2] - box_.origin[2];
  const std::int64_t lane =
      layout_.bricks[0] * (y / layout_.positions[1] + layout_.bricks[1] * (z / layout_.positions[2]));
  return {box_.words + py * box_.stride[1] + pz * box_.stride[2] + lane / 64, static_cast<int>(lane % 64)};
}

template <int width>
void PackedRow::gather_fields(Place place) {
  for (std::int64_t first = 0; first < box_.size[0]; first += width) {
    const int count = static_cast<int>(std::min<std::int64_t>(width, box_.size[0] - first));
    std::uint32_t field[width] = {};
    for (int i = 0; i < count; ++i)
      field[i] = static_cast<std::uint32_t>(place.words[8 * (first + i)] >> place.shift & low_bits(width));
    transpose<width>(field);
    std::int64_t bit = box_.origin[0] + first;
    for (int brick = 0; brick < width; ++brick, bit += layout_.positions[0]) {
      const std::uint64_t value = field[brick];
      const std::size_t element = static_cast<std::size_t>(bit / 64);
      const int shift = static_cast<int>(bit % 64);
      bits_[element] |= value << shift;
      if (shift + count > 64) bits_[element + 1] |= value >> (64 - shift);
    }
  }
}

template <int width>
void PackedRow::scatter_fields(Place place) {
  for (std::int64_t first = 0; first < box_.size[0]; first += width) {
    const int count = static_cast<int>(std::min<std::int64_t>(width, box_.size[0] - first));
    std::uint32_t field[width];
    std::int64_t bit = box_.origin[0] + first;
    for (int brick = 0; brick < width; ++brick, bit += layout_.positions[0]) {
      const std::size_t element = static_cast<std::size_t>(bit / 64);
      const int shift = static_cast<int>(bit % 64);
      std::uint64_t value = bits_[element] >> shift;
      if (shift + count > 64) value |= bits_[element + 1] << (64 - shift);
      field[brick] = static_cast<std::uint32_t>(value & low_bits(count));
    }
    transpose<width>(field);
    const std::uint64_t kept = ~(low_bits(width) << place.shift);
    for (int i = 0; i < count; ++i) {
      std::uint64_t& element = place.words[8 * (first + i)];
      element = (element & kept) | static_cast<std::uint64_t>(field[i]) << place.shift;
    }
  }
}

void PackedRow::gather(std::int64_t y, std::int64_t z) {
  std::fill(bits_.begin(), bits_.end(), 0);
  if (layout_.dimension == 2) return gather_fields<32>(place(y, z));
  gather_fields<8>(place(y, z));
}

void PackedRow::scatter(std::int64_t y, std::int64_t z) {
  if (layout_.dimension == 2) return scatter_fields<32>(place(y, z));
  scatter_fields<8>(place(y, z));
}

}  // namespace weiss
