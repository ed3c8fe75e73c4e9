#include "weiss/montecarlo/packed_field.hpp"

#include <algorithm>
#include <string>

#include "weiss/base/error.hpp"
#include "weiss/montecarlo/packed_rows.hpp"

namespace weiss {

namespace {

ProcessGrid checked_grid(const PackedLayout& layout, std::span<const int> grid, int size) {
  if (grid.empty()) return choose_packed_grid(layout, size);
  ProcessGrid result{1, 1, 1};
  std::copy_n(grid.begin(), std::min<std::size_t>(grid.size(), 3), result.begin());
  if (grid.size() > static_cast<std::size_t>(layout.dimension) || !legal(layout, result) ||
      ranks(result) > size)
    throw Error(
        ExitCode::bad_deck,
        "process grid: no direction may have more ranks than the lattice has word positions (extent / 512 "
        "along x of a square lattice, extent / 16 along y; extent / 128 and extent / 8 for a cubic one), and "
        "all together not more than the ranks there are; leave the grid out to choose one");
  return result;
}

PackedBox make_box(const PackedLayout& layout, const PositionBox& part) {
  PackedBox box{};
  box.dimension = layout.dimension;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    box.size[axis] = part.size[axis];
    box.origin[axis] = part.origin[axis];
    box.positions[axis] = layout.positions[axis];
  }
  box.stride[0] = 8;
  box.stride[1] = box.stride[0] * (box.size[0] + 2);
  box.stride[2] = box.stride[1] * (box.size[1] + 2);
  return box;
}

std::size_t face_bytes(const PackedBox& box, int axis) {
  const std::int64_t inner = axis == 0 ? box.size[1] : box.size[0];
  const std::int64_t outer = axis == 2 ? box.size[1] : box.size[2];
  return static_cast<std::size_t>((inner + 1) / 2 * outer * 64);
}

LaneShift next(int axis) {
  return axis == 0 ? LaneShift::x_next : axis == 1 ? LaneShift::y_next : LaneShift::z_next;
}

LaneShift previous(int axis) {
  return axis == 0 ? LaneShift::x_previous : axis == 1 ? LaneShift::y_previous : LaneShift::z_previous;
}

}  // namespace

PackedField::PackedField(const Communicator& communicator, std::span<const std::int64_t> extents,
                         std::span<const int> grid, SimdTarget target)
    : kernel_(&packed_kernel(target)),
      layout_(extents),
      grid_(checked_grid(layout_, grid, communicator.size())),
      box_(make_box(layout_, packed_box(layout_, grid_, communicator.rank()))) {
  if (empty()) return;
  const std::int64_t planes = box_.dimension == 3 ? box_.size[2] + 2 : 1;
  words_.resize(static_cast<std::size_t>(planes * box_.stride[2] / 8));
  const std::int64_t corner = box_.stride[0] + box_.stride[1] + (box_.dimension == 3 ? box_.stride[2] : 0);
  box_.words = words_.data()->element + corner;
  if (ranks(grid_) > 1)
    halo_ = std::make_unique<BoxHalo>(
        communicator, grid_,
        std::array<std::size_t, 3>{face_bytes(box_, 0), face_bytes(box_, 1), face_bytes(box_, 2)});
}

// The face at position `at` along the axis: where it starts, its extents, and which of its words have the
// colour.
struct PackedField::Face {
  std::uint64_t* words;
  std::int64_t inner_stride, outer_stride, inner, outer;
  int parity;
  std::int64_t compact_row() const { return 8 * ((inner + 1) / 2); }
};

PackedField::Face PackedField::face(int axis, int colour, std::int64_t at) const {
  const int inner = axis == 0 ? 1 : 0;
  const int outer = axis == 2 ? 1 : 2;
  const std::int64_t parity = colour + box_.origin[0] + box_.origin[1] + box_.origin[2] + at;
  return {box_.words + at * box_.stride[axis],
          box_.stride[inner],
          box_.stride[outer],
          box_.size[inner],
          box_.size[outer],
          static_cast<int>(parity & 1)};
}

