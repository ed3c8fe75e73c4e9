// One Ising configuration on any lattice, a byte a spin (+1, -1), over the ranks of a LocalLattice.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "weiss/montecarlo/spin_sums.hpp"
#include "weiss/parallel/local_lattice.hpp"

namespace weiss {

class TableField {
 public:
  // All spins down. The lattice must outlive the field.
  explicit TableField(LocalLattice& local);

  LocalLattice& local() const { return *local_; }
  std::int64_t sites() const { return local_->lattice().sites(); }
  std::span<std::int8_t> spins() { return spins_; }  // owned, then ghosts
  std::span<const std::int8_t> spins() const { return spins_; }

  // See field_bits.hpp; finish_load is collective and refreshes the ghosts.
  void fill_bits(std::int64_t first, std::span<std::uint8_t> bytes) const;
  void load_bits(std::int64_t first, std::span<const std::uint8_t> bytes);
  void finish_load() { local_->exchange_all(std::span<std::int8_t>(spins_)); }

  SpinSums local_sums(bool with_slices) const;  // this rank's part

 private:
  LocalLattice* local_;
  std::vector<std::int8_t> spins_;
  std::vector<std::int64_t> ascending_;  // owned local indices in site order
};

}  // namespace weiss
