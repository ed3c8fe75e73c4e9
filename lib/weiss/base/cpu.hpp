// Which instruction set the vector kernels run on. Results never depend on it.
#pragma once

#include <string_view>

namespace weiss {

enum class SimdTarget {
  portable,  // plain 64-bit words, AES rounds by table
  aes128,    // 128-bit vectors, AES-NI
  vaes256,   // AVX2 and 256-bit AES
  avx512,    // AVX-512 (F, BW, DQ, VL) and 512-bit AES
};

std::string_view name(SimdTarget target);

// True when this CPU can run the target's kernels.
bool supported(SimdTarget target);

// The best supported target, or the one that the environment variable WEISS_SIMD names.
// Throws Error(bad_usage) when that is unknown or not supported here.
SimdTarget simd_target();

// The CPU's model name, for provenance.
std::string_view cpu_model();

}  // namespace weiss
