#include "weiss/montecarlo/sample_words.hpp"

#include "weiss/rng/vector_ars.hpp"

namespace weiss {

void fill_randomly(std::span<SampleWord> words, const Stream& stream, std::uint64_t first_index) {
  const SimdTarget target = simd_target();
  for (std::size_t i = 0; i < words.size(); ++i)
    random_planes(target, stream, 0, first_index + i, 0, words[i].element);
}

}  // namespace weiss
