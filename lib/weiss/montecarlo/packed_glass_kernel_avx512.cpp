// The packed +-J kernels for the target avx512.
#define WEISS_SIMD_NAMESPACE simd_avx512
#define WEISS_PIECE_BYTES 64
#define WEISS_AES 1
#if defined(__x86_64__)
#include "weiss/montecarlo/packed_glass_target.hpp"
#endif
