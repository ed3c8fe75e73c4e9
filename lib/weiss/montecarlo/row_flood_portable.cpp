// Folding and flooding for the target portable.
#define WEISS_SIMD_NAMESPACE simd_portable
#define WEISS_PIECE_BYTES 16
#define WEISS_AES 0
#define WEISS_BIT_DEPOSIT 0
#include "weiss/montecarlo/row_flood_target.hpp"
