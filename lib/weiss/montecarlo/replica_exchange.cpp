#include "weiss/montecarlo/replica_exchange.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "weiss/base/error.hpp"
#include "weiss/rng/elementary.hpp"
#include "weiss/rng/stream_batch.hpp"

namespace weiss {

namespace {

constexpr std::int64_t hot = 1, cold = -1;

bool accepts(double exponent, std::uint64_t bits) {
  // 53 bits: the acceptance is exact to 2^-53.
  return exponent >= 0 || static_cast<double>(bits >> 11) * 0x1p-53 < portable_exp(exponent);
}

}  // namespace

ReplicaExchange::ReplicaExchange(std::vector<double> betas, std::vector<std::int64_t> realisations,
                                 int replicas, const Stream& stream)
    : betas_(std::move(betas)),
      realisations_(std::move(realisations)),
      stream_(stream),
      replicas_(static_cast<std::size_t>(replicas)),
      attempts_(betas_.size() - 1),
      accepted_(betas_.size() - 1),
      from_hot_(betas_.size()),
      from_cold_(betas_.size()) {
  for (std::size_t t = 0; t + 1 < betas_.size(); ++t)
    if (!(betas_[t] > betas_[t + 1]))
      throw Error(ExitCode::internal, "replica exchange: temperatures must ascend");
  swaps_.resize(realisations_.size() * pairs() * replicas_);
  for (std::size_t s = 0; s < realisations_.size(); ++s)
    for (std::size_t t = 0; t < betas_.size(); ++t)
      walker_at_.insert(walker_at_.end(), replicas_, static_cast<std::int64_t>(t));
  last_end_.resize(walker_at_.size());
}

std::span<const std::uint8_t> ReplicaExchange::decide(std::int64_t round, std::span<const double> energies) {
  std::fill(swaps_.begin(), swaps_.end(), std::uint8_t{0});
  const auto first_pair = static_cast<std::size_t>(round % 2);
  for (std::size_t s = 0; s < realisations_.size(); ++s) {
    draw(round, s);
    std::size_t decision = 0;
    for (std::size_t pair = first_pair; pair < pairs(); pair += 2)
      for (std::size_t r = 0; r < replicas_; ++r) {
        const std::size_t low = index(s, pair, r), high = index(s, pair + 1, r);
        const double exponent = (betas_[pair] - betas_[pair + 1]) * (energies[low] - energies[high]);
        ++attempts_[pair];
        if (!accepts(exponent, bits_[decision++])) continue;
        ++accepted_[pair];
        swaps_[(s * pairs() + pair) * replicas_ + r] = 1;
        std::swap(walker_at_[low], walker_at_[high]);
      }
    for (std::size_t r = 0; r < replicas_; ++r) note_ends(s, r);
  }
  ++rounds_;
  return swaps_;
}

// The numbers of all decisions of one sample at once, in their order.
void ReplicaExchange::draw(std::int64_t round, std::size_t sample) {
  keys_.clear();
  for (std::size_t pair = static_cast<std::size_t>(round % 2); pair < pairs(); pair += 2)
    for (std::size_t r = 0; r < replicas_; ++r)
      keys_.push_back(realisations_[sample] << 32 | static_cast<std::int64_t>(pair << 16 | r));
  bits_.resize(keys_.size());
  stream_bits(stream_, static_cast<std::uint64_t>(round), keys_, bits_);
}

void ReplicaExchange::note_ends(std::size_t sample, std::size_t replica) {
  const auto end_of = [&](std::size_t temperature) -> std::int64_t& {
    const auto walker = static_cast<std::size_t>(walker_at_[index(sample, temperature, replica)]);
    return last_end_[index(sample, walker, replica)];
  };
  if (betas_.size() > 1) {
    std::int64_t& at_cold = end_of(0);
    if (at_cold == hot) ++round_trips_;
    at_cold = cold;
    end_of(betas_.size() - 1) = hot;
  }
  for (std::size_t t = 0; t < betas_.size(); ++t) {
    from_hot_[t] += end_of(t) == hot ? 1 : 0;
    from_cold_[t] += end_of(t) == cold ? 1 : 0;
  }
}

std::vector<double> ReplicaExchange::acceptance() const {
  std::vector<double> all;
  for (std::size_t pair = 0; pair < pairs(); ++pair)
    all.push_back(attempts_[pair] == 0
                      ? std::numeric_limits<double>::quiet_NaN()
                      : static_cast<double>(accepted_[pair]) / static_cast<double>(attempts_[pair]));
  return all;
}

std::vector<double> ReplicaExchange::attempts() const {
  return std::vector<double>(attempts_.begin(), attempts_.end());
}

std::vector<double> ReplicaExchange::fraction_from_hot() const {
  std::vector<double> all;
  for (std::size_t t = 0; t < betas_.size(); ++t) {
    const std::int64_t visits = from_hot_[t] + from_cold_[t];
    all.push_back(visits == 0 ? std::numeric_limits<double>::quiet_NaN()
                              : static_cast<double>(from_hot_[t]) / static_cast<double>(visits));
  }
  return all;
}

}  // namespace weiss