void PackedField::wrap_faces(int axis, int colour) {
  const std::int64_t last = box_.size[axis] - 1;
  const auto wrap = [&](std::int64_t from_at, std::int64_t to_at, LaneShift shift) {
    const Face from = face(axis, colour, from_at);
    const Face to = face(axis, colour, to_at);
    kernel_->copy_face({to.words, from.words, to.inner_stride, to.outer_stride, from.inner_stride,
                        from.outer_stride, false, false, to.inner, to.outer, to.parity, shift,
                        box_.dimension});
  };
  wrap(0, last + 1, next(axis));
  wrap(last, -1, previous(axis));
}

void PackedField::send_faces(int axis, int colour) {
  for (int side = 0; side < 2; ++side) {
    const Face from = face(axis, colour, side == 0 ? 0 : box_.size[axis] - 1);
    kernel_->copy_face({reinterpret_cast<std::uint64_t*>(halo_->outgoing(axis, side)), from.words, 8,
                        from.compact_row(), from.inner_stride, from.outer_stride, true, false, from.inner,
                        from.outer, from.parity, LaneShift::none, box_.dimension});
  }
  halo_->start(axis);
}

void PackedField::receive_faces(int axis, int colour) {
  halo_->finish(axis);
  for (int side = 0; side < 2; ++side) {
    const bool wraps =
        side == 0 ? box_.origin[axis] == 0 : box_.origin[axis] + box_.size[axis] == box_.positions[axis];
    const LaneShift shift = !wraps ? LaneShift::none : side == 0 ? previous(axis) : next(axis);
    const Face to = face(axis, colour, side == 0 ? -1 : box_.size[axis]);
    kernel_->copy_face({to.words, reinterpret_cast<const std::uint64_t*>(halo_->incoming(axis, side)),
                        to.inner_stride, to.outer_stride, 8, to.compact_row(), false, true, to.inner,
                        to.outer, to.parity, shift, box_.dimension});
  }
}

void PackedField::start_refresh(int colour) {
  for (int axis = 1; axis < box_.dimension; ++axis)
    if (cut(axis)) send_faces(axis, colour);
}

void PackedField::finish_refresh(int colour) {
  if (cut(0)) send_faces(0, colour);
  for (int axis = 0; axis < box_.dimension; ++axis)
    if (!cut(axis)) wrap_faces(axis, colour);
  for (int axis = 0; axis < box_.dimension; ++axis)
    if (cut(axis)) receive_faces(axis, colour);
}

void PackedField::finish_load() {
  if (empty()) return;
  for (int colour = 0; colour < 2; ++colour) {
    start_refresh(colour);
    finish_refresh(colour);
  }
}

void PackedField::fill_bits(std::int64_t first, std::span<std::uint8_t> bytes) const {
  PackedRow row(layout_, box_);
  row.for_each_in(first, bytes.size(),
                  [&](std::int64_t y, std::int64_t z, std::int64_t from, std::int64_t to) {
                    row.gather(y, z);
                    const std::int64_t start = row.first_site(y, z);
                    const std::uint8_t* source = row.bytes() + (from - start) / 8;
                    std::uint8_t* target = bytes.data() + (from - first) / 8;
                    for (std::int64_t i = 0; i < (to - from) / 8; ++i)
                      target[i] = static_cast<std::uint8_t>(target[i] | source[i]);
                  });
}

void PackedField::load_bits(std::int64_t first, std::span<const std::uint8_t> bytes) {
  PackedRow row(layout_, box_);
  row.for_each_in(
      first, bytes.size(), [&](std::int64_t y, std::int64_t z, std::int64_t from, std::int64_t to) {
        if (to - from < layout_.extents[0]) row.gather(y, z);
        const std::int64_t start = row.first_site(y, z);
        std::copy_n(bytes.data() + (from - first) / 8, (to - from) / 8, row.bytes() + (from - start) / 8);
        row.scatter(y, z);
      });
}

