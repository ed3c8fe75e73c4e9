#include "weiss/dmft/segment_kernel.hpp"

namespace weiss {

namespace simd_portable {
extern const SegmentKernel segment_kernel;
}
namespace simd_aes128 {
extern const SegmentKernel segment_kernel;
}
namespace simd_vaes256 {
extern const SegmentKernel segment_kernel;
}
namespace simd_avx512 {
extern const SegmentKernel segment_kernel;
}

const SegmentKernel& segment_kernel([[maybe_unused]] SimdTarget target) {
#if defined(__x86_64__)
  switch (target) {
    case SimdTarget::portable:
      break;
    case SimdTarget::aes128:
      return simd_aes128::segment_kernel;
    case SimdTarget::vaes256:
      return simd_vaes256::segment_kernel;
    case SimdTarget::avx512:
      return simd_avx512::segment_kernel;
  }
#endif
  return simd_portable::segment_kernel;
}

}  // namespace weiss
