// Rows of the lattice along x between the brick layout and site order. The bits of a row at fixed (y, z) are
// one field of every word of a row of positions; site order is the transposed bit matrix (position, brick).
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "weiss/montecarlo/packed_kernel.hpp"
#include "weiss/montecarlo/packed_layout.hpp"

namespace weiss {

class PackedRow {
 public:
  PackedRow(const PackedLayout& layout, const PackedBox& box);

  std::int64_t first_site(std::int64_t y, std::int64_t z) const {
    return layout_.extents[0] * (y + layout_.extents[1] * z);
  }

  // The row's bits in site order; sites of other ranks are 0 after gather and ignored by scatter.
  const std::uint8_t* bytes() const { return reinterpret_cast<const std::uint8_t*>(bits_.data()); }
  std::uint8_t* bytes() { return reinterpret_cast<std::uint8_t*>(bits_.data()); }
  void gather(std::int64_t y, std::int64_t z);
  void scatter(std::int64_t y, std::int64_t z);

  // f(y, z, from, to) for every row that this rank has sites of, [from, to) being its part of [first, first +
  // 8 n).
  template <class F>
  void for_each_in(std::int64_t first, std::size_t bytes, F&& f) const {
    const std::int64_t length = layout_.extents[0];
    const std::int64_t end = std::min(first + 8 * static_cast<std::int64_t>(bytes), layout_.sites());
    for (std::int64_t row = first / length; row * length < end; ++row) {
      const std::int64_t y = row % layout_.extents[1];
      const std::int64_t z = row / layout_.extents[1];
      if (owns(y, z)) f(y, z, std::max(first, row * length), std::min(end, (row + 1) * length));
    }
  }

 private:
  bool owns(std::int64_t y, std::int64_t z) const;
  struct Place {
    std::uint64_t* words;  // the element of the row's first word that holds the field
    int shift;
  };
  Place place(std::int64_t y, std::int64_t z) const;
  template <int width>
  void gather_fields(Place place);
  template <int width>
  void scatter_fields(Place place);

  PackedLayout layout_;
  PackedBox box_;
  std::vector<std::uint64_t> bits_;
};

}  // namespace weiss
