// A configuration of the segment picture, and what it is worth, computed from scratch: plain code that checks
// what the kernels keep step by step.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "weiss/dmft/segment_problem.hpp"

namespace weiss {

// One flavour's line; times in units of beta / 2^32.
struct SegmentTimes {
  std::vector<std::uint32_t> start, end;  // in any order; empty: the line is empty, or
  bool full = false;                      // occupied throughout
};
using SegmentConfiguration = std::vector<SegmentTimes>;

// Error(bad_file) unless starts and ends alternate around the circle.
void check(const SegmentConfiguration& configuration);

// Occupied times [first, last) within [0, 2^32], in order.
struct TimeInterval {
  std::int64_t first, last;
};
std::vector<TimeInterval> occupied_intervals(const SegmentTimes& line);
std::int64_t occupied_time(const SegmentTimes& line);
std::int64_t overlap(const SegmentTimes& a, const SegmentTimes& b);
bool occupied_before_origin(const SegmentTimes& line);

// Delta(start - end) from the cubics of hybridization_cubics, antiperiodic.
double hybridization_at(std::span<const double> cubics, std::uint32_t end, std::uint32_t start);

struct SegmentWeight {
  double logarithm;  // of the modulus, without the measure d tau ...
  int sign;
};
// The determinant's factor of a line's weight, times in order.
SegmentWeight determinant_weight(std::span<const double> cubics, const SegmentTimes& line);
// sum_a mu_a length_a - sum_{a<b} U_ab overlap_ab, and with a retarded interaction all that it adds.
double local_exponent(const SegmentProblem& problem, const SegmentConfiguration& configuration);

}  // namespace weiss
