// Random words of 256 members of a population: word array a of a chunk holds one of 32 bits a member. Four
// arrays come from one call of the generator and are made when first asked for, in order.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <vector>

#include "weiss/rng/vector_ars.hpp"

namespace weiss {

class PopulationWords {
 public:
  static constexpr std::size_t chunk = 256;
  using Array = std::array<std::uint32_t, chunk>;

  // use < 4 separates the uses of a chunk in one step; array numbers are below 256.
  PopulationWords(SimdTarget target, const Stream& stream, std::uint64_t step, std::size_t chunk_index,
                  int use)
      : target_(target),
        stream_(&stream),
        step_(step),
        index_((chunk_index * 4 + static_cast<std::size_t>(use)) * 64) {}

  const Array& array(std::size_t number) {
    const std::size_t part = number / 4;
    if (part != part_) {
      part_ = part;
      random_planes(target_, *stream_, step_, index_ + part, 0, bits_);
      std::memcpy(arrays_.data(), bits_.data(), sizeof bits_);
    }
    return arrays_[number % 4];
  }

 private:
  SimdTarget target_;
  const Stream* stream_;
  std::uint64_t step_, index_;
  std::size_t part_ = static_cast<std::size_t>(-1);
  alignas(64) std::array<std::uint64_t, 2 * chunk> bits_;
  alignas(64) std::array<Array, 4> arrays_;
};

}  // namespace weiss
