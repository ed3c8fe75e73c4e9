#include "weiss/montecarlo/packed_kernel.hpp"

namespace weiss {

namespace simd_portable {
extern const PackedKernel packed_kernel;
}
namespace simd_aes128 {
extern const PackedKernel packed_kernel;
}
namespace simd_vaes256 {
extern const PackedKernel packed_kernel;
}
namespace simd_avx512 {
extern const PackedKernel packed_kernel;
}

const PackedKernel& packed_kernel([[maybe_unused]] SimdTarget target) {
#if defined(__x86_64__)
  switch (target) {
    case SimdTarget::portable:
      break;
    case SimdTarget::aes128:
      return simd_aes128::packed_kernel;
    case SimdTarget::vaes256:
      return simd_vaes256::packed_kernel;
    case SimdTarget::avx512:
      return simd_avx512::packed_kernel;
  }
#endif
  return simd_portable::packed_kernel;
}

}  // namespace weiss
