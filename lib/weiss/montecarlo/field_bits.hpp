// Spins as bits in global site order, the form in which every field is saved and handed to another kernel.
#pragma once

#include <cstdint>
#include <span>

namespace weiss {

// Bit i of byte b is site first + 8 b + i; 1 is up.
inline void set_bit(std::span<std::uint8_t> bytes, std::int64_t offset) {
  std::uint8_t& byte = bytes[static_cast<std::size_t>(offset / 8)];
  byte = static_cast<std::uint8_t>(byte | 1U << (offset % 8));
}
inline bool bit(std::span<const std::uint8_t> bytes, std::int64_t offset) {
  return (bytes[static_cast<std::size_t>(offset / 8)] >> (offset % 8) & 1) != 0;
}

}  // namespace weiss
