// The body of random_planes for one target; rules of inclusion as word512.hpp.
#pragma once

#include "weiss/rng/word512_ars.hpp"

namespace weiss::WEISS_SIMD_NAMESPACE {

#if WEISS_AES
// All seven rounds of every block: for a few planes the tables of PlaneSource cost more than they save.
void fill_planes(const ArsKey& key, std::uint64_t step, std::uint64_t index, int first_plane, int planes,
                 std::uint64_t* out) {
  Block128 round_keys[ars_rounds + 1];
  __builtin_memcpy(static_cast<void*>(round_keys), static_cast<const void*>(&key), sizeof round_keys);
  Piece keys[ars_rounds + 1];
  for (int r = 0; r <= ars_rounds; ++r) keys[r] = spread(round_keys[r]);
  const Piece next_block = spread(Block128{0, 1});
  alignas(64) std::uint64_t first[8];
  for (int j = 0; j < 4; ++j) {
    first[2 * j] = index;
    first[2 * j + 1] = step << 16 | static_cast<std::uint64_t>(4 * first_plane + j);
  }
  for (int k = 0; k < pieces; ++k) {
    Piece counter = load(first + k * piece_elements);
    for (int p = 0; p < planes; ++p) {
      Piece state = counter ^ keys[0];
      for (int r = 1; r < ars_rounds; ++r) state = aes_round(state, keys[r]);
      store(aes_last(state, keys[ars_rounds]), out + 8 * p + k * piece_elements);
      counter += next_block << 2;
    }
  }
}
#else
void fill_planes(const ArsKey& key, std::uint64_t step, std::uint64_t index, int first_plane, int planes,
                 std::uint64_t* out) {
  ArsTables tables;
  prepare(key, tables);
  PlaneSource source(tables, step);
  source.set_index(index);
  for (int p = 0; p < planes; ++p)
    for (int k = 0; k < pieces; ++k)
      store(source.plane(first_plane + p, k), out + 8 * p + k * piece_elements);
}
#endif

}  // namespace weiss::WEISS_SIMD_NAMESPACE
