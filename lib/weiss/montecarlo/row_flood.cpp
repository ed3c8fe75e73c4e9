#include "weiss/montecarlo/row_flood.hpp"

namespace weiss {

namespace simd_portable {
extern const RowFloodKernel row_flood_kernel;
}
namespace simd_aes128 {
extern const RowFloodKernel row_flood_kernel;
}
namespace simd_vaes256 {
extern const RowFloodKernel row_flood_kernel;
}
namespace simd_avx512 {
extern const RowFloodKernel row_flood_kernel;
}

const RowFloodKernel& row_flood_kernel([[maybe_unused]] SimdTarget target) {
#if defined(__x86_64__)
  switch (target) {
    case SimdTarget::portable:
      break;
    case SimdTarget::aes128:
      return simd_aes128::row_flood_kernel;
    case SimdTarget::vaes256:
      return simd_vaes256::row_flood_kernel;
    case SimdTarget::avx512:
      return simd_avx512::row_flood_kernel;
  }
#endif
  return simd_portable::row_flood_kernel;
}

}  // namespace weiss
