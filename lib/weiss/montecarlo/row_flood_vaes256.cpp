// Flooding for the target vaes256.
#define WEISS_SIMD_NAMESPACE simd_vaes256
#define WEISS_BIT_DEPOSIT 1
#if defined(__x86_64__)
#include "weiss/montecarlo/row_flood_target.hpp"
#endif
