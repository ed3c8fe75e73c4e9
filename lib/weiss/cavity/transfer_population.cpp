#include "weiss/cavity/transfer_population.hpp"

#include <array>
#include <cmath>

#include "weiss/base/error.hpp"
#include "weiss/cavity/population_draws.hpp"

namespace weiss {

namespace {

constexpr std::size_t chunk = TransferPopulation::chunk;
using Doubles = std::array<double, chunk>;

enum Use { member_use, path_use };
constexpr std::size_t first_member = 1;
constexpr double smallest = 1e-200;  // of |x|, which is 0 by accident only

double signed_root(double x) { return std::copysign(std::sqrt(std::fabs(x)), x); }
double away_from_zero(double x) { return std::copysign(std::fmax(std::fabs(x), smallest), x); }

void add_members(std::span<const double> members, PopulationWords& words, std::size_t slots, Doubles& sum) {
  sum.fill(0);
  for (std::size_t slot = 0; slot < slots; ++slot) {
    const PopulationWords::Array& chosen = words.array(first_member + slot);
    for (std::size_t i = 0; i < chunk; ++i) sum[i] += members[partner(chosen[i], members.size())];
  }
}

}  // namespace

TransferPopulation::TransferPopulation(const ResolventEnsemble& ensemble, std::size_t members,
                                       std::uint64_t seed, std::uint64_t key)
    : ensemble_(ensemble),
      members_(members),
      stream_(seed, key, StreamId::transfer_population),
      target_(simd_target()),
      now_(2 * members),
      next_(2 * members),
      weights_(members) {
  if (members == 0 || members % chunk != 0 || ensemble.neighbours < 2 || ensemble.neighbours > 200)
    throw Error(ExitCode::internal, "TransferPopulation: members must be a multiple of 256, z 2 to 200");
  start();
}

// Of x spread evenly over the disorder.
void TransferPopulation::start() {
  for (std::size_t i = 0; i < members_; ++i) {
    const double place = (static_cast<double>(i) + 0.5) / static_cast<double>(members_) - 0.5;
    const double x = away_from_zero(ensemble_.energy + ensemble_.disorder_width * place);
    now_[i] = 1 / x;
    now_[members_ + i] = x;
  }
}

double TransferPopulation::sweep(std::uint64_t step, double width) {
  const std::span<const double> members(now_.data(), members_);
  const double square = ensemble_.hopping * ensemble_.hopping;
  const auto paths = static_cast<double>(ensemble_.neighbours - 1);
  Doubles sum;
  double total = 0;
  for (std::size_t c = 0; c < members_ / chunk; ++c) {
    PopulationWords member_words(target_, stream_, step, c, member_use);
    add_members(members, member_words, ensemble_.neighbours - 1, sum);
    const PopulationWords::Array& energies = member_words.array(0);
    double* const to = next_.data() + c * chunk;
    for (std::size_t i = 0; i < chunk; ++i)
      to[i] = 1 / away_from_zero(ensemble_.energy - square * sum[i] - width * centred(energies[i]));
    PopulationWords path_words(target_, stream_, step, c, path_use);
    add_members(members, path_words, ensemble_.neighbours - 2, sum);
    const PopulationWords::Array& places = path_words.array(0);
    const double* const from = now_.data() + members_ + c * chunk;
    for (std::size_t i = 0; i < chunk; ++i) {
      const double y = from[i], centre = ensemble_.energy - square * (1 / y + sum[i]);
      const double low = signed_root(centre - width / 2), high = signed_root(centre + width / 2);
      const double root = low + (high - low) * (centred(places[i]) + 0.5);
      to[members_ + i] = away_from_zero(root * std::fabs(root));
      weights_[c * chunk + i] =
          paths * ensemble_.hopping * 2 * (high - low) / (width * std::sqrt(std::fabs(y)));
    }
    for (std::size_t i = 0; i < chunk; ++i) total += weights_[c * chunk + i];
  }
  now_.swap(next_);
  const std::size_t past_all = members_ / chunk;
  PopulationWords words(target_, stream_, step, past_all, path_use);
  resample(centred(words.array(0)[0]) + 0.5);
  return total / static_cast<double>(members_);
}

// Path i comes from where the cumulated weights pass i + offset parts of their sum.
void TransferPopulation::resample(double offset) {
  double total = 0;
  for (const double weight : weights_) total += weight;
  const double part = total / static_cast<double>(members_);
  double reached = weights_[0];
  std::size_t source = 0;
  for (std::size_t i = 0; i < members_; ++i) {
    const double wanted = (static_cast<double>(i) + offset) * part;
    while (reached < wanted && source + 1 < members_) reached += weights_[++source];
    next_[members_ + i] = now_[members_ + source];
  }
  for (std::size_t i = 0; i < members_; ++i) now_[members_ + i] = next_[members_ + i];
}

std::span<std::uint8_t> TransferPopulation::bytes() {
  return {reinterpret_cast<std::uint8_t*>(now_.data()), now_.size() * sizeof(double)};
}

}  // namespace weiss
