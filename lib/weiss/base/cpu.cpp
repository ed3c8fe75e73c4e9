#include "weiss/base/cpu.hpp"

#include <array>
#include <cstdlib>
#include <fstream>
#include <string>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

#include "weiss/base/error.hpp"

namespace weiss {

namespace {

constexpr std::array targets{SimdTarget::avx512, SimdTarget::vaes256, SimdTarget::aes128,
                             SimdTarget::portable};

#if defined(__x86_64__)
// clang 14's __builtin_cpu_supports does not know it. Virtual machines take long for cpuid: asked once.
bool has_vaes() {
  static const bool found = [] {
    unsigned a = 0, b = 0, c = 0, d = 0;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && (c >> 9 & 1) != 0;
  }();
  return found;
}
#endif

}  // namespace

std::string_view name(SimdTarget target) {
  switch (target) {
    case SimdTarget::portable:
      return "portable";
    case SimdTarget::aes128:
      return "aes128";
    case SimdTarget::vaes256:
      return "vaes256";
    case SimdTarget::avx512:
      return "avx512";
  }
  return "unknown";
}

bool supported(SimdTarget target) {
#if defined(__x86_64__)
  const bool aes = __builtin_cpu_supports("aes") && __builtin_cpu_supports("sse4.2");
  const bool vaes = aes && has_vaes() && __builtin_cpu_supports("bmi2");
  switch (target) {
    case SimdTarget::portable:
      return true;
    case SimdTarget::aes128:
      return aes;
    case SimdTarget::vaes256:
      return vaes && __builtin_cpu_supports("avx2");
    case SimdTarget::avx512:
      return vaes && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
             __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
  }
  return false;
#else
  return target == SimdTarget::portable;
#endif
}

SimdTarget simd_target() {
  const char* forced = std::getenv("WEISS_SIMD");
  if (forced == nullptr || *forced == '\0') {
    for (const SimdTarget target : targets)
      if (supported(target)) return target;
    return SimdTarget::portable;
  }
  for (const SimdTarget target : targets)
    if (name(target) == forced) {
      if (supported(target)) return target;
      throw Error(ExitCode::bad_usage,
                  std::string("WEISS_SIMD=") + forced +
                      ": this CPU lacks these instructions; unset WEISS_SIMD to choose the best");
    }
  throw Error(ExitCode::bad_usage, std::string("WEISS_SIMD=") + forced +
                                       ": unknown target; use portable, aes128, vaes256 or avx512");
}

std::string_view cpu_model() {
  static const std::string model = [] {
    std::ifstream file("/proc/cpuinfo");
    for (std::string line; std::getline(file, line);)
      if (line.starts_with("model name")) {
        const auto colon = line.find(": ");
        if (colon != std::string::npos) return line.substr(colon + 2);
      }
    return std::string("unknown");
  }();
  return model;
}

}  // namespace weiss
