// The random numbers of octets: element c of octet o at site i is bits(step, i, draw 8 o + c) of the stream,
// blocks 4 o ... 4 o + 3 of index i. Rules of inclusion as weiss/rng/word512.hpp.
//
// As in word512_ars.hpp the first round is shared by all blocks of a site: block numbers are the lowest 16
// bits of the counter's high half, bytes 8 and 9, whose other bits are zero there; so what they add to the
// state after the first round depends on the key and the number alone.
#pragma once

#include "weiss/montecarlo/lane_vector.hpp"
#include "weiss/rng/word512_ars.hpp"

namespace weiss::WEISS_SIMD_NAMESPACE {

#if WEISS_AES

inline void octet_differences(const ArsKey& key, std::uint64_t first_octet, std::int64_t octets,
                              LaneLine* out) {
  Block128 key0;
  __builtin_memcpy(static_cast<void*>(&key0), static_cast<const void*>(&key), sizeof(key0));
  const Piece origin = aes_round(spread(key0), Piece{});
  for (std::uint64_t block = 0; block < 4 * static_cast<std::uint64_t>(octets); ++block) {
    const Piece state = spread(Block128{key0.low, key0.high ^ (4 * first_octet + block)});
    const Piece difference = aes_round(state, Piece{}) ^ origin;
    __builtin_memcpy(out[block / 4].element + 2 * (block % 4), &difference, 16);
  }
}

class OctetSource {
 public:
  WEISS_INLINE explicit OctetSource(const LaneSweep& sweep)
      : differences_(sweep.differences), step_(sweep.step << 16) {
    Block128 round_keys[ars_rounds + 1];
    __builtin_memcpy(static_cast<void*>(round_keys), static_cast<const void*>(sweep.key), sizeof(round_keys));
    for (int r = 0; r <= ars_rounds; ++r) key_[r] = spread(round_keys[r]);
  }
  WEISS_INLINE void set_site(std::int64_t site) {
    first_round_ = aes_round(spread(Block128{static_cast<std::uint64_t>(site), step_}) ^ key_[0], key_[1]);
  }
  WEISS_INLINE void draw(std::int64_t octet, std::uint64_t* out) const {
    for (int k = 0; k < pieces; ++k) {
      Piece state = load(differences_[octet].element + k * piece_elements) ^ first_round_;
      for (int r = 2; r < ars_rounds; ++r) state = aes_round(state, key_[r]);
      store(aes_last(state, key_[ars_rounds]), out + k * piece_elements);
    }
  }

 private:
  const LaneLine* differences_;
  std::uint64_t step_;
  Piece key_[ars_rounds + 1];
  Piece first_round_;
};

#else

inline void octet_differences(const ArsKey&, std::uint64_t, std::int64_t, LaneLine*) {}

class OctetSource {
 public:
  explicit OctetSource(const LaneSweep& sweep) : sweep_(&sweep) {}
  void set_site(std::int64_t site) { site_ = static_cast<std::uint64_t>(site); }
  void draw(std::int64_t octet, std::uint64_t* out) const {
    const std::uint64_t first = 4 * (sweep_->first_octet + static_cast<std::uint64_t>(octet));
    for (std::uint64_t k = 0; k < 4; ++k) {
      const Block128 block = ars_portable({site_, sweep_->step << 16 | (first + k)}, *sweep_->key);
      out[2 * k] = block.low;
      out[2 * k + 1] = block.high;
    }
  }

