// The flooding for one instruction set. Include only from a source file that is compiled for one target and
// defines first WEISS_SIMD_NAMESPACE and WEISS_BIT_DEPOSIT (1 when the target has pdep and pext).
#pragma once

#include "weiss/montecarlo/row_flood.hpp"

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
  explicit Flooding(RowFlood& from)
      : flood(from),
        row_factor(factor(from.words_a_row)),
        plane_factor(factor(from.words_a_plane)),
        head(from.head),
        tail(from.tail) {}
  ~Flooding() {
    flood.head = head;
    flood.tail = tail;
  }
  Flooding(const Flooding&) = delete;
  Flooding& operator=(const Flooding&) = delete;

  // Division by n of numbers below 2^31, n or less at a time, without a division.
  static std::uint64_t factor(std::uint32_t n) { return ((std::uint64_t{1} << 63) + n - 1) / n; }
  static std::uint32_t quotient(std::uint32_t a, std::uint64_t factor) {
    __extension__ using Wide = unsigned __int128;
    return static_cast<std::uint32_t>(static_cast<Wide>(std::uint64_t{a} * 2) * factor >> 64);
  }

  bool empty() const { return head == tail; }

  void add(std::uint32_t word, std::uint64_t sites) {
    const std::uint64_t fresh = sites & flood.unvisited[word];
    const std::uint64_t waiting = flood.waiting[word];
    flood.queue[tail & flood.queue_mask] = word;
    tail += static_cast<std::uint32_t>(static_cast<int>(fresh != 0) & static_cast<int>(waiting == 0));
    flood.waiting[word] = waiting | fresh;
  }

  FloodItem visit() {
    const std::uint32_t w = flood.queue[head++ & flood.queue_mask];
    if (flood.ready != nullptr && flood.ready[w] == 0) flood.prepare(flood.context, w);
    const std::uint64_t joined = flood.along_x[w];
    const std::uint64_t sites = fill_runs(flood.waiting[w], joined);
    flood.waiting[w] = 0;
    flood.unvisited[w] &= ~sites;
    const std::uint32_t plane = flood.words_a_plane;
    const std::uint32_t ahead = w + plane < flood.words ? w + plane : w + plane - flood.words;
    const std::uint32_t behind = w >= plane ? w - plane : w + flood.words - plane;
    add(ahead, sites & flood.ahead[w]);
    add(behind, sites & flood.ahead[behind]);
    if constexpr (dimension == 3) {
      const std::uint32_t row = flood.words_a_row;
      const std::uint32_t in_plane = w - plane * quotient(w, plane_factor);
      const std::uint32_t north = in_plane + row < plane ? w + row : w + row - plane;
      const std::uint32_t south = in_plane >= row ? w - row : w + plane - row;
      add(north, sites & flood.along_y[w]);
      add(south, sites & flood.along_y[south]);
    }
    if (((sites & 1) | (sites & joined) >> 63) != 0) {
      const std::uint32_t row = flood.words_a_row;
      const std::uint32_t x = w - row * quotient(w, row_factor);
      const std::uint32_t right = x + 1 < row ? w + 1 : w + 1 - row;
      const std::uint32_t left = x > 0 ? w - 1 : w + row - 1;
      add(right, (sites & joined) >> 63);
      add(left, (sites << 63) & flood.along_x[left]);
    }
    return {w, sites};
  }

  RowFlood& flood;
  std::uint64_t row_factor, plane_factor;
  std::uint32_t head, tail;
};

template <int dimension>
inline std::int64_t grow_clusters(RowFlood& flood, FloodItem* items, std::int64_t capacity) {
  Flooding<dimension> flooding(flood);
  std::int64_t count = 0;
  while (!flooding.empty() && count < capacity) items[count++] = flooding.visit();
  return count;
}

template <int dimension>
inline void turn(RowFlood& flood, std::uint64_t* spins, const std::uint64_t* coins, FloodTotals& totals) {
  Flooding<dimension> flooding(flood);
  for (std::uint32_t w = 0; w < flood.words; ++w) {
    while (flood.unvisited[w] != 0) {
      const int site = __builtin_ctzll(flood.unvisited[w]);
      const std::uint64_t turned = 0 - (coins[w] >> site & 1);
      std::int64_t size = 0;
      flooding.add(w, std::uint64_t{1} << site);
      do {
        const FloodItem item = flooding.visit();
        spins[item.word] ^= item.sites & turned;
        size += __builtin_popcountll(item.sites);
      } while (!flooding.empty());
      const auto square = static_cast<FloodTotals::Wide>(size) * static_cast<FloodTotals::Wide>(size);
      ++totals.clusters;
      totals.largest = size > totals.largest ? size : totals.largest;
      totals.sum_2 += square;
      totals.sum_4 += square * square;
    }
  }
}

inline std::int64_t grow(RowFlood& flood, FloodItem* items, std::int64_t capacity) {
  return flood.dimension == 2 ? grow_clusters<2>(flood, items, capacity)
                              : grow_clusters<3>(flood, items, capacity);
}

inline void turn_clusters(RowFlood& flood, std::uint64_t* spins, const std::uint64_t* coins,
                          FloodTotals& totals) {
  if (flood.dimension == 2)
    turn<2>(flood, spins, coins, totals);
  else
    turn<3>(flood, spins, coins, totals);
}

extern const RowFloodKernel row_flood_kernel;
const RowFloodKernel row_flood_kernel{grow, turn_clusters};

}  // namespace weiss::WEISS_SIMD_NAMESPACE
