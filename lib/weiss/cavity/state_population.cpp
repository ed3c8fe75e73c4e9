#include "weiss/cavity/state_population.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "weiss/base/error.hpp"
#include "weiss/cavity/population_draws.hpp"
#include "weiss/cavity/reduced_fields.hpp"

namespace weiss {

namespace {

constexpr std::size_t chunk = StatePopulation::chunk;
using Floats = ChunkFloats;

enum Use { update_use, whole_use };

constexpr std::uint64_t start_step = std::uint64_t{1} << 47;  // no generation reaches it
constexpr double least_effective = 0.25;                      // candidates a state

// Weights exp(logarithm - the largest one).
std::vector<float> weights_of(std::span<const float> logarithms) {
  const float largest = *std::max_element(logarithms.begin(), logarithms.end());
  std::vector<float> weights(logarithms.size());
  for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = exp_of_negative(logarithms[i] - largest);
  return weights;
}

struct Moments {
  double sum = 0, square = 0;
  explicit Moments(std::span<const float> weights) {
    for (const float each : weights) {
      const auto w = static_cast<double>(each);
      sum += w;
      square += w * w;
    }
  }
  double effective() const { return sum * sum / square; }
};

// ln of the mean of exp(logarithms), corrected for the bias of a logarithm to first order.
double log_mean(std::span<const float> logarithms) {
  const auto n = static_cast<double>(logarithms.size());
  const auto largest = static_cast<double>(*std::max_element(logarithms.begin(), logarithms.end()));
  const Moments moments(weights_of(logarithms));
  return largest + std::log(moments.sum / n) + (1 / moments.effective() - 1 / n) / 2;
}

// Mean of values with such weights, corrected for the bias of a ratio to first order.
double weighted_mean(std::span<const float> weights, std::span<const float> values) {
  double sum = 0, square = 0, total = 0, cross = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const auto w = static_cast<double>(weights[i]), v = static_cast<double>(values[i]);
    sum += w;
    square += w * w;
    total += w * v;
    cross += w * w * v;
  }
  const double mean = total / sum;
  return mean + (cross - mean * square) / (sum * sum);
}

}  // namespace

// The interactions of a spin, with the members at each.
struct StatePopulation::Neighbourhood {
  int use = update_use;
  double offset = 0;                             // uniform, of the resampling
  std::vector<float> couplings;                  // J
  std::vector<std::vector<std::size_t>> inputs;  // p - 1 members
};

// A spin in 256 draws of states.
struct StatePopulation::Spin {
  Floats field;                 // x
  Floats shift;                 // ln z
  std::vector<Floats> joined;   // Y_b
  std::vector<Floats> message;  // y_b
};

struct StatePopulation::Sums {
  double free_energy = 0, state_free_energy = 0, bonds = 0, m = 0, q1 = 0, q0 = 0;
};

StatePopulation::StatePopulation(StateEnsemble ensemble, std::size_t members, std::size_t states,
                                 std::uint64_t seed, std::uint64_t key)
    : ensemble_(std::move(ensemble)),
      members_(members),
      states_(states),
      stream_(seed, key, StreamId::state_population),
      candidates_(seed, key, StreamId::state_candidates),
      target_(simd_target()),
      excess_thresholds_(word_thresholds(ensemble_.interactions.degrees.excess)),
      site_thresholds_(word_thresholds(ensemble_.interactions.degrees.site)),
      positive_threshold_(static_cast<std::uint64_t>(
          std::llround(ensemble_.interactions.couplings.ferromagnetic_fraction * 0x1p32))),
      now_(members * states),
      next_(members * states) {
  const std::size_t inputs =
      ensemble_.interactions.degrees.site.size() * static_cast<std::size_t>(ensemble_.interactions.spins - 1);
  if (members == 0 || states == 0 || states % chunk != 0 || inputs > most_inputs)
    throw Error(ExitCode::internal,
                "StatePopulation: states must be a multiple of 256, inputs of a spin at most 256");
}

void StatePopulation::start(double beta) {
  const auto size = static_cast<float>(beta * ensemble_.interactions.couplings.width);
  for (std::size_t i = 0; i < members_; ++i) {
    const std::uint64_t up = stream_.bits(start_step, i) >> 32;
    for (std::size_t s = 0; s < states_; ++s) {
      const bool points_up =
          ensemble_.symmetric ? s < states_ / 2 : candidates_.bits(start_step, i * states_ + s) >> 32 < up;
      now_[i * states_ + s] = points_up ? size : -size;
    }
  }
}

