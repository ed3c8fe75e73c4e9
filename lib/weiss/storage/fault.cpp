#include "weiss/storage/fault.hpp"

#include <cstdlib>
#include <string>

#include <unistd.h>

namespace weiss {

void fault_point(const char* name) {
  static const char* const wanted = std::getenv("WEISS_FAULT");
  if (wanted == nullptr) return;
  const std::string text(wanted);
  const std::size_t colon = text.find(':');
  if (text.substr(0, colon) != name) return;
  static int left = colon == std::string::npos ? 1 : std::atoi(text.c_str() + colon + 1);
  constexpr int killed = 137;
  if (--left <= 0) _exit(killed);
}

}  // namespace weiss
