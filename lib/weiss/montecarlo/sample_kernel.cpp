#include "weiss/montecarlo/sample_kernel.hpp"

namespace weiss {

namespace simd_portable {
extern const SampleKernel sample_kernel;
}
namespace simd_aes128 {
extern const SampleKernel sample_kernel;
}
namespace simd_vaes256 {
extern const SampleKernel sample_kernel;
}
namespace simd_avx512 {
extern const SampleKernel sample_kernel;
}

const SampleKernel& sample_kernel([[maybe_unused]] SimdTarget target) {
#if defined(__x86_64__)
  switch (target) {
    case SimdTarget::portable:
      break;
    case SimdTarget::aes128:
      return simd_aes128::sample_kernel;
    case SimdTarget::vaes256:
      return simd_vaes256::sample_kernel;
    case SimdTarget::avx512:
      return simd_avx512::sample_kernel;
  }
#endif
  return simd_portable::sample_kernel;
}

}  // namespace weiss