StatePopulation::Neighbourhood StatePopulation::draw_neighbourhood(std::uint64_t step, std::size_t member,
                                                                   bool whole) const {
  const auto others = static_cast<std::size_t>(ensemble_.interactions.spins - 1);
  const std::vector<std::uint64_t>& thresholds = whole ? site_thresholds_ : excess_thresholds_;
  Neighbourhood around;
  around.use = whole ? whole_use : update_use;
  const std::uint64_t index = member * 2 + (whole ? 1 : 0);
  std::uint32_t draw = 0;
  const auto next_word = [&] { return static_cast<std::uint32_t>(stream_.bits(step, index, draw++) >> 32); };
  around.offset = static_cast<double>(next_word()) * 0x1p-32;
  const std::uint32_t word = next_word();
  std::size_t degree = 0;
  while (word >= thresholds[degree]) ++degree;
  around.inputs.resize(degree);
  PopulationWords::Array coupling_words{};
  Floats couplings;
  for (std::size_t b = 0; b < degree; ++b) {
    coupling_words[b] = next_word();
    for (std::size_t j = 0; j < others; ++j) around.inputs[b].push_back(partner(next_word(), members_));
  }
  draw_couplings(ensemble_.interactions.couplings, positive_threshold_, coupling_words, couplings);
  around.couplings.assign(couplings.begin(), couplings.begin() + static_cast<std::ptrdiff_t>(degree));
  return around;
}

void StatePopulation::draw_states(std::uint64_t step, std::size_t block, double beta,
                                  const Neighbourhood& around, Spin& spin) const {
  PopulationWords words(target_, candidates_, step, block, around.use);
  spin.joined.resize(around.inputs.size());
  spin.message.resize(around.inputs.size());
  spin.field.fill(static_cast<float>(beta * ensemble_.interactions.field));
  spin.shift.fill(0.0f);
  Floats gathered;
  for (std::size_t b = 0; b < around.inputs.size(); ++b) {
    const std::size_t others = around.inputs[b].size();
    const float J = static_cast<float>(beta) * around.couplings[b];
    Floats& joined = spin.joined[b];
    Floats& message = spin.message[b];
    for (std::size_t j = 0; j < others; ++j) {
      const std::span<const float> fields(now_.data() + around.inputs[b][j] * states_, states_);
      gather(fields, words.array(b * others + j), j == 0 ? joined : gathered);
      for (std::size_t i = 0; j > 0 && i < chunk; ++i) joined[i] = join_reduced(joined[i], gathered[i]);
    }
    for (std::size_t i = 0; i < chunk; ++i) message[i] = join_reduced(J, joined[i]);
    for (std::size_t i = 0; i < chunk; ++i) spin.field[i] += message[i];
    for (std::size_t i = 0; i < chunk; ++i) spin.shift[i] -= log_cosh_of_reduced(message[i]);
  }
  for (std::size_t i = 0; i < chunk; ++i) spin.shift[i] += log_cosh_of_reduced(spin.field[i]);
}

void StatePopulation::resample(std::size_t member, std::span<const float> candidates,
                               std::span<const float> weights, double offset) {
  const std::size_t chosen = ensemble_.symmetric ? states_ / 2 : states_;
  const double spacing = Moments(weights).sum / static_cast<double>(chosen);
  auto reached = static_cast<double>(weights[0]);
  std::size_t candidate = 0;
  for (std::size_t s = 0; s < chosen; ++s) {
    const double place = (static_cast<double>(s) + offset) * spacing;
    while (reached <= place && candidate + 1 < weights.size())
      reached += static_cast<double>(weights[++candidate]);
    next_[member * states_ + s] = candidates[candidate];
    if (ensemble_.symmetric) next_[member * states_ + chosen + s] = -candidates[candidate];
  }
}

Reweighting StatePopulation::sweep(std::uint64_t step, double beta) {
  const auto m = static_cast<float>(ensemble_.breaking_point);
  const std::size_t blocks_a_batch = states_ / chunk;
  Reweighting reweighting;
  Spin spin;
  std::vector<float> candidates, logarithms, weights;
  for (std::size_t member = 0; member < members_; ++member) {
    const Neighbourhood around = draw_neighbourhood(step, member, false);
    candidates.clear();
    logarithms.clear();
    double effective = 0;
    const auto enough = [&] { return effective >= least_effective * static_cast<double>(states_); };
    for (std::size_t batch = 0; batch < most_batches && (batch < first_batches || !enough()); ++batch) {
      for (std::size_t b = 0; b < blocks_a_batch; ++b) {
        draw_states(step, (member * most_batches + batch) * blocks_a_batch + b, beta, around, spin);
        for (float& each : spin.shift) each *= m;
        candidates.insert(candidates.end(), spin.field.begin(), spin.field.end());
        logarithms.insert(logarithms.end(), spin.shift.begin(), spin.shift.end());
      }
      if (batch + 1 < first_batches) continue;
      weights = weights_of(logarithms);
      effective = Moments(weights).effective();
    }
    reweighting.effective += effective / static_cast<double>(states_ * members_);
    if (!enough()) reweighting.short_of += 1 / static_cast<double>(members_);
    resample(member, candidates, weights, around.offset);
  }
  now_.swap(next_);
  return reweighting;
}

