#include "weiss/montecarlo/packed_glass_kernel.hpp"

namespace weiss {

namespace simd_portable {
extern const PackedGlassKernel packed_glass_kernel;
}
namespace simd_aes128 {
extern const PackedGlassKernel packed_glass_kernel;
}
namespace simd_vaes256 {
extern const PackedGlassKernel packed_glass_kernel;
}
namespace simd_avx512 {
extern const PackedGlassKernel packed_glass_kernel;
}

const PackedGlassKernel& packed_glass_kernel([[maybe_unused]] SimdTarget target) {
#if defined(__x86_64__)
  switch (target) {
    case SimdTarget::portable:
      break;
    case SimdTarget::aes128:
      return simd_aes128::packed_glass_kernel;
    case SimdTarget::vaes256:
      return simd_vaes256::packed_glass_kernel;
    case SimdTarget::avx512:
      return simd_avx512::packed_glass_kernel;
  }
#endif
  return simd_portable::packed_glass_kernel;
}

}  // namespace weiss
