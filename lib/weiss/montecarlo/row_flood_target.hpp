// The flooding for one instruction set. Include only from a source file that is compiled for one target and
// defines first WEISS_BIT_DEPOSIT (1 when the target has pdep and pext) and what word512.hpp asks for.
#pragma once

#include "weiss/montecarlo/row_flood.hpp"
#include "weiss/montecarlo/row_fold_target.hpp"

namespace weiss::WEISS_SIMD_NAMESPACE {

// All sites of the runs that hold a seed; bit i of joined joins sites i and i + 1.
inline std::uint64_t fill_runs(std::uint64_t seeds, std::uint64_t joined) {
  const std::uint64_t low = joined & ~(std::uint64_t{1} << 63);  // all but the last site of each run
  // A seed below the last site carries into it.
  const std::uint64_t sum = (seeds & low) + low;
  const std::uint64_t last = (sum | seeds) & ~low;  // last sites of the runs with a seed
#if WEISS_BIT_DEPOSIT
  const std::uint64_t first = __builtin_ia32_pdep_di(__builtin_ia32_pext_di(last, ~low), ~(low << 1));
  return (last << 1) - first;
#else
  std::uint64_t filled = last;
  std::uint64_t chain = low;
  for (int shift = 1; shift < 64; shift *= 2) {
    filled |= chain & (filled >> shift);
    chain &= chain >> shift;
  }
  return filled;
#endif
}

template <int dimension>
struct Flooding {
  explicit Flooding(const RowFlood& from)
      : flood(from), row_factor(factor(from.words_a_row)), plane_factor(factor(from.words_a_plane)) {}

  // Division by n of numbers below 2^31, n or less at a time, without a division.
  static std::uint64_t factor(std::uint32_t n) { return ((std::uint64_t{1} << 63) + n - 1) / n; }
  static std::uint32_t quotient(std::uint32_t a, std::uint64_t factor) {
    __extension__ using Wide = unsigned __int128;
    return static_cast<std::uint32_t>(static_cast<Wide>(std::uint64_t{a} * 2) * factor >> 64);
  }

  bool empty() const { return flood.head == flood.tail; }

  void add(std::uint32_t word, std::uint64_t sites) {
    const std::uint64_t fresh = sites & flood.unvisited[word];
    const std::uint64_t waiting = flood.waiting[word];
    flood.queue[flood.tail & flood.queue_mask] = word;
    flood.tail += static_cast<std::uint32_t>(static_cast<int>(fresh != 0) & static_cast<int>(waiting == 0));
    flood.waiting[word] = waiting | fresh;
  }

  std::uint32_t ahead(std::uint32_t w) const {
    return w + flood.words_a_plane < flood.words ? w + flood.words_a_plane
                                                 : w + flood.words_a_plane - flood.words;
  }
  std::uint32_t behind(std::uint32_t w) const {
    return w >= flood.words_a_plane ? w - flood.words_a_plane : w + flood.words - flood.words_a_plane;
  }
  std::uint32_t in_plane(std::uint32_t w) const {
    return w - flood.words_a_plane * quotient(w, plane_factor);
  }
  std::uint32_t north(std::uint32_t w, std::uint32_t in_plane) const {
    return in_plane + flood.words_a_row < flood.words_a_plane ? w + flood.words_a_row
                                                              : w + flood.words_a_row - flood.words_a_plane;
  }
  std::uint32_t south(std::uint32_t w, std::uint32_t in_plane) const {
    return in_plane >= flood.words_a_row ? w - flood.words_a_row
                                         : w + flood.words_a_plane - flood.words_a_row;
  }
  std::uint32_t in_row(std::uint32_t w) const { return w - flood.words_a_row * quotient(w, row_factor); }
  std::uint32_t right(std::uint32_t w, std::uint32_t x) const {
    return x + 1 < flood.words_a_row ? w + 1 : w + 1 - flood.words_a_row;
  }
  std::uint32_t left(std::uint32_t w, std::uint32_t x) const {
    return x > 0 ? w - 1 : w + flood.words_a_row - 1;
  }

