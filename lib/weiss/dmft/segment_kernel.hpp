// What the segment-picture solver asks of one instruction set: plain structures and function pointers, no
// inline code, so that sources compiled for one target can include it.
//
// A line is the imaginary-time circle of one flavour (orbital and spin). Times are 32-bit integers, tau =
// beta t / 2^32: differences wrap without cost, lengths and overlaps are exact. A segment [start, end) is a
// time of occupation. Starts and ends lie in two unsorted lists of slots; those past `order` hold 0. Row i of
// the matrix Delta is end slot i, column j start slot j: Delta_ij = Delta(start_j - end_i), antiperiodic,
// and `inverse` = Delta^-1 (row: start slot, column: end slot) and its transpose are kept, zero past `order`.
#pragma once

#include <cstdint>

#include "weiss/base/cpu.hpp"

namespace weiss {

inline constexpr int segment_flavours = 8;     // at most
inline constexpr int segment_histogram = 512;  // orders told apart; higher ones count as the last
inline constexpr int hybridization_intervals = 1024;
inline constexpr int segment_moves = 6;
inline constexpr int density_points = 256;  // times at which occupations are correlated
inline constexpr int density_words = density_points / 64;
inline constexpr int density_frequencies = 16;  // bosonic Matsubara frequencies of density correlations
inline constexpr int phase_points = 1024;

enum SegmentMove {
  insert_segment,
  insert_antisegment,
  remove_segment,
  remove_antisegment,
  shift_start,
  shift_end,
};

struct SegmentLine {
  std::int32_t order;               // segments
  std::int32_t capacity;            // slots, an odd multiple of 8 (rows then spread over the cache's sets)
  std::int32_t occupied_at_origin;  // 1 when occupied just before time 0
  std::uint32_t* start;
  std::uint32_t* end;
  double* inverse;  // capacity x capacity
  double* transpose;
  const double* hybridization;           // cubics of Delta(-distance), from hybridization_cubics
  double level;                          // mu_a beta / 2^32
  double interaction[segment_flavours];  // U_ab beta / 2^32, 0 for b = a
  std::int64_t length;                   // occupied time
  // The overlap of a and b is overlap[b] of line a plus overlap[a] of line b.
  std::int64_t overlap[segment_flavours];
};

// Sums over updates of what the state is after each, times its sign.
struct SegmentSums {
  std::int64_t sign;
  std::int64_t length[segment_flavours];
  std::int64_t overlap[segment_flavours][segment_flavours];  // split as in SegmentLine
  std::int64_t order[segment_flavours];
  std::int64_t histogram[segment_flavours][segment_histogram];
  std::int64_t proposed[segment_moves];
  std::int64_t accepted[segment_moves];
};

struct SegmentState {
  std::int32_t flavours;
  std::int32_t sign;          // of the weight, 1 or -1
  std::int32_t shift_weight;  // of 128 updates these are shifts
  double beta;
  double time_measure;                                          // beta^2 / 2^32
  std::uint64_t window;                                         // insertions are shorter, at most 2^32
  double half_interaction[segment_flavours][segment_flavours];  // U_ab / 2
  const double* phase;                                          // cos and sin of 2 pi i / phase_points
  const double* screening;                                      // cubics of K, null where there is none
  double screening_slope;                                       // K'(0+)
  SegmentLine line[segment_flavours];
  // Room for one number a slot, each as long as the largest capacity.
  double* column;
  double* row;
  double* left;
  double* right;
  SegmentSums sums;
};

struct SegmentKernel {
  // Adds factor times the present state to the sums.
  void (*add_to_sums)(SegmentState& state, std::int64_t factor);
  // One update for each pair of 64-bit numbers: low = (time, second time), high = (uniform, flavour, kind).
  // remaining: updates of the period from the first of these on, which weighs its sums. Returns the updates
  // done: fewer than count when a line has no free slot for the next one.
  int (*update)(SegmentState& state, const std::uint64_t* bits, int count, std::int64_t remaining);
  // See segment_measure.hpp.
  void (*measure_green)(SegmentState& state, double* moments);
  void (*measure_densities)(SegmentState& state, std::int64_t* counts, double* products);
};

const SegmentKernel& segment_kernel(SimdTarget target);

}  // namespace weiss