 private:
  const LaneSweep* sweep_;
  std::uint64_t site_ = 0;
};

#endif

// Estimates of log(1/u - 1), the 2 beta |h| below which u is under 1 / (1 + exp(2 beta |h|)), in single
// precision: from 31 bits of u, log on [1, 2] by its minimax polynomial of degree 5 (error 9e-6). For u < 1/2
// the error is below 5e-5; for u > 1/2 the sign is right wherever the value is beyond the error. The lowest
// u have no estimate.
inline constexpr std::int32_t logit_lowest = 1 << 15;

#if WEISS_PIECE_BYTES == 64
inline constexpr int single_elements = 16;
#else
inline constexpr int single_elements = WEISS_PIECE_BYTES / 4;
#endif
typedef float Single __attribute__((vector_size(4 * single_elements)));
typedef std::int32_t Integer __attribute__((vector_size(4 * single_elements)));

WEISS_INLINE Single logit_of(Integer top) {
  const Single u = (__builtin_convertvector(top, Single) + 0.5f) * 0x1p-31f;
  const Integer odds = (Integer)(1.0f / u - 1.0f);
  const Single exponent = __builtin_convertvector((odds >> 23) - 127, Single);
  const Single m = (Single)((odds & 0x7fffff) | 0x3f800000);
  const Single square = m * m;
  const Single log = ((0.0311040164f * m - 0.288739945f) * square + (1.13062617f * m - 2.4612221f)) * square +
                     ((3.52930499f * m - 1.94106444f) + exponent * 0.693147181f);
  return (Single)((Integer)log | (Integer)(top < logit_lowest));
}

// The upper 31 bits of single_elements numbers.
WEISS_INLINE Integer top_bits(const std::uint64_t* bits) {
  constexpr int half = single_elements / 2;
  typedef std::int32_t Halves __attribute__((vector_size(4 * single_elements)));
  Halves low, high;
  __builtin_memcpy(&low, bits, sizeof(low));
  __builtin_memcpy(&high, bits + half, sizeof(high));
#if WEISS_PIECE_BYTES == 64
  const __m512i odd = _mm512_set_epi32(31, 29, 27, 25, 23, 21, 19, 17, 15, 13, 11, 9, 7, 5, 3, 1);
  const Integer upper = (Integer)_mm512_permutex2var_epi32((__m512i)low, odd, (__m512i)high);
#elif WEISS_PIECE_BYTES == 32
  const __m256 both = _mm256_shuffle_ps((__m256)low, (__m256)high, 0xdd);
  const Integer upper = (Integer)_mm256_permute4x64_epi64((__m256i)both, 0xd8);
#else
  const Integer upper{low[1], low[3], high[1], high[3]};
#endif
  typedef std::uint32_t Unsigned __attribute__((vector_size(4 * single_elements)));
  return (Integer)((Unsigned)upper >> 1);
}

// Part i of an estimate in double.
WEISS_INLINE Real widened(Single single, int i) {
#if WEISS_PIECE_BYTES == 64
  __m256 half;
  __builtin_memcpy(&half, reinterpret_cast<const char*>(&single) + 32 * i, sizeof(half));
  return (Real)_mm512_maskz_cvtps_pd(0xff, half);
#elif WEISS_PIECE_BYTES == 32
  const __m256 all = (__m256)single;
  return (Real)_mm256_cvtps_pd(i == 0 ? _mm256_castps256_ps128(all) : _mm256_extractf128_ps(all, 1));
#elif WEISS_AES
  const __m128 all = (__m128)single;
  return (Real)_mm_cvtps_pd(i == 0 ? all : _mm_movehl_ps(all, all));
#else
  return Real{single[2 * i], single[2 * i + 1]};
#endif
}

// Sixteen estimates times the scale of their lane, for two octets of numbers one after the other.
WEISS_INLINE void estimate_thresholds(const std::uint64_t* bits, const double* scale, double* out) {
  for (int k = 0; k < 16; k += single_elements) {
    const Single single = logit_of(top_bits(bits + k));
    for (int i = 0; i < 2; ++i) {
      const int at = k + i * piece_elements;
      Real factor;
      __builtin_memcpy(&factor, scale + at % 8, sizeof(factor));
      const Real threshold = widened(single, i) * factor;
      __builtin_memcpy(out + at, &threshold, sizeof(threshold));
    }
  }
}

}  // namespace weiss::WEISS_SIMD_NAMESPACE
