// libFuzzer's hook on one entry: WEISS_FUZZ_ENTRY names it.
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "fuzz/entries.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string broken =
      weiss::fuzz::WEISS_FUZZ_ENTRY(std::string_view(reinterpret_cast<const char*>(data), size));
  if (broken.empty()) return 0;
  std::fprintf(stderr, "%s\n", broken.c_str());
  std::abort();
}
