// Lists of times and rows of doubles on the registers of one instruction set; rules of inclusion as
// weiss/rng/word512.hpp. Integers are exact, and every sum of doubles has one order whatever the registers:
// eight lanes side by side, then lanes 4 apart, 2 apart and 1 apart. So every target gives the same bits.
#pragma once

#include "weiss/dmft/segment_kernel.hpp"
#include "weiss/rng/elementary_constants.hpp"
#include "weiss/rng/word512.hpp"

namespace weiss::WEISS_SIMD_NAMESPACE {

typedef double Real __attribute__((vector_size(WEISS_PIECE_BYTES)));
typedef std::uint32_t Times __attribute__((vector_size(WEISS_PIECE_BYTES)));
// As many times as a register has doubles.
typedef std::uint32_t HalfTimes __attribute__((vector_size(WEISS_PIECE_BYTES / 2)));
typedef std::int32_t HalfIntegers __attribute__((vector_size(WEISS_PIECE_BYTES / 2)));
typedef std::int64_t Integers __attribute__((vector_size(WEISS_PIECE_BYTES)));

inline constexpr int time_lanes = WEISS_PIECE_BYTES / 4;
inline constexpr int real_lanes = WEISS_PIECE_BYTES / 8;

// Registers of a row; they hold a multiple of four numbers.
WEISS_INLINE int real_pieces(int count) {
  constexpr int step = real_lanes < 4 ? 4 : real_lanes;
  return (count + step - 1) / step * (step / real_lanes);
}

template <class Vector, class Element>
WEISS_INLINE Vector load_vector(const Element* from) {
  Vector result;
  __builtin_memcpy(&result, from, sizeof(Vector));
  return result;
}
template <class Vector, class Element>
WEISS_INLINE void store_vector(const Vector& vector, Element* to) {
  __builtin_memcpy(to, &vector, sizeof(Vector));
}

WEISS_INLINE Times lesser(Times a, Times b) {
#if WEISS_PIECE_BYTES == 64
  return (Times)_mm512_min_epu32((__m512i)a, (__m512i)b);
#elif WEISS_PIECE_BYTES == 32
  return (Times)_mm256_min_epu32((__m256i)a, (__m256i)b);
#elif WEISS_AES
  return (Times)_mm_min_epu32((__m128i)a, (__m128i)b);
#else
  return a < b ? a : b;
#endif
}

WEISS_INLINE std::uint32_t least_of(Times x) {
#if WEISS_PIECE_BYTES == 64
  return _mm512_reduce_min_epu32((__m512i)x);
#else
  std::uint32_t result = x[0];
  for (int i = 1; i < time_lanes; ++i) result = x[i] < result ? x[i] : result;
  return result;
#endif
}

WEISS_INLINE std::uint32_t total_of(Times x) {
#if WEISS_PIECE_BYTES == 64
  // The reduction of the compiler's headers is of signed integers, which must not overflow.
  typedef std::uint32_t Quarter __attribute__((vector_size(16)));
  const HalfTimes half =
      (HalfTimes)_mm512_castsi512_si256((__m512i)x) + (HalfTimes)_mm512_extracti64x4_epi64((__m512i)x, 1);
  const Quarter quarter =
      (Quarter)_mm256_castsi256_si128((__m256i)half) + (Quarter)_mm256_extracti128_si256((__m256i)half, 1);
  const Quarter pair = quarter + (Quarter)_mm_shuffle_epi32((__m128i)quarter, 0x4e);
  return pair[0] + pair[1];
#else
  std::uint32_t result = x[0];
  for (int i = 1; i < time_lanes; ++i) result += x[i];
  return result;
#endif
}

#if WEISS_PIECE_BYTES != 64
// All ones in the lanes whose slot, the lane's number plus first, is not below count.
WEISS_INLINE Times beyond(int first, int count) {
  Times lane;
  for (int i = 0; i < time_lanes; ++i) lane[i] = static_cast<std::uint32_t>(i);
  return (Times)(lane + static_cast<std::uint32_t>(first) >= static_cast<std::uint32_t>(count));
}
#endif

// The least f(time) over the first `count` slots; 2^32 - 1 without one.
template <class Function>
WEISS_INLINE std::uint32_t least_over(const std::uint32_t* times, int count, Function f) {
  Times least = ~Times{};
  for (int i = 0; i < count; i += time_lanes) {
    const Times value = f(load_vector<Times>(times + i));
#if WEISS_PIECE_BYTES == 64
    const auto used = static_cast<__mmask16>(_bzhi_u32(0xffff, static_cast<unsigned>(count - i)));
    least = (Times)_mm512_mask_min_epu32((__m512i)least, used, (__m512i)least, (__m512i)value);
#else
    least = lesser(least, value | beyond(i, count));
#endif
  }
  return least_of(least);
}

// From t forwards to the nearest of the times, and backwards.
WEISS_INLINE std::uint32_t distance_after(const std::uint32_t* times, int count, std::uint32_t t) {
  return least_over(times, count, [t](Times x) { return x - t; });
}
WEISS_INLINE std::uint32_t distance_before(const std::uint32_t* times, int count, std::uint32_t t) {
  return least_over(times, count, [t](Times x) { return t - x; });
}

// The next operator after t: how far, and whether it is an end, which says that the line is occupied at t.
struct NextOperator {
  std::uint32_t distance;
  bool is_end;
};

WEISS_INLINE NextOperator next_operator(const SegmentLine& line, std::uint32_t t) {
#if WEISS_PIECE_BYTES == 64
  __m512i to_start = _mm512_set1_epi32(-1), to_end = to_start;
  const __m512i time = _mm512_set1_epi32(static_cast<int>(t));
  for (int i = 0; i < line.order; i += time_lanes) {
    const auto used = static_cast<__mmask16>(_bzhi_u32(0xffff, static_cast<unsigned>(line.order - i)));
    const __m512i start = (__m512i)load_vector<Times>(line.start + i);
    const __m512i end = (__m512i)load_vector<Times>(line.end + i);
    to_start = _mm512_mask_min_epu32(to_start, used, to_start, _mm512_sub_epi32(start, time));
    to_end = _mm512_mask_min_epu32(to_end, used, to_end, _mm512_sub_epi32(end, time));
  }
  const std::uint32_t least = _mm512_reduce_min_epu32(_mm512_min_epu32(to_start, to_end));
  return {least, _mm512_cmpeq_epi32_mask(to_end, _mm512_set1_epi32(static_cast<int>(least))) != 0};
#else
  const std::uint32_t to_start = distance_after(line.start, line.order, t);
  const std::uint32_t to_end = distance_after(line.end, line.order, t);
  return to_end < to_start ? NextOperator{to_end, true} : NextOperator{to_start, false};
#endif
}

// The first slot that holds this time; one does.
WEISS_INLINE int slot_of(const std::uint32_t* times, int count, std::uint32_t time) {
#if WEISS_PIECE_BYTES == 64
  for (int i = 0;; i += time_lanes) {
    const unsigned equal =
        _mm512_cmpeq_epi32_mask((__m512i)load_vector<Times>(times + i), _mm512_set1_epi32((int)time));
    if (equal != 0 || i + time_lanes >= count) return i + __builtin_ctz(equal | 0x10000);
  }
#else
  Times least = ~Times{};
  for (int i = 0; i < count; i += time_lanes) {
    Times lane;
    for (int l = 0; l < time_lanes; ++l) lane[l] = static_cast<std::uint32_t>(i + l);
    least = lesser(least, lane | (Times)(load_vector<Times>(times + i) != time));
  }
  return static_cast<int>(least_of(least));
#endif
}

// Occupied time of the line in [t, t + length): occupation before t, plus what each start adds, less what
// each end takes. Free slots hold equal times and cancel.
WEISS_INLINE std::uint32_t occupied_within(const SegmentLine& line, std::uint32_t t, std::uint32_t length) {
  Times sum = {};
  std::uint32_t before = static_cast<std::uint32_t>(line.occupied_at_origin);
#if WEISS_PIECE_BYTES == 64
  for (int i = 0; i < line.order; i += time_lanes) {
    const Times start = load_vector<Times>(line.start + i), end = load_vector<Times>(line.end + i);
    sum += lesser(end - t, Times{} + length) - lesser(start - t, Times{} + length);
    const __m512i time = _mm512_set1_epi32(static_cast<int>(t));
    before += static_cast<std::uint32_t>(__builtin_popcount(_mm512_cmplt_epu32_mask((__m512i)start, time)) -
                                         __builtin_popcount(_mm512_cmplt_epu32_mask((__m512i)end, time)));
  }
#else
  Times count = {};
  for (int i = 0; i < line.order; i += time_lanes) {
    const Times start = load_vector<Times>(line.start + i), end = load_vector<Times>(line.end + i);
    sum += lesser(end - t, Times{} + length) - lesser(start - t, Times{} + length);
    count += (Times)(end < t) - (Times)(start < t);
  }
  before += total_of(count);
#endif
  return before * length + total_of(sum);
}

// The rows' coefficients 0 .. 3 of each lane, gathered from four doubles an index.
struct Cubic {
  Real c[4];
};

WEISS_INLINE Cubic gather_cubics(const double* table, HalfTimes interval) {
  Cubic result;
#if WEISS_PIECE_BYTES == 64
  const auto row = [&](int lane) { return _mm256_loadu_pd(table + 4 * interval[lane]); };
  const auto pair = [&](int a, int b) {
    return _mm512_insertf64x4(_mm512_castpd256_pd512(row(a)), row(b), 1);
  };
  const __m512d a = pair(0, 2), b = pair(1, 3), c = pair(4, 6), d = pair(5, 7);
  const __m512d low = _mm512_unpacklo_pd(a, b), high = _mm512_unpackhi_pd(a, b);
  const __m512d low2 = _mm512_unpacklo_pd(c, d), high2 = _mm512_unpackhi_pd(c, d);
  result.c[0] = (Real)_mm512_shuffle_f64x2(low, low2, 0x88);
  result.c[1] = (Real)_mm512_shuffle_f64x2(high, high2, 0x88);
  result.c[2] = (Real)_mm512_shuffle_f64x2(low, low2, 0xdd);
  result.c[3] = (Real)_mm512_shuffle_f64x2(high, high2, 0xdd);
#elif WEISS_PIECE_BYTES == 32
  const auto row = [&](int lane) { return _mm256_loadu_pd(table + 4 * interval[lane]); };
  const __m256d a = row(0), b = row(1), c = row(2), d = row(3);
  const __m256d low = _mm256_unpacklo_pd(a, b), high = _mm256_unpackhi_pd(a, b);
  const __m256d low2 = _mm256_unpacklo_pd(c, d), high2 = _mm256_unpackhi_pd(c, d);
  result.c[0] = (Real)_mm256_permute2f128_pd(low, low2, 0x20);
  result.c[1] = (Real)_mm256_permute2f128_pd(high, high2, 0x20);
  result.c[2] = (Real)_mm256_permute2f128_pd(low, low2, 0x31);
  result.c[3] = (Real)_mm256_permute2f128_pd(high, high2, 0x31);
#else
  const double* first = table + 4 * interval[0];
  const double* second = table + 4 * interval[1];
  for (int power = 0; power < 4; ++power) result.c[power] = Real{first[power], second[power]};
#endif
  return result;
}

inline constexpr int fraction_bits = 22;
static_assert(hybridization_intervals == 1 << (32 - fraction_bits));

// Delta(-distance) for distances in (0, beta), negated where `negative` has all bits set.
WEISS_INLINE Real hybridization(const double* table, HalfTimes distance, HalfIntegers negative) {
  const Cubic cubic = gather_cubics(table, distance >> fraction_bits);
  const HalfIntegers low = (HalfIntegers)(distance & ((1U << fraction_bits) - 1));
  const Real x = __builtin_convertvector(low, Real) * (1.0 / (1U << fraction_bits));
  const Real value = (cubic.c[0] + x * cubic.c[1]) + (x * x) * (cubic.c[2] + x * cubic.c[3]);
  const Integers flip = __builtin_convertvector(negative, Integers) << 63;
  return (Real)((Integers)value ^ flip);
}

WEISS_INLINE double hybridization_between(const double* table, std::uint32_t end, std::uint32_t start) {
  const std::uint32_t distance = end - start;
  const double* c = table + 4 * (distance >> fraction_bits);
  const double x =
      static_cast<double>(distance & ((1U << fraction_bits) - 1)) * (1.0 / (1U << fraction_bits));
  const double value = (c[0] + x * c[1]) + (x * x) * (c[2] + x * c[3]);
  return end < start ? -value : value;
}

// out_i = Delta(start - end_i) over end slots; lanes past them are finite and of no meaning.
WEISS_INLINE void hybridization_column(const SegmentLine& line, std::uint32_t start, double* out) {
  for (int i = 0; i < line.order; i += real_lanes) {
    const HalfTimes end = load_vector<HalfTimes>(line.end + i);
    store_vector(hybridization(line.hybridization, end - start, (HalfIntegers)(end < start)), out + i);
  }
}
// out_j = Delta(start_j - end) over start slots.
WEISS_INLINE void hybridization_row(const SegmentLine& line, std::uint32_t end, double* out) {
  for (int j = 0; j < line.order; j += real_lanes) {
    const HalfTimes start = load_vector<HalfTimes>(line.start + j);
    store_vector(hybridization(line.hybridization, end - start, (HalfIntegers)(end < start)), out + j);
  }
}

// Sum over eight lanes in the order that all targets share.
WEISS_INLINE double sum_of_lanes(const Real (&lane)[pieces]) {
#if WEISS_PIECE_BYTES == 64
  const __m512d x = (__m512d)lane[0];
  const __m256d half = _mm256_add_pd(_mm512_castpd512_pd256(x), _mm512_extractf64x4_pd(x, 1));
  const __m128d pair = _mm_add_pd(_mm256_castpd256_pd128(half), _mm256_extractf128_pd(half, 1));
  return pair[0] + pair[1];
#elif WEISS_PIECE_BYTES == 32
  const Real half = lane[0] + lane[1];
  return (half[0] + half[2]) + (half[1] + half[3]);
#else
  const Real pair = (lane[0] + lane[2]) + (lane[1] + lane[3]);
  return pair[0] + pair[1];
#endif
}

WEISS_INLINE double dot(const double* a, const double* b, int count) {
  Real sum[pieces] = {};
  for (int i = 0; i < count; i += 8)
    for (int k = 0; k < pieces; ++k) {
      if (i + k * real_lanes >= count) break;
      sum[k] += load_vector<Real>(a + i + k * real_lanes) * load_vector<Real>(b + i + k * real_lanes);
    }
  return sum_of_lanes(sum);
}

// Rows come four at a time, whatever their number: trip counts that vary would cost more in mispredicted
// branches. Rows past `count` are zero, and so are factors where rows are written; others are finite.

// out = sum_i factor_i (row i), even and odd i apart; `width` registers of each row.
template <int width>
WEISS_INLINE void combine_block(const double* rows, int stride, int count, const double* factor,
                                double* out) {
  Real sum[4][width] = {};
  for (int i = 0; i < count; i += 4, rows += 4 * stride)
    for (int p = 0; p < width; ++p) {
      const double* row = rows + p * real_lanes;
      for (int k = 0; k < 4; ++k) sum[k][p] += factor[i + k] * load_vector<Real>(row + k * stride);
    }
  for (int p = 0; p < width; ++p)
    store_vector((sum[0][p] + sum[1][p]) + (sum[2][p] + sum[3][p]), out + p * real_lanes);
}

WEISS_INLINE void combine(const double* rows, int stride, int count, int width, const double* factor,
                          double* out) {
  int p = 0;
  for (; p + 2 <= width; p += 2)
    combine_block<2>(rows + p * real_lanes, stride, count, factor, out + p * real_lanes);
  if (p < width) combine_block<1>(rows + p * real_lanes, stride, count, factor, out + p * real_lanes);
}

// row i += factor_i v for `count` rows.
template <int width>
WEISS_INLINE void add_product_block(double* rows, int stride, int count, const double* factor,
                                    const double* v) {
  Real value[width];
  for (int p = 0; p < width; ++p) value[p] = load_vector<Real>(v + p * real_lanes);
  for (int first = 0; first < count; first += 4)
    for (int i = first; i < first + 4; ++i, rows += stride)
      for (int p = 0; p < width; ++p) {
        double* row = rows + p * real_lanes;
        store_vector(load_vector<Real>(row) + factor[i] * value[p], row);
      }
}

WEISS_INLINE void add_product(double* rows, int stride, int count, int width, const double* factor,
                              const double* v) {
  int p = 0;
  for (; p + 2 <= width; p += 2)
    add_product_block<2>(rows + p * real_lanes, stride, count, factor, v + p * real_lanes);
  if (p < width) add_product_block<1>(rows + p * real_lanes, stride, count, factor, v + p * real_lanes);
}

// row i -= factor_i v, with the number in column `last` moved to `column`.
template <int width>
WEISS_INLINE void subtract_product_block(double* rows, int stride, int count, const double* factor,
                                         const double* v, int first_column, int column, int last) {
  Real value[width];
  Integers is_column[width], is_kept[width];
  for (int p = 0; p < width; ++p) {
    value[p] = load_vector<Real>(v + first_column + p * real_lanes);
    Integers lane;
    for (int l = 0; l < real_lanes; ++l) lane[l] = first_column + p * real_lanes + l;
    is_column[p] = lane == column;
    is_kept[p] = lane != last;
  }
  const double last_value = v[last];
  for (int first = 0; first < count; first += 4)
    for (int i = first; i < first + 4; ++i, rows += stride) {
      const double moved = rows[last] - factor[i] * last_value;
      for (int p = 0; p < width; ++p) {
        double* row = rows + first_column + p * real_lanes;
        const Real next = load_vector<Real>(row) - factor[i] * value[p];
        const Real chosen = is_column[p] ? Real{} + moved : next;
        store_vector((Real)((Integers)chosen & is_kept[p]), row);
      }
    }
}

WEISS_INLINE void set_to_zero(double* row, int width) {
  for (int p = 0; p < width; ++p) store_vector(Real{}, row + p * real_lanes);
}

// portable_exp of weiss/rng, the same operations: 0 below -708, clipped above 700.
WEISS_INLINE double segment_exp(double x) {
  using namespace elementary;
  if (!(x >= exp_lowest)) return 0;
  if (x > 700) x = 700;
  const double shifted = x * inverse_ln2 + rounding;
  const double k = shifted - rounding;
  const double r = (x - k * ln2_high) - k * ln2_low;
  const double square = r * r;
  const double* c = exp_coefficient;
  const double fourth = square * square;
  const double low = (c[0] + r * c[1]) + square * (c[2] + r * c[3]);
  const double high = (c[4] + r * c[5]) + square * (c[6] + r * c[7]) + fourth * (c[8] + r * c[9]);
  const double power = 1.0 + (r + square * (low + fourth * high));
  std::uint64_t bits, scale;
  __builtin_memcpy(&bits, &power, 8);
  __builtin_memcpy(&scale, &shifted, 8);
  bits += scale << 52;
  double result;
  __builtin_memcpy(&result, &bits, 8);
  return result;
}

}  // namespace weiss::WEISS_SIMD_NAMESPACE