// One spin with all its interactions.
void StatePopulation::measure_spin(std::uint64_t step, std::size_t member, double beta, Sums& sums) const {
  const auto m = static_cast<float>(ensemble_.breaking_point), inverse_temperature = static_cast<float>(beta);
  const double edges = 1 - 1.0 / ensemble_.interactions.spins;
  const Neighbourhood around = draw_neighbourhood(step, member, true);
  const std::size_t degree = around.inputs.size(), blocks = first_batches * states_ / chunk,
                    draws = blocks * chunk;
  std::vector<float> whole, shifts, magnetisations, squares, bonds(draws);
  std::vector<std::vector<float>> without(degree, std::vector<float>(draws));  // m ln z_b
  Spin spin;
  for (std::size_t block = 0; block < blocks; ++block) {
    draw_states(step, member * blocks + block, beta, around, spin);
    Floats edge_sum{};
    for (std::size_t b = 0; b < degree; ++b) {
      const float J = inverse_temperature * around.couplings[b];
      for (std::size_t i = 0; i < chunk; ++i) {
        const float rest = spin.field[i] - spin.message[b][i];
        const float edge = log_cosh_of_reduced(spin.field[i]) - log_cosh_of_reduced(rest) -
                           log_cosh_of_reduced(spin.message[b][i]);
        edge_sum[i] += edge;
        without[b][block * chunk + i] = m * (spin.shift[i] - edge);
        bonds[block * chunk + i] += around.couplings[b] * tanh_of(J + join_reduced(rest, spin.joined[b][i]));
      }
    }
    for (std::size_t i = 0; i < chunk; ++i) {
      const float t = tanh_of(spin.field[i]);
      whole.push_back(m * spin.shift[i]);
      shifts.push_back(spin.shift[i] - static_cast<float>(edges) * edge_sum[i]);
      magnetisations.push_back(t);
      squares.push_back(t * t);
    }
  }
  const std::vector<float> weights = weights_of(whole);
  sums.free_energy += log_mean(whole) * (1 - edges * static_cast<double>(degree));
  for (const std::vector<float>& each : without) sums.free_energy += edges * log_mean(each);
  sums.state_free_energy += weighted_mean(weights, shifts);
  sums.bonds += weighted_mean(weights, bonds);
  sums.m += weighted_mean(weights, magnetisations);
  sums.q1 += weighted_mean(weights, squares);
  // Two states drawn apart: the square of one mean would hold its noise.
  const std::span<const float> w(weights), t(magnetisations);
  sums.q0 += weighted_mean(w.first(draws / 2), t.first(draws / 2)) *
             weighted_mean(w.subspan(draws / 2), t.subspan(draws / 2));
}

StateAverages StatePopulation::measure(std::uint64_t step, double beta) const {
  Sums sums;
  for (std::size_t member = 0; member < members_; ++member) measure_spin(step, member, beta, sums);
  const auto count = static_cast<double>(members_);
  const double m = ensemble_.breaking_point;
  const InteractionEnsemble& interactions = ensemble_.interactions;
  const double paramagnet = paramagnet_free_energy(interactions, beta);
  StateAverages averages;
  averages.free_energy = paramagnet - sums.free_energy / count / m / beta;
  averages.state_free_energy = paramagnet - sums.state_free_energy / count / beta;
  averages.energy = -(sums.bonds / interactions.spins + interactions.field * sums.m) / count;
  averages.complexity = beta * m * (averages.state_free_energy - averages.free_energy);
  averages.inner_overlap = sums.q1 / count;
  averages.outer_overlap = sums.q0 / count;
  return averages;
}

std::span<std::uint8_t> StatePopulation::bytes() {
  return {reinterpret_cast<std::uint8_t*>(now_.data()), now_.size() * sizeof(float)};
}

}  // namespace weiss
