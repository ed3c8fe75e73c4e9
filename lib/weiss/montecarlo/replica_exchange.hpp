// Replica exchange (K. Hukushima, K. Nemoto, J. Phys. Soc. Jpn. 65, 1604 (1996)): configurations at
// neighbouring temperatures change places with probability min(1, exp((beta_t - beta_u)(E_t - E_u))). Even
// and odd pairs take turns (S. Syed et al., J. R. Stat. Soc. B 84, 321 (2022): round trips take O(1) rounds
// more, not diffusive ones). Decisions are keyed by (realisation, round, pair, replica); every rank takes the
// same ones.
//
// Arrays of configurations have the order (sample, temperature, replica), replica fastest. A walker is a
// configuration on its way through the temperatures.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "weiss/rng/stream.hpp"

namespace weiss {

class ReplicaExchange {
 public:
  // betas: strictly descending, one a temperature. realisations: the number of each sample, below 2^32; at
  // most 2^16 temperatures and replicas. stream: of StreamId::replica_exchange.
  ReplicaExchange(std::vector<double> betas, std::vector<std::int64_t> realisations, int replicas,
                  const Stream& stream);

  // The swaps of one round: entry (sample, pair, replica), pair t joins temperatures t and t + 1; 1: swap.
  // energies: of the whole system, one a configuration.
  std::span<const std::uint8_t> decide(std::int64_t round, std::span<const double> energies);

  std::size_t pairs() const { return betas_.size() - 1; }
  // Mean acceptance of each pair, over samples, replicas and rounds; NaN before its first attempt.
  std::vector<double> acceptance() const;
  std::vector<double> attempts() const;
  // Arrivals at the coldest temperature from the hottest one, of all walkers: one a round trip.
  std::int64_t round_trips() const { return round_trips_; }
  std::int64_t rounds() const { return rounds_; }
  std::int64_t walkers() const { return static_cast<std::int64_t>(walker_at_.size()); }
  // Fraction of the visits to each temperature by walkers that come from the hottest one (H. G. Katzgraber et
  // al., J. Stat. Mech. P03018 (2006)); falls from 1 at the hottest to 0 at the coldest, ideally in a line.
  std::vector<double> fraction_from_hot() const;

  template <class Visitor>
  void visit_state(Visitor& v) {
    v.vector("walker_at", walker_at_);
    v.vector("last_end", last_end_);
    v.vector("attempts", attempts_);
    v.vector("accepted", accepted_);
    v.vector("from_hot", from_hot_);
    v.vector("from_cold", from_cold_);
    v.scalar("round_trips", round_trips_);
    v.scalar("rounds", rounds_);
  }

 private:
  std::size_t index(std::size_t sample, std::size_t temperature, std::size_t replica) const {
    return (sample * betas_.size() + temperature) * replicas_ + replica;
  }
  void draw(std::int64_t round, std::size_t sample);
  void note_ends(std::size_t sample, std::size_t replica);

  std::vector<double> betas_;
  std::vector<std::int64_t> realisations_;
  Stream stream_;
  std::size_t replicas_;
  std::vector<std::uint8_t> swaps_;
  std::vector<std::int64_t> keys_;  // of the decisions of one sample
  std::vector<std::uint64_t> bits_;
  std::vector<std::int64_t> walker_at_;  // number of the walker, its first temperature
  std::vector<std::int64_t> last_end_;   // (sample, walker, replica): 1 hottest, -1 coldest, 0 neither so far
  std::vector<std::int64_t> attempts_, accepted_;   // a pair
  std::vector<std::int64_t> from_hot_, from_cold_;  // visits, a temperature
  std::int64_t round_trips_ = 0;
  std::int64_t rounds_ = 0;
};

}  // namespace weiss
