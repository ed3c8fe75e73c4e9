#include "weiss/rng/stream.hpp"

namespace weiss {

namespace {

// The stream's key: ARS itself mixes (seed, task) under a key that names the stream, so that related seeds,
// tasks and names give unrelated keys.
Block128 derive_key(std::uint64_t seed, std::uint64_t task_key, StreamId id) {
  const ArsKey name_key(Block128{static_cast<std::uint64_t>(id), 0x5765697373000001ULL});
  return ars(Block128{seed, task_key}, name_key);
}

}  // namespace

Stream::Stream(std::uint64_t seed, std::uint64_t task_key, StreamId id)
    : key_(derive_key(seed, task_key, id)) {}

std::uint64_t RandomSource::below(std::uint64_t n, std::uint64_t index, std::uint32_t draw) const {
  const std::uint64_t rejected_below = (0 - n) % n;
  for (;; ++draw) {
    __extension__ using Product = unsigned __int128;
    const Product product = static_cast<Product>(stream_->bits(step_, index, draw)) * n;
    if (static_cast<std::uint64_t>(product) >= rejected_below)
      return static_cast<std::uint64_t>(product >> 64);
  }
}

}  // namespace weiss
