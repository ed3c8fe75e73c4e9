// Clusters on the rows of a RowField, found by flooding: a word whose sites wait is visited, the runs that
// hold them are filled along x, and the sites at the other ends of their active bonds wait in turn. Words
// come off a queue, so that sites that wait in one word are visited together. Plain structures and function
// pointers, so that sources compiled for one target can include it.
#pragma once

#include <cstdint>

#include "weiss/base/cpu.hpp"
#include "weiss/montecarlo/row_fold.hpp"

namespace weiss {

// Sites of one word that a cluster holds.
struct FloodItem {
  std::uint32_t word;
  std::uint64_t sites;
};

// This rank's words, in site order; bit i of a word is its site i.
struct RowFlood {
  std::uint32_t words, words_a_row, words_a_plane;
  int dimension;                 // 2: a plane is a row
  const std::uint64_t* along_x;  // active bond from each site to the next along x
  const std::uint64_t* along_y;  // dimension 3 only
  const std::uint64_t* ahead;    // to the next plane; from the last plane to the first
  std::uint64_t* unvisited;
  std::uint64_t* waiting;    // sites to visit; a word with some is in the queue
  std::uint32_t* queue;      // a ring
  std::uint32_t queue_mask;  // its length - 1, a power of two above words
  std::uint32_t head, tail;  // head = tail: empty
  std::uint64_t* cluster;    // toss only: sites of the cluster at hand, 0 between clusters
  std::uint32_t* members;    // and words that hold some; room for all
  std::uint8_t* ready;       // null: bonds are drawn. Else: 1 for words whose bonds are drawn
  // Draws the bonds of a direction that belong to a word, if that is still to do.
  void (*prepare)(void* context, int direction, std::uint32_t word);
  void* context;
};

struct FloodTotals {
  __extension__ using Wide = unsigned __int128;
  std::int64_t clusters = 0, largest = 0;
  Wide sum_2 = 0, sum_4 = 0;  // of size^2, size^4
};

struct RowFloodKernel {
  // Visits words until none waits or the items are full; returns the number of items.
  std::int64_t (*grow)(RowFlood& flood, FloodItem* items, std::int64_t capacity);
  // See row_fold.hpp. Folds; adds to clusters_of[s] the clusters that are one site now and stand for s.
  void (*fold)(const RowFold& fold, std::int64_t* clusters_of);
  // Visits every cluster of unvisited sites and gives all its sites in fold.coin their sum modulo 2.
  void (*toss)(RowFlood& flood, const RowFold& fold, FloodTotals& totals);
  // Gives folded sites the coin of the site that they were folded into.
  void (*unfold)(const RowFold& fold);
};

const RowFloodKernel& row_flood_kernel(SimdTarget target);

}  // namespace weiss
