// One Ising configuration on a periodic square or cubic lattice, a bit a spin (1 = up), in the brick layout
// of packed_layout.hpp, decomposed over ranks, with ghost words that hold the neighbours already in the
// reader's lanes.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "weiss/base/cpu.hpp"
#include "weiss/montecarlo/packed_kernel.hpp"
#include "weiss/montecarlo/packed_layout.hpp"
#include "weiss/montecarlo/spin_sums.hpp"
#include "weiss/parallel/box_halo.hpp"
#include "weiss/parallel/communicator.hpp"

namespace weiss {

class PackedField {
 public:
  static bool fits(LatticeKind kind, std::span<const std::int64_t> extents,
                   std::span<const Boundary> boundary) {
    return PackedLayout::fits(kind, extents, boundary);
  }

  // All spins down. grid: ranks along x, y(, z), at most communicator.size() in all; empty chooses. Ranks
  // beyond the grid own nothing and may call everything. Throws Error(bad_deck) for an illegal grid. The
  // communicator must outlive the field. Requires fits(...).
  PackedField(const Communicator& communicator, std::span<const std::int64_t> extents,
              std::span<const int> grid = {}, SimdTarget target = simd_target());

  const PackedLayout& layout() const { return layout_; }
  const ProcessGrid& grid() const { return grid_; }
  std::int64_t sites() const { return layout_.sites(); }  // of the whole lattice

  // Spins as bits in site order, bit i of a byte = site first + i, i from the lowest bit; first is a multiple
  // of 8. fill_bits ORs in the sites of this rank; load_bits takes them, and finish_load (collective) must
  // follow.
  void fill_bits(std::int64_t first, std::span<std::uint8_t> bytes) const;
  void load_bits(std::int64_t first, std::span<const std::uint8_t> bytes);
  void finish_load();

  // This rank's part; sum over ranks.
  SpinSums local_sums(bool with_slices) const;

  // For the kernels: this rank's words, and the ghosts of one colour after it changed. Along cut directions
  // other than x the exchange may start as soon as the boundary rows are done.
  const PackedBox& box() const { return box_; }
  bool empty() const { return box_.size[0] == 0; }
  bool cut(int axis) const { return grid_[static_cast<std::size_t>(axis)] > 1; }
  void start_refresh(int colour);
  void finish_refresh(int colour);

 private:
  struct Face;
  Face face(int axis, int colour, std::int64_t at) const;
  void send_faces(int axis, int colour);
  void receive_faces(int axis, int colour);
  void wrap_faces(int axis, int colour);

  struct alignas(64) Word {
    std::uint64_t element[8] = {};
  };

  const PackedKernel* kernel_;
  PackedLayout layout_;
  ProcessGrid grid_;
  PackedBox box_{};
  std::vector<Word> words_;
  std::unique_ptr<BoxHalo> halo_;
};

}  // namespace weiss
