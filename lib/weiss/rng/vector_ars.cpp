#include "weiss/rng/vector_ars.hpp"

namespace weiss {

using FillPlanes = void(const ArsKey& key, std::uint64_t step, std::uint64_t index, int first_plane,
                        int planes, std::uint64_t* out);

namespace simd_portable {
FillPlanes fill_planes;
}
namespace simd_aes128 {
FillPlanes fill_planes;
}
namespace simd_vaes256 {
FillPlanes fill_planes;
}
namespace simd_avx512 {
FillPlanes fill_planes;
}

namespace {

FillPlanes* fill_planes([[maybe_unused]] SimdTarget target) {
#if defined(__x86_64__)
  switch (target) {
    case SimdTarget::portable:
      break;
    case SimdTarget::aes128:
      return simd_aes128::fill_planes;
    case SimdTarget::vaes256:
      return simd_vaes256::fill_planes;
    case SimdTarget::avx512:
      return simd_avx512::fill_planes;
  }
#endif
  return simd_portable::fill_planes;
}

}  // namespace

void random_planes(SimdTarget target, const Stream& stream, std::uint64_t step, std::uint64_t index,
                   int first_plane, std::span<std::uint64_t> out) {
  fill_planes(target)(stream.key(), step, index, first_plane, static_cast<int>(out.size() / 8), out.data());
}

}  // namespace weiss
