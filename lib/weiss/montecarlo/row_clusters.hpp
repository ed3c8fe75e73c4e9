// The clusters of active bonds on this rank's rows, one after another.
#pragma once

#include <cstdint>
#include <vector>

#include "weiss/montecarlo/row_bonds.hpp"
#include "weiss/montecarlo/row_flood.hpp"

namespace weiss {

class RowClusters {
 public:
  // The bonds must outlive this and stay where they are. Rows of the last plane join the first one's by the
  // bonds `ahead`: bonds that reach another rank must not be there.
  RowClusters(const RowField& field, const RowBonds& bonds, SimdTarget target);
  RowClusters(const RowClusters&) = delete;
  RowClusters& operator=(const RowClusters&) = delete;

  // Only these sites, words of them, are unvisited.
  void leave(const std::uint64_t* sites);
  // Sites of a word that no cluster holds yet.
  std::uint64_t unvisited(std::int64_t word) const { return unvisited_[static_cast<std::size_t>(word)]; }

  // Visits the cluster of an unvisited site; appends its parts to items.
  void grow(std::int64_t word, int bit, std::vector<FloodItem>& items);
  // The same with bonds drawn as words are reached: draw(direction, word) is asked for each that
  // is needed, more than once for some.
  template <class Draw>
  void grow(std::int64_t word, int bit, std::vector<FloodItem>& items, const Draw& draw) {
    flood_.ready = ready_.data();
    flood_.context = const_cast<Draw*>(&draw);
    flood_.prepare = [](void* context, int direction, std::uint32_t each) {
      (*static_cast<const Draw*>(context))(direction, each);
    };
    grow(word, bit, items);
    flood_.ready = nullptr;
  }
  // Forgets these parts of clusters, and that bonds of their words are drawn.
  void forget(const std::vector<FloodItem>& items);

  // Visits every cluster that is left; see RowFloodKernel.
  void toss(const RowFold& fold, FloodTotals& totals) { kernel_->toss(flood_, fold, totals); }

 private:
  const RowFloodKernel* kernel_;
  RowFlood flood_{};
  std::vector<std::uint64_t> unvisited_, waiting_, cluster_;
  std::vector<std::uint32_t> queue_, members_;
  std::vector<std::uint8_t> ready_;
};

}  // namespace weiss
