// The segment kernels for the target portable.
#define WEISS_SIMD_NAMESPACE simd_portable
#define WEISS_PIECE_BYTES 16
#define WEISS_AES 0
#include "weiss/dmft/segment_target.hpp"
