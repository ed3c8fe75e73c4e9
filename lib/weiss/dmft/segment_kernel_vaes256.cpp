// The segment kernels for the target vaes256.
#define WEISS_SIMD_NAMESPACE simd_vaes256
#define WEISS_PIECE_BYTES 32
#define WEISS_AES 1
#if defined(__x86_64__)
#include "weiss/dmft/segment_target.hpp"
#endif
