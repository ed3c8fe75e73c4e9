#include "weiss/montecarlo/lane_kernel.hpp"

namespace weiss {

namespace simd_portable {
extern const LaneKernel lane_kernel;
}
namespace simd_aes128 {
extern const LaneKernel lane_kernel;
}
namespace simd_vaes256 {
extern const LaneKernel lane_kernel;
}
namespace simd_avx512 {
extern const LaneKernel lane_kernel;
}

const LaneKernel& lane_kernel([[maybe_unused]] SimdTarget target) {
#if defined(__x86_64__)
  switch (target) {
    case SimdTarget::portable:
      break;
    case SimdTarget::aes128:
      return simd_aes128::lane_kernel;
    case SimdTarget::vaes256:
      return simd_vaes256::lane_kernel;
    case SimdTarget::avx512:
      return simd_avx512::lane_kernel;
  }
#endif
  return simd_portable::lane_kernel;
}

}  // namespace weiss