namespace {

// Words of a colour among the a x b words of a box that start at (a + b) even for base 0, odd for base 1.
std::int64_t words_of_colour(std::int64_t a, std::int64_t b, std::int64_t base, int colour) {
  return (a * b + (((base + colour) & 1) == 0 ? 1 : 0)) / 2;
}

struct SliceCounts {
  std::array<std::vector<std::int64_t>, 3> up;
};

// Turns counts of up spins by (position, colour, brick) into magnetisations: m = 2 up - sites.
void add_slices(const PackedLayout& layout, const PackedBox& box, int axis,
                const std::vector<std::int64_t>& up, SpinSums& sums) {
  const std::size_t a = static_cast<std::size_t>(axis);
  const int inner = axis == 0 ? 1 : 0;
  const int outer = axis == 2 ? 1 : 2;
  const std::int64_t lanes = 512 / layout.bricks[a];
  std::vector<std::int64_t>& total = sums.slice_magnetization[a];
  std::vector<std::int64_t>& staggered = sums.slice_staggered[a];
  for (std::int64_t p = box.origin[axis]; p < box.origin[axis] + box.size[axis]; ++p) {
    const std::int64_t base = p + box.origin[inner] + box.origin[outer];
    const std::int64_t sites[2] = {lanes * words_of_colour(box.size[inner], box.size[outer], base, 0),
                                   lanes * words_of_colour(box.size[inner], box.size[outer], base, 1)};
    for (std::int64_t brick = 0; brick < layout.bricks[a]; ++brick) {
      const std::size_t slice = static_cast<std::size_t>(brick * box.positions[axis] + p);
      const std::size_t counted = static_cast<std::size_t>(2 * p * layout.bricks[a] + brick);
      const std::int64_t even = 2 * up[counted] - sites[0];
      const std::int64_t odd = 2 * up[counted + static_cast<std::size_t>(layout.bricks[a])] - sites[1];
      total[slice] = even + odd;
      staggered[slice] = even - odd;
    }
  }
}

}  // namespace

SpinSums PackedField::local_sums(bool with_slices) const {
  const std::size_t dimension = static_cast<std::size_t>(layout_.dimension);
  SpinSums sums;
  sums.bond_sum.assign(dimension, 0);
  sums.magnetization = 0;
  sums.staggered = 0;
  PackedCounts counts{};
  SliceCounts slices;
  if (with_slices) {
    sums.slice_magnetization.resize(dimension);
    sums.slice_staggered.resize(dimension);
    for (std::size_t axis = 0; axis < dimension; ++axis) {
      const std::size_t length = static_cast<std::size_t>(layout_.extents[axis]);
      sums.slice_magnetization[axis].assign(length, 0);
      sums.slice_staggered[axis].assign(length, 0);
      slices.up[axis].assign(2 * length, 0);
      counts.slices[axis] = slices.up[axis].data();
    }
  }
  if (empty()) return sums;
  kernel_->count(box_, counts);
  const std::int64_t words = box_.size[0] * box_.size[1] * box_.size[2];
  for (std::size_t axis = 0; axis < dimension; ++axis)
    sums.bond_sum[axis] = 512 * words - 2 * counts.unequal[axis];
  const std::int64_t base = box_.origin[0] + box_.origin[1] + box_.origin[2];
  const std::int64_t even = 2 * counts.up[0] - 512 * words_of_colour(words, 1, base, 0);
  const std::int64_t odd = 2 * counts.up[1] - 512 * words_of_colour(words, 1, base, 1);
  sums.magnetization = even + odd;
  sums.staggered = even - odd;
  if (with_slices)
    for (int axis = 0; axis < layout_.dimension; ++axis)
      add_slices(layout_, box_, axis, slices.up[static_cast<std::size_t>(axis)], sums);
  return sums;
}

}  // namespace weiss
