// What the heat bath of disordered systems asks of one instruction set: plain structures and function
// pointers, no inline code, so that sources compiled for one target can include it.
//
// Eight configurations are an octet: bit c of the byte of (octet, site) is spin c up. A sum of signed
// couplings takes -J_e or +J_e from one bit, the exclusive or of the bits of p or p - 1 spins:
//   prod_{j in e, j != i} s_j = +1 where that bit is set for even p, clear for odd p,
// so a kernel is given J_e with the sign that belongs to a bit that is set.
#pragma once

#include <cstdint>

#include "weiss/base/cpu.hpp"
#include "weiss/rng/ars.hpp"

namespace weiss {

// |log(1/u - 1)| of a kernel is off by less than half of this; see lane_vector.hpp.
inline constexpr double lane_logit_margin = 0x1p-13;

// One register of the widest kind: eight 64-bit numbers, one a lane or not.
struct alignas(64) LaneLine {
  std::uint64_t element[8];
};

struct LaneSpins {
  std::uint8_t* bytes;  // octet o at bytes + o * stride, padded with bytes of no meaning
  std::int64_t stride;
  std::int64_t octets;
  std::int64_t sites;
  LaneLine* quads;  // stride / 32 an octet, for the kernel's own use with rows
};

// The couplings at each site, as lists or as the rows of a matrix.
struct LaneCouplings {
  const double* field;  // h_i of every site
  // Lists: entries first[i] ... first[i + 1] - 1 belong to site i, entry k has `partners` other spins.
  const std::int64_t* first;
  const std::int32_t* partner;
  const double* coupling;
  int partners;
  // Rows of row_stride couplings, a multiple of 32, zero on the diagonal and past the end; null: lists.
  const double* rows;
  std::int64_t row_stride;
};

// What the eight temperatures of an octet become: scale = 1 / (2 beta), margin = scale * lane_logit_margin.
struct alignas(64) LaneTemperatures {
  double beta[8];
  double scale[8];
  double margin[8];
};

struct LaneSweep {
  LaneSpins spins;
  LaneCouplings couplings;
  const LaneTemperatures* temperatures;  // one an octet
  const ArsKey* key;
  const LaneLine* differences;  // from LaneKernel::differences
  std::uint64_t step;
  std::uint64_t first_octet;  // number of the first octet in the whole task
  // The decision by its definition, for the few that the kernel's estimate leaves open.
  bool (*against)(double beta, double local_field, std::uint64_t bits);
};

struct LaneInteractions {
  const std::int32_t* members;
  const double* coupling;  // as for the lists of LaneCouplings
  std::int64_t interactions;
  int order;
  const double* field;  // null: none
};

struct LaneKernel {
  // What the first round of ARS adds for octet first_octet + o (lane_random.hpp).
  void (*differences)(const ArsKey& key, std::uint64_t first_octet, std::int64_t octets, LaneLine* out);
  void (*sweep)(const LaneSweep& sweep);
  // energy[8 o + c] of configuration c of octet o.
  void (*energies)(const LaneSpins& spins, const LaneInteractions& interactions, double* energy);
  void (*dense_energies)(const LaneSpins& spins, const LaneCouplings& couplings, double* energy);
  // The estimates of log(1/u - 1) for sixteen u = bits / 2^64; NaN where there is none.
  void (*logits)(const std::uint64_t* bits, double* out);
};

const LaneKernel& lane_kernel(SimdTarget target);

}  // namespace weiss
