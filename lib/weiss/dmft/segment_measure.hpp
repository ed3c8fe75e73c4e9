// Measurements of the segment picture for one target; rules of inclusion as weiss/rng/word512.hpp.
//
// Every pair of an end and a start contributes to G_a(tau = end - start) = -(1/beta) sum M delta(tau - ...),
// and with the interaction energy that an electron there would have, I = sum_b U_ab n_b, to F_a = Sigma_a *
// G_a (H. Hafermann, K. R. Patton, P. Werner, Phys. Rev. B 85, 205106 (2012)). The mean of I at the end and I
// at the start serves: both are the equation of motion, of one operator or of the other. A retarded
// interaction adds -int B(tau - tau') n(tau') dtau' to I (H. Hafermann, Phys. Rev. B 89, 235128 (2014)).
#pragma once

#include "weiss/dmft/segment_vector.hpp"

namespace weiss::WEISS_SIMD_NAMESPACE {

// out_i = half of I, in units of energy, at each of the times of line a; lanes past them are finite.
WEISS_INLINE void half_interactions(const SegmentState& state, int a, const std::uint32_t* times,
                                    double* out) {
  const int count = state.line[a].order;
  for (int i = 0; i < count; i += time_lanes) {
    const Times time = load_vector<Times>(times + i);
    Real sum[2] = {};
    for (int b = 0; b < state.flavours; ++b) {
      if (b == a) continue;
      const SegmentLine& line = state.line[b];
      Times occupied = Times{} + static_cast<std::uint32_t>(line.occupied_at_origin);
      for (int j = 0; j < line.order; ++j) {
#if WEISS_PIECE_BYTES == 64
        const __m512i t = (__m512i)time, one = _mm512_set1_epi32(1);
        const __m512i start = _mm512_set1_epi32(static_cast<int>(line.start[j]));
        const __m512i end = _mm512_set1_epi32(static_cast<int>(line.end[j]));
        __m512i n = (__m512i)occupied;
        n = _mm512_mask_add_epi32(n, _mm512_cmplt_epu32_mask(start, t), n, one);
        n = _mm512_mask_sub_epi32(n, _mm512_cmplt_epu32_mask(end, t), n, one);
        occupied = (Times)n;
#else
        occupied += (Times)(line.end[j] < time) - (Times)(line.start[j] < time);
#endif
      }
      HalfIntegers half[2];
      __builtin_memcpy(half, &occupied, sizeof occupied);
      for (int h = 0; h < 2; ++h)
        sum[h] += state.half_interaction[a][b] * __builtin_convertvector(half[h], Real);
    }
    store_vector(sum[0], out + i);
    // Times come sixteen bytes at a time, rows of doubles may end before.
    if (i + real_lanes < count) store_vector(sum[1], out + i + real_lanes);
  }
}

// K' at a distance in time > 0, over that of cubics.
WEISS_INLINE double screening_slope_at(const double* cubics, std::uint32_t distance) {
  const double x =
      static_cast<double>(distance & ((1U << fraction_bits) - 1)) * (1.0 / (1U << fraction_bits));
  const double* c = cubics + 4 * (distance >> fraction_bits);
  return c[1] + x * (2 * c[2] + x * (3 * c[3]));
}

// out_i += half of the retarded part of I at operators of line a, but for what half_interaction knows: int B
// n is K'(t - end) - K'(t - start) summed over all other operators, 2 K'(0+) for each electron of another
// line, and K'(0+) for the operator itself.
WEISS_INLINE void add_retarded(const SegmentState& state, int count, const std::uint32_t* times,
                               double* out) {
  const double scale = hybridization_intervals / state.beta;
  for (int i = 0; i < count; ++i) {
    double sum = 0;
    for (int b = 0; b < state.flavours; ++b) {
      const SegmentLine& line = state.line[b];
      for (int j = 0; j < line.order; ++j) {
        if (line.start[j] != times[i]) sum += screening_slope_at(state.screening, times[i] - line.start[j]);
        if (line.end[j] != times[i]) sum -= screening_slope_at(state.screening, times[i] - line.end[j]);
      }
    }
    out[i] += (sum * scale - state.screening_slope) / 2;
  }
}

// The four moments of each lane to its bin: entries 4 bin .. 4 bin + 3. Lanes past the line's order hold
// zeros.
WEISS_INLINE void add_moments(double* moments, HalfTimes bin, const Real (&value)[4]) {
#if WEISS_PIECE_BYTES == 64
  const __m512d low = _mm512_unpacklo_pd((__m512d)value[0], (__m512d)value[1]);
  const __m512d high = _mm512_unpackhi_pd((__m512d)value[0], (__m512d)value[1]);
  const __m512d low2 = _mm512_unpacklo_pd((__m512d)value[2], (__m512d)value[3]);
  const __m512d high2 = _mm512_unpackhi_pd((__m512d)value[2], (__m512d)value[3]);
  // Two lanes each: numbers 0 and 4, 2 and 6, of the low parts, then the odd ones.
  const auto pair = [](__m512d first, __m512d second, bool upper) {
    const __m512i pick =
        upper ? _mm512_setr_epi64(2, 3, 10, 11, 6, 7, 14, 15) : _mm512_setr_epi64(0, 1, 8, 9, 4, 5, 12, 13);
    return _mm512_permutex2var_pd(first, pick, second);
  };
  const __m512d lanes04 = pair(low, low2, false), lanes26 = pair(low, low2, true);
  const __m512d lanes15 = pair(high, high2, false), lanes37 = pair(high, high2, true);
  const auto add = [&](int lane, __m256d quad) {
    double* entry = moments + 4 * bin[lane];
    _mm256_storeu_pd(entry, _mm256_add_pd(_mm256_loadu_pd(entry), quad));
  };
  add(0, _mm512_castpd512_pd256(lanes04));
  add(1, _mm512_castpd512_pd256(lanes15));
  add(2, _mm512_castpd512_pd256(lanes26));
  add(3, _mm512_castpd512_pd256(lanes37));
  add(4, _mm512_extractf64x4_pd(lanes04, 1));
  add(5, _mm512_extractf64x4_pd(lanes15, 1));
  add(6, _mm512_extractf64x4_pd(lanes26, 1));
  add(7, _mm512_extractf64x4_pd(lanes37, 1));
#elif WEISS_PIECE_BYTES == 32
  const __m256d low = _mm256_unpacklo_pd((__m256d)value[0], (__m256d)value[1]);
  const __m256d high = _mm256_unpackhi_pd((__m256d)value[0], (__m256d)value[1]);
  const __m256d low2 = _mm256_unpacklo_pd((__m256d)value[2], (__m256d)value[3]);
  const __m256d high2 = _mm256_unpackhi_pd((__m256d)value[2], (__m256d)value[3]);
  const auto add = [&](int lane, __m256d quad) {
    double* entry = moments + 4 * bin[lane];
    _mm256_storeu_pd(entry, _mm256_add_pd(_mm256_loadu_pd(entry), quad));
  };
  add(0, _mm256_permute2f128_pd(low, low2, 0x20));
  add(1, _mm256_permute2f128_pd(high, high2, 0x20));
  add(2, _mm256_permute2f128_pd(low, low2, 0x31));
  add(3, _mm256_permute2f128_pd(high, high2, 0x31));
#else
  for (int lane = 0; lane < 2; ++lane) {
    double* entry = moments + 4 * bin[lane];
    const Real first = {value[0][lane], value[1][lane]}, second = {value[2][lane], value[3][lane]};
    store_vector(load_vector<Real>(entry) + first, entry);
    store_vector(load_vector<Real>(entry + 2) + second, entry + 2);
  }
#endif
}

// Adds M, M x, M I, M I x of each pair to the bin of end - start, x in [-1/2, 1/2) its place there; times the
// sign. moments: flavours x hybridization_intervals x 4.
inline void measure_green(SegmentState& state, double* moments) {
  for (int a = 0; a < state.flavours; ++a, moments += 4 * hybridization_intervals) {
    const SegmentLine& line = state.line[a];
    const int k = line.order;
    half_interactions(state, a, line.start, state.row);
    half_interactions(state, a, line.end, state.column);
    if (state.screening != nullptr) {
      add_retarded(state, k, line.start, state.row);
      add_retarded(state, k, line.end, state.column);
    }
    const double sign = state.sign;
    for (int i = 0; i < k; ++i) {
      const std::uint32_t end = line.end[i];
      for (int j = 0; j < k; j += real_lanes) {
        const HalfTimes start = load_vector<HalfTimes>(line.start + j);
        const HalfTimes distance = end - start;
        const HalfIntegers low = (HalfIntegers)(distance & ((1U << fraction_bits) - 1));
        const Real x = __builtin_convertvector(low, Real) * (1.0 / (1U << fraction_bits)) - 0.5;
        const Integers flip = __builtin_convertvector((HalfIntegers)(end < start), Integers) << 63;
        const Real entry =
            (Real)((Integers)load_vector<Real>(line.transpose + i * line.capacity + j) ^ flip) * sign;
        const Real energy = load_vector<Real>(state.row + j) + state.column[i];
        const Real weighted = entry * energy;
        const Real value[4] = {entry, entry * x, weighted, weighted * x};
        add_moments(moments, distance >> fraction_bits, value);
      }
    }
  }
}

// Occupation at density_points times, as bits, and once more after them.
WEISS_INLINE void occupation_bits(const SegmentLine& line, std::uint64_t (&bits)[2 * density_words + 1]) {
  constexpr int shift = 24;
  static_assert(density_points == 1 << (32 - shift) && density_words == density_points / 64);
  std::uint64_t toggle[density_words + 1] = {};
  // A time of the grid that equals an operator's is after it: round up.
  const auto flip = [&](std::uint32_t time) {
    const std::uint64_t point = (std::uint64_t{time} + (1U << shift) - 1) >> shift;
    toggle[point / 64] ^= 1ULL << point % 64;
  };
  for (int i = 0; i < line.order; ++i) {
    flip(line.start[i]);
    flip(line.end[i]);
  }
  // Each bit becomes the parity of all toggles up to it.
  std::uint64_t before = line.occupied_at_origin != 0 ? ~0ULL : 0;
  for (int w = 0; w < density_words; ++w) {
    std::uint64_t parity = toggle[w];
    for (int s = 1; s < 64; s *= 2) parity ^= parity << s;
    bits[w] = bits[w + density_words] = parity ^ before;
    before = 0 - (bits[w] >> 63);
  }
  bits[2 * density_words] = bits[0];
}

struct Phase {
  double cosine, sine;
};

// exp(2 pi i t / 2^32): the nearest lower point of a table, turned by the rest, below 2 pi / 1024, by series.
WEISS_INLINE Phase phase_of(const double* table, std::uint32_t t) {
  constexpr int shift = 22;
  static_assert(phase_points == 1 << (32 - shift));
  const double d = static_cast<double>(t & ((1U << shift) - 1)) * 0x1.921fb54442d18p-30;
  const double square = d * d;
  const double cosine = 1.0 - square * (0.5 - square * (1.0 / 24));
  const double sine = d * (1.0 - square * (1.0 / 6 - square * (1.0 / 120)));
  const double* point = table + 2 * (t >> shift);
  return {point[0] * cosine - point[1] * sine, point[1] * cosine + point[0] * sine};
}

// sum over segments of exp(i v_m end) - exp(i v_m start) for m = 1 .. density_frequencies - 1.
WEISS_INLINE void density_amplitudes(const SegmentState& state, const SegmentLine& line,
                                     Phase (&out)[density_frequencies]) {
  for (Phase& sum : out) sum = {0, 0};
  const auto add = [&](std::uint32_t time, double weight) {
    const Phase first = phase_of(state.phase, time);
    Phase power = {weight, 0};
    for (int m = 1; m < density_frequencies; ++m) {
      power = {power.cosine * first.cosine - power.sine * first.sine,
               power.cosine * first.sine + power.sine * first.cosine};
      out[m].cosine += power.cosine;
      out[m].sine += power.sine;
    }
  };
  for (int i = 0; i < line.order; ++i) {
    add(line.end[i], 1);
    add(line.start[i], -1);
  }
}

// The density's component at v_m over beta is (1 / (2 pi i m)) sum (exp(i v_m end) - exp(i v_m start)), at m
// = 0 the mean density: products[a][b][m] += Re n_a n_b^*, flavours x flavours x density_frequencies, a >= b.
WEISS_INLINE void measure_products(const SegmentState& state, double* products) {
  Phase amplitude[segment_flavours][density_frequencies];
  const int n = state.flavours;
  const double sign = state.sign;
  for (int a = 0; a < n; ++a) density_amplitudes(state, state.line[a], amplitude[a]);
  for (int a = 0; a < n; ++a)
    for (int b = 0; b <= a; ++b) {
      double* product = products + (a * n + b) * density_frequencies;
      product[0] += sign * (static_cast<double>(state.line[a].length) * 0x1p-32) *
                    (static_cast<double>(state.line[b].length) * 0x1p-32);
      for (int m = 1; m < density_frequencies; ++m) {
        constexpr double inverse_square = 0x1.9f02f6222c72p-6;  // 1 / (2 pi)^2
        const double real =
            amplitude[a][m].cosine * amplitude[b][m].cosine + amplitude[a][m].sine * amplitude[b][m].sine;
        product[m] += sign * real * (inverse_square / (m * m));
      }
    }
}

// counts[a][b][r] += sum_t n_a(t + r) n_b(t) over the grid for a >= b, r = 0 .. density_points / 2, times the
// sign; and the products.
inline void measure_densities(SegmentState& state, std::int64_t* counts, double* products) {
  std::uint64_t bits[segment_flavours][2 * density_words + 1];
  const int n = state.flavours;
  measure_products(state, products);
  for (int a = 0; a < n; ++a) occupation_bits(state.line[a], bits[a]);
  for (int a = 0; a < n; ++a)
    for (int b = 0; b <= a; ++b) {
      std::int64_t* count = counts + (a * n + b) * (density_points / 2 + 1);
      for (int r = 0; r <= density_points / 2; ++r) {
        const std::uint64_t* from = bits[a] + r / 64;
        const int low = r % 64;
        int sum = 0;
        for (int w = 0; w < density_words; ++w) {
          const std::uint64_t shifted = from[w] >> low | (from[w + 1] << 1) << (63 - low);
          sum += __builtin_popcountll(shifted & bits[b][w]);
        }
        count[r] += state.sign * sum;
      }
    }
}

}  // namespace weiss::WEISS_SIMD_NAMESPACE
