// The segment kernels for the target avx512.
// g++ 12 takes the undefined upper halves of its own intrinsics for variables never set (GCC bug 105593).
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC diagnostic ignored "-Wuninitialized"
#define WEISS_SIMD_NAMESPACE simd_avx512
#define WEISS_PIECE_BYTES 64
#define WEISS_AES 1
#if defined(__x86_64__)
#include "weiss/dmft/segment_target.hpp"
#endif