  // Draws the bonds of a word's sites, both ways.
  void prepare(std::uint32_t w) {
    flood.prepare(flood.context, 0, w);
    flood.prepare(flood.context, 0, left(w, in_row(w)));
    if constexpr (dimension == 3) {
      flood.prepare(flood.context, 1, w);
      flood.prepare(flood.context, 1, south(w, in_plane(w)));
    }
    flood.prepare(flood.context, dimension - 1, w);
    flood.prepare(flood.context, dimension - 1, behind(w));
  }

  FloodItem visit() {
    const std::uint32_t w = flood.queue[flood.head++ & flood.queue_mask];
    if (flood.ready != nullptr && flood.ready[w] == 0) {
      prepare(w);
      flood.ready[w] = 1;
    }
    const std::uint64_t joined_x = flood.along_x[w];
    const std::uint64_t sites = fill_runs(flood.waiting[w], joined_x);
    flood.waiting[w] = 0;
    flood.unvisited[w] &= ~sites;
    add(ahead(w), sites & flood.ahead[w]);
    add(behind(w), sites & flood.ahead[behind(w)]);
    if constexpr (dimension == 3) {
      const std::uint32_t y = in_plane(w);
      add(north(w, y), sites & flood.along_y[w]);
      add(south(w, y), sites & flood.along_y[south(w, y)]);
    }
    if (((sites & 1) | (sites & joined_x) >> 63) != 0) {
      const std::uint32_t x = in_row(w);
      add(right(w, x), (sites & joined_x) >> 63);
      add(left(w, x), (sites << 63) & flood.along_x[left(w, x)]);
    }
    return {w, sites};
  }

  RowFlood flood;  // a copy, which no store to the arrays can alias
  std::uint64_t row_factor, plane_factor;
};

template <int dimension>
inline std::int64_t grow_clusters(RowFlood& flood, FloodItem* items, std::int64_t capacity) {
  Flooding<dimension> flooding(flood);
  std::int64_t count = 0;
  while (!flooding.empty() && count < capacity) items[count++] = flooding.visit();
  flood.head = flooding.flood.head;
  flood.tail = flooding.flood.tail;
  return count;
}

template <int dimension>
inline void toss_clusters(RowFlood& flood, const RowFold& fold, FloodTotals& totals) {
  Flooding<dimension> flooding(flood);
  for (std::uint32_t w = 0; w < flood.words; ++w)
    while (flood.unvisited[w] != 0) {
      flooding.add(w, flood.unvisited[w] & -flood.unvisited[w]);
      std::uint32_t members = 0;
      do {
        const FloodItem item = flooding.visit();
        flood.members[members] = item.word;
        members += static_cast<std::uint32_t>(flood.cluster[item.word] == 0);
        flood.cluster[item.word] |= item.sites;
      } while (!flooding.empty());
      std::int64_t size = 0;
      std::uint64_t coin = 0;
      for (std::uint32_t i = 0; i < members; ++i) {
        const FloodItem item{flood.members[i], flood.cluster[flood.members[i]]};
        size += fold_size(fold, item.word, item.sites);
        coin ^= fold.coin[item.word] & item.sites;
      }
      coin = 0 - static_cast<std::uint64_t>(__builtin_parityll(coin));
      for (std::uint32_t i = 0; i < members; ++i) {
        const std::uint32_t word = flood.members[i];
        fold.coin[word] = (fold.coin[word] & ~flood.cluster[word]) | (coin & flood.cluster[word]);
        flood.cluster[word] = 0;
      }
      const auto square = static_cast<FloodTotals::Wide>(size) * static_cast<FloodTotals::Wide>(size);
      ++totals.clusters;
      totals.largest = size > totals.largest ? size : totals.largest;
      totals.sum_2 += square;
      totals.sum_4 += square * square;
    }
}

inline std::int64_t grow(RowFlood& flood, FloodItem* items, std::int64_t capacity) {
  return flood.dimension == 2 ? grow_clusters<2>(flood, items, capacity)
                              : grow_clusters<3>(flood, items, capacity);
}

inline void toss(RowFlood& flood, const RowFold& fold, FloodTotals& totals) {
  if (flood.dimension == 2)
    toss_clusters<2>(flood, fold, totals);
  else
    toss_clusters<3>(flood, fold, totals);
}

extern const RowFloodKernel row_flood_kernel;
const RowFloodKernel row_flood_kernel{grow, fold_clusters, toss, unfold_clusters};

}  // namespace weiss::WEISS_SIMD_NAMESPACE
