// Local updates of the Ising model on any lattice, colour by colour, driven by a table over local fields.
//
//   heat bath   p(new spin against its field h) = 1 / (1 + exp(2 beta |h|)); at h = 0 the old spin turns over
//               with 1/2 (Glauber, J. Math. Phys. 4, 294 (1963))
//   Metropolis  p(flip) = 1 for dE < 0, 1/2 for beta dE = 0, exp(-beta dE) for dE > 0
//               (Metropolis et al., J. Chem. Phys. 21, 1087 (1953)); to accept dE = 0 always is not ergodic
//               when a sweep goes colour by colour
//
// The field takes few values, since couplings depend on the direction alone: with m_d the sum of the
// neighbours along direction d, h = sum_d J_d m_d + field is looked up by a mixed-radix index of the m_d.
// Each site's decision is keyed by its global index, so order, ranks and halos do not matter. One 64-bit draw
// a site, exact to 2^-64.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "weiss/montecarlo/ising_interactions.hpp"
#include "weiss/montecarlo/table_field.hpp"
#include "weiss/rng/stream.hpp"
#include "weiss/rng/stream_batch.hpp"

namespace weiss {

enum class LocalRule { heat_bath, metropolis };

// What to do with a spin of one local field: turn to `aligned` unless the draw fires, or flip when it fires.
struct LocalDecision {
  std::uint64_t against_threshold = 0;  // heat bath: P(new spin against the field)
  std::uint64_t flip_threshold[2]{};    // Metropolis: P(flip) of a spin down [0] or up [1]
  bool flip_surely[2]{};                // Metropolis: beta dE < 0
  std::int8_t aligned = 0;              // sign of the field; 0: none
};

LocalDecision local_decision(double beta, double field);

// The sum of the terms of a local field; exactly 0 where they cancel up to rounding, since 0.3 - 3 * 0.1 left
// at -6e-17 would make dE = 0 a sure flip.
double cancelled_sum(std::span<const double> terms);

// The new value of a spin; one draw, keyed by the site.
template <class Source>
std::int8_t decided(LocalRule rule, const LocalDecision& decision, std::int8_t spin, std::uint64_t site,
                    const Source& source) {
  const auto flipped = static_cast<std::int8_t>(-spin);
  if (rule == LocalRule::metropolis) {
    const int up = spin > 0 ? 1 : 0;
    return decision.flip_surely[up] || source.fires(decision.flip_threshold[up], site) ? flipped : spin;
  }
  const bool against = source.fires(decision.against_threshold, site);
  if (decision.aligned == 0) return against ? flipped : spin;
  return against ? static_cast<std::int8_t>(-decision.aligned) : decision.aligned;
}

// A source of one draw that has been made.
struct Drawn {
  std::uint64_t bits;
  bool fires(std::uint64_t threshold, std::uint64_t) const { return bits < threshold; }
};

class LocalUpdate {
 public:
  LocalUpdate(LocalRule rule, const IsingInteractions& interactions, const Lattice& lattice);

  // One sweep: every colour in turn; collective over the field's ranks.
  template <class Source>
  void sweep(TableField& field, const Source& source) const {
    for (int colour = 0; colour < field.local().colours(); ++colour) sweep_colour(field, colour, source);
  }

  // The sites of one colour. Their halo exchange runs while the interior is updated.
  template <class Source>
  void sweep_colour(TableField& field, int colour, const Source& source) const {
    LocalLattice& local = field.local();
    update(field, local.boundary(colour), source);
    local.start_exchange(colour, field.spins());
    update(field, local.interior(colour), source);
    local.finish_exchange(colour, field.spins());
  }

 private:
  template <class Source>
  void update(TableField& field, LocalLattice::Range range, const Source& source) const {
    for (std::int64_t i = range.first; i < range.last; ++i) update_site(field, i, source);
  }

  // Random numbers are made for many sites at once; they are the same ones.
  void update(TableField& field, LocalLattice::Range range, const RandomSource& source) const {
    constexpr std::int64_t most = 512;
    std::uint64_t bits[most];
    for (std::int64_t first = range.first; first < range.last; first += most) {
      const auto count = static_cast<std::size_t>(std::min(most, range.last - first));
      stream_bits(source.stream(), source.step(),
                  field.local().global().subspan(static_cast<std::size_t>(first), count),
                  std::span(bits, count));
      for (std::size_t i = 0; i < count; ++i)
        update_site(field, first + static_cast<std::int64_t>(i), Drawn{bits[i]});
    }
  }

  template <class Source>
  void update_site(TableField& field, std::int64_t i, const Source& source) const {
    const LocalLattice& local = field.local();
    const std::span<std::int8_t> spins = field.spins();
    std::int64_t index = centre_;
    for (const LocalLattice::End end : local.neighbours(i))
      index += stride_[static_cast<std::size_t>(end.direction)] * spins[static_cast<std::size_t>(end.site)];
    std::int8_t& spin = spins[static_cast<std::size_t>(i)];
    const auto site = static_cast<std::uint64_t>(local.global()[static_cast<std::size_t>(i)]);
    spin = decided(rule_, table_[static_cast<std::size_t>(index)], spin, site, source);
  }

  LocalRule rule_;
  std::vector<std::int64_t> stride_;  // per direction
  std::int64_t centre_ = 0;           // index of all m_d = 0
  std::vector<LocalDecision> table_;
};

}  // namespace weiss
