// Flooding for the target portable.
#define WEISS_SIMD_NAMESPACE simd_portable
#define WEISS_BIT_DEPOSIT 0
#include "weiss/montecarlo/row_flood_target.hpp"
