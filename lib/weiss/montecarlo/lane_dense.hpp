// Sums along the rows of a matrix of couplings, for groups of octets; rules of inclusion as
// weiss/rng/word512.hpp.
//
// The order of a sum: four neighbours in turn make a quad, ((s_0 J_0 + s_1 J_1) + s_2 J_2) + s_3 J_3; quad q
// goes to partial sum q mod 4. A quad has eight values and their opposites. They fill two 512-bit registers,
// made once for all octets, in which each lane looks up its own: three instructions for four couplings and
// eight configurations. What a lane looks for is kept beside the spins, four bits a quad: whether s_1, s_2,
// s_3 differ from s_0, and whether s_0 is down; a register holds the quads of a block for the lanes of an
// octet.
#pragma once

#include "weiss/montecarlo/lane_vector.hpp"

namespace weiss::WEISS_SIMD_NAMESPACE {

inline constexpr int dense_parts = 4;
inline constexpr int dense_block = 32;  // sites
inline constexpr int block_quads = dense_block / 4;

// Octets that share a quad's values.
inline constexpr int dense_group = WEISS_PIECE_BYTES == 64 ? 4 : 1;
inline constexpr int dense_pair = WEISS_PIECE_BYTES == 64 ? 2 : 1;

WEISS_INLINE Octet sum_of_parts(const Octet (&part)[dense_parts]) {
  Octet result;
  for (int k = 0; k < pieces; ++k)
    result.piece[k] = (part[0].piece[k] + part[1].piece[k]) + (part[2].piece[k] + part[3].piece[k]);
  return result;
}

#if WEISS_PIECE_BYTES == 64

// The register of a block of an octet.
WEISS_INLINE std::uint64_t* block_lanes(const LaneSpins& spins, std::int64_t octet, std::int64_t block) {
  return spins.quads[octet * (spins.stride / dense_block) + block].element;
}

WEISS_INLINE void make_quad(const LaneSpins& spins, std::int64_t octet, std::int64_t quad) {
  const std::uint8_t* bytes = spins.bytes + octet * spins.stride + 4 * quad;
  const auto lanes = [](unsigned bits) { return _pdep_u64(bits & 0xff, 0x0101010101010101); };
  const unsigned first = bytes[0];
  const std::uint64_t looks = lanes(first ^ bytes[1]) | lanes(first ^ bytes[2]) << 1 |
                              lanes(first ^ bytes[3]) << 2 | lanes(~first) << 3;
  std::uint64_t* to = block_lanes(spins, octet, quad / block_quads);
  const int position = static_cast<int>(4 * (quad % block_quads));
  const __m512i lanes_of_looks =
      _mm512_maskz_cvtepu8_epi64(0xff, _mm_cvtsi64_si128(static_cast<long long>(looks)));
  const Piece field = (Piece{} + 0xf) << position;
  store((load(to) & ~field) | ((Piece)lanes_of_looks << position), to);
}

inline void make_quads(const LaneSpins& spins) {
  for (std::int64_t octet = 0; octet < spins.octets; ++octet)
    for (std::int64_t quad = 0; quad < spins.stride / 4; ++quad) make_quad(spins, octet, quad);
}

// The eight values of a quad with s_0 up.
WEISS_INLINE __m512d quad_values(const double* row) {
  const __m512d second = _mm512_set_pd(-1, 1, -1, 1, -1, 1, -1, 1);
  const __m512d third = _mm512_set_pd(-1, -1, 1, 1, -1, -1, 1, 1);
  const __m512d fourth = _mm512_set_pd(-1, -1, -1, -1, 1, 1, 1, 1);
  __m512d values = _mm512_fmadd_pd(_mm512_set1_pd(row[1]), second, _mm512_set1_pd(row[0]));
  values = _mm512_fmadd_pd(_mm512_set1_pd(row[2]), third, values);
  return _mm512_fmadd_pd(_mm512_set1_pd(row[3]), fourth, values);
}

template <int group, int q>
WEISS_INLINE void add_quads(const double* row, const __m512i (&block)[group],
                            Octet (&part)[group][dense_parts]) {
  const __m512d values = quad_values(row + 4 * q);
  const __m512d negative = _mm512_xor_pd(values, _mm512_set1_pd(-0.0));
  for (int g = 0; g < group; ++g)
    part[g][q % dense_parts].piece[0] +=
        (Real)_mm512_permutex2var_pd(values, (__m512i)((Piece)block[g] >> (4 * q)), negative);
  if constexpr (q + 1 < block_quads) add_quads<group, q + 1>(row, block, part);
}

// Blocks first_block ... of the row of `site`, for the octets octet ... octet + group - 1.
template <int group>
WEISS_INLINE void sum_row(const LaneSpins& spins, const LaneCouplings& couplings, std::int64_t octet,
                          std::int64_t site, std::int64_t first_block, Octet* sum) {
  const double* row = couplings.rows + site * couplings.row_stride;
  Octet part[group][dense_parts];
  for (auto& of_octet : part)
    for (Octet& each : of_octet) each = octet_of(0);
  for (std::int64_t b = first_block; b < couplings.row_stride / dense_block; ++b) {
    __m512i block[group];
    for (int g = 0; g < group; ++g) block[g] = _mm512_loadu_si512(block_lanes(spins, octet + g, b));
    add_quads<group, 0>(row + b * dense_block, block, part);
  }
  for (int g = 0; g < group; ++g) sum[g] = sum_of_parts(part[g]);
}

#else

WEISS_INLINE void make_quad(const LaneSpins&, std::int64_t, std::int64_t) {}
inline void make_quads(const LaneSpins&) {}

template <int group>
WEISS_INLINE void sum_row(const LaneSpins& spins, const LaneCouplings& couplings, std::int64_t octet,
                          std::int64_t site, std::int64_t first_block, Octet* sum) {
  static_assert(group == 1);
  const double* row = couplings.rows + site * couplings.row_stride;
  const std::uint8_t* bytes = spins.bytes + octet * spins.stride;
  Octet part[dense_parts];
  for (Octet& each : part) each = octet_of(0);
  for (std::int64_t j = first_block * dense_block; j < couplings.row_stride; j += dense_block)
    for (int q = 0; q < block_quads; ++q) {
      Octet quad = octet_of(0);
      for (int m = 0; m < 4; ++m) add_signed(quad, row[j + 4 * q + m], bytes[j + 4 * q + m]);
      for (int k = 0; k < pieces; ++k) part[q % dense_parts].piece[k] += quad.piece[k];
    }
  sum[0] = sum_of_parts(part);
}

#endif

// f(octet) with octets in groups of dense_group, dense_pair and one; f is a template on the group.
WEISS_INLINE void for_dense_groups(std::int64_t octets, const auto& f) {
  std::int64_t octet = 0;
  for (; octet + dense_group <= octets; octet += dense_group) f.template operator()<dense_group>(octet);
  for (; octet + dense_pair <= octets; octet += dense_pair) f.template operator()<dense_pair>(octet);
  for (; octet < octets; ++octet) f.template operator()<1>(octet);
}

// E = -sum_i s_i (sum_{j > i} J_ij s_j + h_i): the later sites of i's own block in turn, then the other
// blocks.
inline void dense_energies(const LaneSpins& spins, const LaneCouplings& couplings, double* energy) {
  make_quads(spins);
  for (std::int64_t octet = 0; octet < spins.octets; ++octet) store_octet(octet_of(0), energy + 8 * octet);
  for (std::int64_t site = 0; site < spins.sites; ++site) {
    const double* row = couplings.rows + site * couplings.row_stride;
    const std::int64_t next_block = site / dense_block + 1;
    for_dense_groups(spins.octets, [&]<int group>(std::int64_t octet) {
      Octet sum[group];
      sum_row<group>(spins, couplings, octet, site, next_block, sum);
      for (int g = 0; g < group; ++g) {
        const std::uint8_t* bytes = spins.bytes + (octet + g) * spins.stride;
        Octet near = octet_of(couplings.field[site]);
        for (std::int64_t j = site + 1; j < next_block * dense_block; ++j) add_signed(near, row[j], bytes[j]);
        Octet total = load_octet(energy + 8 * (octet + g));
        subtract_signed(total, near, sum[g], bytes[site]);
        store_octet(total, energy + 8 * (octet + g));
      }
    });
  }
}

}  // namespace weiss::WEISS_SIMD_NAMESPACE
