// The local updates of the segment picture for one target: P. Werner, A. Comanac, L. de' Medici, M. Troyer,
// A. J. Millis, Phys. Rev. Lett. 97, 076405 (2006). The weight of a configuration is
//   prod_a |det Delta_a| x exp(sum_a mu_a length_a - sum_{a<b} U_ab overlap_ab) d tau ... ,
// with a retarded interaction times that of segment_problem.hpp.
//
// A uniform time t decides what is inserted: a segment that starts there when the line is empty at t, an
// antisegment (a hole, from an end to a start) when it is occupied; its length is uniform up to the next
// operator. Removal picks one of the `order` segments and `order` antisegments, so that
//   A(insert) = |det'/det| beta reach / (2 order') x exp(...), and A(remove) the inverse.
// A shift moves one operator uniformly between its neighbours. The matrix Delta^-1 gains or loses a row and a
// column, or changes one, by one product of vectors. Rules of inclusion as weiss/rng/word512.hpp.
#pragma once

#include "weiss/dmft/segment_vector.hpp"

namespace weiss::WEISS_SIMD_NAMESPACE {

// The random numbers of one update.
struct SegmentDraw {
  std::uint32_t time;    // or which operator
  std::uint32_t second;  // length, or position between neighbours
  double uniform;
  int kind;  // of 128
  bool removes;
  int flavour;
};

WEISS_INLINE SegmentDraw draw_of(const std::uint64_t* bits, int flavours) {
  SegmentDraw draw;
  draw.time = static_cast<std::uint32_t>(bits[0] >> 32);
  draw.second = static_cast<std::uint32_t>(bits[0]);
  draw.uniform = static_cast<double>(static_cast<std::int64_t>(bits[1] >> 11)) * 0x1p-53;
  draw.kind = static_cast<int>(bits[1] & 127);
  draw.removes = (bits[1] >> 7 & 1) != 0;
  draw.flavour = static_cast<int>((bits[1] >> 8 & 7) * static_cast<std::uint64_t>(flavours) >> 3);
  return draw;
}

// Uniform in 0 .. n - 1, n at most 2^32.
WEISS_INLINE std::uint32_t below(std::uint32_t bits, std::uint64_t n) {
  return static_cast<std::uint32_t>(bits * n >> 32);
}

// What a proposal would do to occupation: fill (1) or empty (-1) [from, from + length) of line a.
struct OccupationChange {
  int flavour;
  int fills;
  std::uint32_t from;
  std::uint32_t length;
  std::uint32_t overlap[segment_flavours];
};

// K at a distance in time.
WEISS_INLINE double screening_at(const double* cubics, std::uint32_t distance) {
  const double x =
      static_cast<double>(distance & ((1U << fraction_bits) - 1)) * (1.0 / (1U << fraction_bits));
  const double* c = cubics + 4 * (distance >> fraction_bits);
  return c[0] + x * (c[1] + x * (c[2] + x * c[3]));
}

// Change of 1/2 sum s_i s_j K(t_i - t_j): filling [from, to) adds a charge 1 at `from` and -1 at `to`,
// emptying the opposite ones; an operator that is removed meets its opposite.
WEISS_INLINE double retarded_exponent(const SegmentState& state, const OccupationChange& change) {
  const double* cubics = state.screening;
  const std::uint32_t to = change.from + change.length;
  double x = 0;
  for (int b = 0; b < state.flavours; ++b) {
    const SegmentLine& line = state.line[b];
    for (int i = 0; i < line.order; ++i)
      x += screening_at(cubics, change.from - line.start[i]) - screening_at(cubics, to - line.start[i]) -
           screening_at(cubics, change.from - line.end[i]) + screening_at(cubics, to - line.end[i]);
  }
  return change.fills * x - screening_at(cubics, change.length);
}

// Logarithm of the change of the weight's exponential; notes the overlaps.
template <int flavours>
WEISS_INLINE double exponent(const SegmentState& state, OccupationChange& change) {
  const SegmentLine& line = state.line[change.flavour];
  double x = line.level * static_cast<double>(change.length);
  const auto interact = [&](int b) {
    change.overlap[b] = occupied_within(state.line[b], change.from, change.length);
    x -= line.interaction[b] * static_cast<double>(change.overlap[b]);
  };
  if (flavours == 2) {
    interact(1 - change.flavour);
  } else {
    for (int b = 0; b < state.flavours; ++b)
      if (b != change.flavour) interact(b);
  }
  if constexpr (flavours < 0) return change.fills * x + retarded_exponent(state, change);
  return change.fills * x;
}

// Adds factor times everything that is summed, as it is now.
inline void add_to_sums(SegmentState& state, std::int64_t factor) {
  SegmentSums& sums = state.sums;
  sums.sign += factor;
  for (int a = 0; a < state.flavours; ++a) {
    const SegmentLine& line = state.line[a];
    sums.length[a] += factor * line.length;
    for (int b = 0; b < state.flavours; ++b) sums.overlap[a][b] += factor * line.overlap[b];
    sums.order[a] += factor * line.order;
    sums.histogram[a][line.order < segment_histogram ? line.order : segment_histogram - 1] += factor;
  }
}

WEISS_INLINE std::int64_t& histogram_entry(SegmentState& state, int a, int order) {
  return state.sums.histogram[a][order < segment_histogram ? order : segment_histogram - 1];
}

// An accepted change: lengths, overlaps, order and sign of the state, and the sums over the rest of the
// period, which change by what the state does.
template <int flavours>
WEISS_INLINE void record(SegmentState& state, const OccupationChange& change, int order_change, bool negative,
                         std::int64_t remaining) {
  const int a = change.flavour;
  SegmentLine& line = state.line[a];
  std::int64_t weight = state.sign * remaining;
  if (negative) {
    add_to_sums(state, -weight);
    weight = 0;
  }
  const std::int64_t length = change.fills * static_cast<std::int64_t>(change.length);
  line.length += length;
  state.sums.length[a] += weight * length;
  const auto add_overlap = [&](int b) {
    const std::int64_t overlap = change.fills * static_cast<std::int64_t>(change.overlap[b]);
    line.overlap[b] += overlap;
    state.sums.overlap[a][b] += weight * overlap;
  };
  if (flavours == 2) {
    add_overlap(1 - a);
  } else {
    for (int b = 0; b < state.flavours; ++b)
      if (b != a) add_overlap(b);
  }
  if (order_change != 0) {
    histogram_entry(state, a, line.order) -= weight;
    line.order += order_change;
    histogram_entry(state, a, line.order) += weight;
    state.sums.order[a] += weight * order_change;
  }
  if (negative) {
    state.sign = -state.sign;
    add_to_sums(state, state.sign * remaining);
  }
}

// The inverse with one more row and column of Delta, state.row and state.column; state.left is the inverse
// times that column, ratio that of the determinants.
WEISS_INLINE void append_slot(SegmentState& state, SegmentLine& line, double ratio) {
  const int k = line.order;
  const int width = real_pieces(k + 1);
  combine(line.inverse, line.capacity, k, width, state.row, state.right);
  const double inverse_ratio = 1 / ratio;
  state.left[k] = -1;
  state.right[k] = -1;
  for (int p = 0; p < width; ++p)
    store_vector(load_vector<Real>(state.right + p * real_lanes) * inverse_ratio,
                 state.right + p * real_lanes);
  add_product(line.inverse, line.capacity, k + 1, width, state.left, state.right);
  add_product(line.transpose, line.capacity, k + 1, width, state.right, state.left);
}

// True when there is no room for the insertion.
template <int flavours>
WEISS_INLINE bool insert(SegmentState& state, const SegmentDraw& draw, std::int64_t remaining) {
  SegmentLine& line = state.line[draw.flavour];
  const int k = line.order;
  if (k == line.capacity) return true;
  bool occupied = line.occupied_at_origin != 0;
  std::uint64_t reach = 1ULL << 32;
  if (k > 0) {
    const NextOperator next = next_operator(line, draw.time);
    occupied = next.is_end;
    reach = next.distance;
  }
  // Which of the two is random: arithmetic instead of branches.
  const int hole = static_cast<int>(occupied);
  const int move = insert_segment + hole;
  ++state.sums.proposed[move];
  reach = reach < state.window ? reach : state.window;
  // Times that coincide with an operator, or leave no room before the next.
  if (reach < 2) return false;
  OccupationChange change;
  change.flavour = draw.flavour;
  change.fills = 1 - 2 * hole;
  change.from = draw.time;
  change.length = 1 + below(draw.second, reach - 1);
  const std::uint32_t other = draw.time + change.length;
  const std::uint32_t swap = (draw.time ^ other) & (0U - static_cast<std::uint32_t>(hole));
  const std::uint32_t start = draw.time ^ swap;
  const std::uint32_t end = other ^ swap;
  const double x = exponent<flavours>(state, change);

  const int width = real_pieces(k + 1);
  hybridization_column(line, start, state.column);
  hybridization_row(line, end, state.row);
  combine(line.transpose, line.capacity, k, width, state.column, state.left);
  const double ratio = hybridization_between(line.hybridization, end, start) - dot(state.row, state.left, k);
  const double magnitude = ratio < 0 ? -ratio : ratio;
  if (!(draw.uniform * (2 * (k + 1)) <
        magnitude * (state.time_measure * static_cast<double>(reach)) * segment_exp(x)))
    return false;

  ++state.sums.accepted[move];
  append_slot(state, line, ratio);
  line.start[k] = start;
  line.end[k] = end;
  line.occupied_at_origin += static_cast<int>(start > end) - hole;
  record<flavours>(state, change, 1, (ratio < 0) != (end < start), remaining);
  return false;
}

// rows -= factor x v for `count` rows, without row `row` and column `column`: the last ones take their place.
WEISS_INLINE void remove_product(double* rows, int stride, int count, const double* factor, const double* v,
                                 int row, int column) {
  const int last = count - 1;
  const int width = real_pieces(count);
  // The registers before the one that holds column `last` first: they read it.
  int p = 0;
  for (; p + 2 <= width; p += 2)
    subtract_product_block<2>(rows, stride, count, factor, v, p * real_lanes, column, last);
  if (p < width) subtract_product_block<1>(rows, stride, count, factor, v, p * real_lanes, column, last);
  double* vacated = rows + last * stride;
  for (int q = 0; q < width; ++q) {
    const Real moved = load_vector<Real>(vacated + q * real_lanes);
    store_vector(moved, rows + row * stride + q * real_lanes);
    store_vector(Real{}, vacated + q * real_lanes);
  }
}

// The inverse without end slot i and start slot j; ratio is its element there.
WEISS_INLINE void erase_slots(SegmentState& state, SegmentLine& line, int i, int j, double ratio) {
  const int k = line.order;
  const double inverse_ratio = 1 / ratio;
  const int width = real_pieces(k);
  const double* left = line.transpose + i * line.capacity;  // column i of the inverse
  const double* right = line.inverse + j * line.capacity;
  for (int p = 0; p < width; ++p) {
    store_vector(load_vector<Real>(left + p * real_lanes), state.left + p * real_lanes);
    store_vector(load_vector<Real>(right + p * real_lanes) * inverse_ratio, state.right + p * real_lanes);
  }
  remove_product(line.inverse, line.capacity, k, state.left, state.right, j, i);
  remove_product(line.transpose, line.capacity, k, state.right, state.left, i, j);
}

template <int flavours>
WEISS_INLINE void remove(SegmentState& state, const SegmentDraw& draw, std::int64_t remaining) {
  SegmentLine& line = state.line[draw.flavour];
  const int k = line.order;
  if (k == 0) return;
  const int picked = static_cast<int>(below(draw.time, static_cast<std::uint64_t>(2 * k)));
  const int hole = static_cast<int>(picked >= k);
  const std::uint32_t* lists[2] = {line.start, line.end};
  const std::uint32_t* from_list = lists[hole];
  const std::uint32_t* to_list = lists[1 - hole];
  const int from_slot = picked - hole * k;
  OccupationChange change;
  change.flavour = draw.flavour;
  change.fills = 2 * hole - 1;
  change.from = from_list[from_slot];
  change.length = distance_after(to_list, k, change.from);
  const std::uint32_t to = change.from + change.length;
  const int to_slot = slot_of(to_list, k, to);
  const int swap = (from_slot ^ to_slot) & -hole;
  const int j = from_slot ^ swap;  // start slot
  const int i = to_slot ^ swap;    // end slot
  std::uint64_t reach = std::uint64_t{distance_after(from_list, k, change.from + 1)} + 1;
  reach = reach < state.window ? reach : state.window;
  const int move = remove_segment + hole;
  ++state.sums.proposed[move];
  if (change.length >= reach) return;  // the window would not propose it
  const double x = exponent<flavours>(state, change);
  const double ratio = line.inverse[j * line.capacity + i];
  const double magnitude = ratio < 0 ? -ratio : ratio;
  if (!(draw.uniform * (state.time_measure * static_cast<double>(reach)) <
        magnitude * (2 * k) * segment_exp(x)))
    return;

  ++state.sums.accepted[move];
  const std::uint32_t start = line.start[j], end = line.end[i];
  erase_slots(state, line, i, j, ratio);
  line.start[j] = line.start[k - 1];
  line.end[i] = line.end[k - 1];
  line.start[k - 1] = 0;
  line.end[k - 1] = 0;
  line.occupied_at_origin += hole - static_cast<int>(start > end);
  record<flavours>(state, change, -1, (ratio < 0) != (end < start), remaining);
}

// The inverse, or its transpose, with state.column in place of what its row `slot` belongs to; other is the
// transpose.
WEISS_INLINE void replace_slot(SegmentState& state, double* matrix, double* other, int stride, int k,
                               int slot, double ratio) {
  const int width = real_pieces(k);
  combine(other, stride, k, width, state.column, state.left);
  const double inverse_ratio = 1 / ratio;
  state.left[slot] -= 1;
  for (int p = 0; p < width; ++p) {
    store_vector(-load_vector<Real>(state.left + p * real_lanes), state.left + p * real_lanes);
    store_vector(load_vector<Real>(matrix + slot * stride + p * real_lanes) * inverse_ratio,
                 state.right + p * real_lanes);
  }
  add_product(matrix, stride, k, width, state.left, state.right);
  add_product(other, stride, k, width, state.right, state.left);
}

template <int flavours>
WEISS_INLINE void shift(SegmentState& state, const SegmentDraw& draw, std::int64_t remaining) {
  SegmentLine& line = state.line[draw.flavour];
  const int k = line.order;
  if (k == 0) return;
  const int picked = static_cast<int>(below(draw.time, static_cast<std::uint64_t>(2 * k)));
  const bool moves_end = picked >= k;
  const int slot = moves_end ? picked - k : picked;
  std::uint32_t* moving = moves_end ? line.end : line.start;
  const std::uint32_t* fixed = moves_end ? line.start : line.end;
  const std::uint32_t old_time = moving[slot];
  const std::uint32_t back = distance_before(fixed, k, old_time);
  const std::uint32_t forth = distance_after(fixed, k, old_time);
  const std::uint32_t offset = 1 + below(draw.second, std::uint64_t{back} + forth - 1);
  const std::uint32_t new_time = old_time - back + offset;
  const SegmentMove move = moves_end ? shift_end : shift_start;
  ++state.sums.proposed[move];
  if (offset == back) return;
  const bool later = offset > back;
  OccupationChange change;
  change.flavour = draw.flavour;
  change.fills = later == moves_end ? 1 : -1;
  change.from = later ? old_time : new_time;
  change.length = later ? offset - back : back - offset;
  const double x = exponent<flavours>(state, change);
  // A start is a column of Delta and a row of its inverse; an end the same of the transposes.
  double* matrix = moves_end ? line.transpose : line.inverse;
  double* other = moves_end ? line.inverse : line.transpose;
  if (moves_end)
    hybridization_row(line, new_time, state.column);
  else
    hybridization_column(line, new_time, state.column);
  const double ratio = dot(matrix + slot * line.capacity, state.column, k);
  const double magnitude = ratio < 0 ? -ratio : ratio;
  if (!(draw.uniform < magnitude * segment_exp(x))) return;

  ++state.sums.accepted[move];
  replace_slot(state, matrix, other, line.capacity, k, slot, ratio);
  moving[slot] = new_time;
  // The operator at the other side of the segment tells whether that spans the origin, before and after.
  const std::uint32_t partner = moves_end ? old_time - back : old_time + forth;
  const bool spanned = moves_end ? partner > old_time : old_time > partner;
  const bool spans = moves_end ? partner > new_time : new_time > partner;
  line.occupied_at_origin += static_cast<int>(spans) - static_cast<int>(spanned);
  record<flavours>(state, change, 0, (ratio < 0) != (spans != spanned), remaining);
}

// flavours: two, known when compiled, 0 for any number, or -1 for any number with a retarded interaction.
template <int flavours>
WEISS_INLINE int update_some(SegmentState& state, const std::uint64_t* bits, int count,
                             std::int64_t remaining) {
  for (int n = 0; n < count; ++n, bits += 2, --remaining) {
    const SegmentDraw draw = draw_of(bits, flavours == 2 ? 2 : state.flavours);
    if (draw.kind < state.shift_weight) {
      shift<flavours>(state, draw, remaining);
    } else if (draw.removes) {
      remove<flavours>(state, draw, remaining);
    } else if (insert<flavours>(state, draw, remaining)) {
      return n;
    }
  }
  return count;
}

inline int update_segments(SegmentState& state, const std::uint64_t* bits, int count,
                           std::int64_t remaining) {
  if (state.screening != nullptr) return update_some<-1>(state, bits, count, remaining);
  return state.flavours == 2 ? update_some<2>(state, bits, count, remaining)
                             : update_some<0>(state, bits, count, remaining);
}

}  // namespace weiss::WEISS_SIMD_NAMESPACE
