// Heat bath of a spin glass with couplings +-1, 512 realisations at a time; rules of inclusion as
// weiss/rng/word512.hpp.
#pragma once

#include "weiss/montecarlo/heat_bath_words.hpp"
#include "weiss/montecarlo/sample_kernel.hpp"

namespace weiss::WEISS_SIMD_NAMESPACE {

// A neighbour's spin times the sign of the coupling: up where both agree.
WEISS_INLINE Piece signed_neighbour(const SampleSweep& sweep, const SampleSite& site, int n, int k) {
  const Piece spin =
      load(sweep.words + 8 * static_cast<std::int64_t>(site.neighbour[n]) + k * piece_elements);
  const Piece sign = load(sweep.couplings + 8 * static_cast<std::int64_t>(site.bond[n]) + k * piece_elements);
  return ~(spin ^ sign);
}

template <int degree>
WEISS_INLINE LocalField<degree> signed_field(const SampleSweep& sweep, const SampleSite& site, int k) {
  const auto at = [&](int n) { return signed_neighbour(sweep, site, n, k); };
  if constexpr (degree == 4)
    return {at(0), at(1), at(2), at(3)};
  else
    return {at(0), at(1), at(2), at(3), at(4), at(5)};
}

template <int degree_>
struct SampleGeometry {
  static constexpr int degree = degree_;
  using Place = const SampleSite*;

  const SampleSweep* sweep;
  const std::uint64_t* threshold;
  bool against;
  std::int64_t* fresh_decisions;

  WEISS_INLINE std::uint64_t* word(Place place, int i) const {
    return sweep->words + 8 * static_cast<std::int64_t>(place[i].site);
  }
  WEISS_INLINE std::uint64_t index(Place place, int i) const {
    return sweep->first_index + static_cast<std::uint64_t>(place[i].site);
  }
  WEISS_INLINE LocalField<degree> field(Place place, int i, int k) const {
    return signed_field<degree>(*sweep, place[i], k);
  }
  int sum(Place place, int i, int element, int bit) const {
    int total = 0;
    for (int n = 0; n < degree; ++n) {
      const std::uint64_t spin = sweep->words[8 * static_cast<std::int64_t>(place[i].neighbour[n]) + element];
      const std::uint64_t sign = sweep->couplings[8 * static_cast<std::int64_t>(place[i].bond[n]) + element];
      total += ((spin ^ sign) >> bit & 1) != 0 ? -1 : 1;
    }
    return total;
  }
};

template <int degree>
inline void sweep_samples(const SampleSweep& sweep) {
  const SampleGeometry<degree> geometry{&sweep, sweep.threshold, false, sweep.fresh_decisions};
  const ThresholdMasks masks(sweep.threshold);
  PlaneSource source(*static_cast<const ArsTables*>(sweep.tables), sweep.step);
  RareGroups<SampleGeometry<degree>> rare_groups;
  std::int32_t first = 0;
  for (int colour = 0; colour < sweep.colours; ++colour) {
    const std::int32_t end = sweep.colour_end[colour];
    for (; first < end; first += group_words) {
      const int count = end - first < group_words ? end - first : group_words;
      update_group(geometry, masks, source, zeros(), rare_groups, sweep.sites + first, count);
    }
    first = end;
    rare_groups.decide_all(geometry, source);
  }
}

// One uniform number for each of eight places, as masks that fill a register when they are loaded: below the
// threshold of each class, and the fair bit.
class SharedNumbers {
 public:
  WEISS_INLINE SharedNumbers(const SampleSweep& sweep)
      : source_(*static_cast<const ArsTables*>(sweep.tables), sweep.step), first_index_(sweep.first_index) {
    for (int c = 0; c < 3; ++c) threshold_[c] = zeros() + sweep.threshold[c];
  }

  WEISS_INLINE void draw(std::uint64_t first_place) {
    for (int k = 0; k < pieces; ++k) {
      const Piece u = source_.consecutive(first_index_ + first_place / 2, k);
      for (int c = 0; c < 3; ++c) store((Piece)(u < threshold_[c]), mask_[c] + k * piece_elements);
      store(zeros() - (u >> 63), mask_[3] + k * piece_elements);
    }
  }
  WEISS_INLINE Piece mask(int i, int c) const { return zeros() + mask_[c][i]; }

 private:
  PlaneSource source_;
  std::uint64_t first_index_;
  Piece threshold_[3];
  alignas(64) std::uint64_t mask_[4][8];
};

template <int degree>
inline void sweep_samples_shared(const SampleSweep& sweep) {
  SharedNumbers numbers(sweep);
  const std::int32_t sites = sweep.colour_end[sweep.colours - 1];
  for (std::int32_t first = 0; first < sites; first += 8) {
    numbers.draw(static_cast<std::uint64_t>(first));
    for (int i = 0; i < 8 && first + i < sites; ++i) {
      const SampleSite& site = sweep.sites[first + i];
      for (int k = 0; k < pieces; ++k) {
        std::uint64_t* word = sweep.words + 8 * static_cast<std::int64_t>(site.site) + k * piece_elements;
        const LocalField<degree> field = signed_field<degree>(sweep, site, k);
        const Piece fires = field.of_class(numbers.mask(i, 0), numbers.mask(i, 1), numbers.mask(i, 2));
        store(choose(field.zero, load(word) ^ numbers.mask(i, 3), field.positive ^ fires), word);
      }
    }
  }
}

inline void sweep_independent(const SampleSweep& sweep) {
  if (sweep.degree == 4) return sweep_samples<4>(sweep);
  sweep_samples<6>(sweep);
}

inline void sweep_shared(const SampleSweep& sweep) {
  if (sweep.degree == 4) return sweep_samples_shared<4>(sweep);
  sweep_samples_shared<6>(sweep);
}

}  // namespace weiss::WEISS_SIMD_NAMESPACE
