// Folding and flooding for the target aes128.
#define WEISS_SIMD_NAMESPACE simd_aes128
#define WEISS_PIECE_BYTES 16
#define WEISS_AES 1
#define WEISS_BIT_DEPOSIT 0
#if defined(__x86_64__)
#include "weiss/montecarlo/row_flood_target.hpp"
#endif
