// The segment kernels for the target aes128.
#define WEISS_SIMD_NAMESPACE simd_aes128
#define WEISS_PIECE_BYTES 16
#define WEISS_AES 1
#if defined(__x86_64__)
#include "weiss/dmft/segment_target.hpp"
#endif
