#include "weiss/cavity/interaction_population.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "weiss/base/error.hpp"
#include "weiss/cavity/paramagnet.hpp"
#include "weiss/cavity/population_draws.hpp"
#include "weiss/cavity/reduced_fields.hpp"
#include "weiss/rng/elementary.hpp"

namespace weiss {

namespace {

constexpr std::size_t chunk = InteractionPopulation::chunk;
using Floats = ChunkFloats;

enum Use { update_use, interaction_use, site_use };
// Word arrays of a spin; those of an interaction are of its first one.
enum Array : std::size_t { coupling_array, plant_array, degree_array, slot_array };

constexpr std::uint64_t start_step = std::uint64_t{1} << 47;  // no generation reaches it

// Couplings times beta; planted ones point along the configuration with their thermal probability.
void draw_reduced_couplings(const InteractionEnsemble& ensemble, std::uint64_t positive_threshold,
                            PopulationWords& words, float beta, Floats& J) {
  draw_couplings(ensemble.couplings, positive_threshold, words.array(coupling_array), J);
  for (float& each : J) each *= beta;
  if (!ensemble.planted) return;
  const PopulationWords::Array& word = words.array(plant_array);
  for (std::size_t i = 0; i < chunk; ++i) {
    const float size = std::fabs(J[i]);
    const float uniform = static_cast<float>(word[i] >> 8) * 0x1p-24f;
    J[i] = uniform < 0.5f + 0.5f * tanh_of(size) ? size : -size;
  }
}

double square_of_tanh(double y) {
  const double e = portable_exp(-2 * std::fabs(y)), t = (1 - e) / (1 + e);
  return t * t;
}

}  // namespace

double paramagnet_free_energy(const InteractionEnsemble& ensemble, double beta) {
  const auto log_cosh = [&](double J) {
    return beta * std::fabs(J) + std::log1p(std::exp(-2 * beta * std::fabs(J))) - std::numbers::ln2;
  };
  return -(std::numbers::ln2 +
           ensemble.degrees.mean / ensemble.spins * mean_over_couplings(ensemble.couplings, log_cosh)) /
         beta;
}

// What the spins of 256 interactions bring along.
struct InteractionPopulation::Block {
  Floats field;                  // x of the last spin gathered
  Floats change;                 // the sum of its perturbations
  std::vector<Floats> messages;  // of a whole spin, 0 where it has fewer
};

InteractionPopulation::InteractionPopulation(InteractionEnsemble ensemble, std::size_t members,
                                             std::uint64_t seed, std::uint64_t key)
    : ensemble_(std::move(ensemble)),
      members_(members),
      stream_(seed, key, StreamId::interaction_population),
      target_(simd_target()),
      excess_thresholds_(word_thresholds(ensemble_.degrees.excess)),
      site_thresholds_(word_thresholds(ensemble_.degrees.site)),
      positive_threshold_(
          static_cast<std::uint64_t>(std::llround(ensemble_.couplings.ferromagnetic_fraction * 0x1p32))),
      now_(members * (ensemble_.perturbed ? 2 : 1)),
      next_(now_.size()) {
  if (members == 0 || members % chunk != 0 || ensemble_.degrees.site.size() + slot_array > 256)
    throw Error(ExitCode::internal,
                "InteractionPopulation: members must be a multiple of 256, degrees below 252");
}

void InteractionPopulation::start(Start start, double beta) {
  const auto message = static_cast<float>(beta * ensemble_.couplings.width);
  for (std::size_t i = 0; i < members_; ++i) {
    const bool up = start == Start::magnetised || stream_.bits(start_step, i) >> 63 != 0;
    now_[i] = up ? message : -message;
  }
  std::fill(now_.begin() + static_cast<std::ptrdiff_t>(members_), now_.end(), 1.0f);
}

void InteractionPopulation::gather_spin(std::uint64_t step, std::size_t number, int use, Block& block) const {
  const bool site = use == site_use;
  PopulationWords words(target_, stream_, step, number, use);
  const std::vector<std::uint64_t>& thresholds = site ? site_thresholds_ : excess_thresholds_;
  const bool alike = thresholds.size() == 1 || thresholds[thresholds.size() - 2] == 0;
  ChunkDegrees degrees{{}, thresholds.size() - 1};
  if (!alike) degrees = draw_degrees(thresholds, words.array(degree_array));
  const bool perturbed = ensemble_.perturbed && use == update_use;
  const std::span<const float> messages(now_.data(), members_);
  block.field.fill(field_);
  block.change.fill(0.0f);
  block.messages.clear();
  Floats gathered;
  for (std::size_t slot = 0; slot < degrees.most; ++slot) {
    const PopulationWords::Array& indices = words.array(slot_array + slot);
    gather(messages, indices, gathered);
    if (!alike) drop_absent(degrees, slot, gathered);
    for (std::size_t i = 0; i < chunk; ++i) block.field[i] += gathered[i];
    if (site) block.messages.push_back(gathered);
    if (!perturbed) continue;
    gather(std::span(now_).subspan(members_), indices, gathered);
    if (!alike) drop_absent(degrees, slot, gathered);
    for (std::size_t i = 0; i < chunk; ++i) block.change[i] += gathered[i];
  }
}

// next_ becomes Y of p - 1 spins, and sum_j (dY/dx_j)^2 times their perturbations.
void InteractionPopulation::gather_all(std::uint64_t step) {
  const auto others = static_cast<std::size_t>(ensemble_.spins - 1);
  std::vector<Block> blocks(others);
  for (std::size_t c = 0; c < members_ / chunk; ++c) {
    for (std::size_t j = 0; j < others; ++j) gather_spin(step, c * others + j, update_use, blocks[j]);
    float* const joined = next_.data() + c * chunk;
    std::copy(blocks[0].field.begin(), blocks[0].field.end(), joined);
    for (std::size_t j = 1; j < others; ++j)
      for (std::size_t i = 0; i < chunk; ++i) joined[i] = join_reduced(joined[i], blocks[j].field[i]);
    if (!ensemble_.perturbed) continue;
    float* const change = joined + members_;
    std::fill(change, change + chunk, 0.0f);
    for (std::size_t j = 0; j < others; ++j) {
      Floats slope;
      slope.fill(1.0f);
      for (std::size_t l = 0; l < others; ++l)
        for (std::size_t i = 0; l != j && i < chunk; ++i) slope[i] *= tanh_of(blocks[l].field[i]);
      for (std::size_t i = 0; i < chunk; ++i) {
        const float drop = log_cosh_of_reduced(joined[i]) - log_cosh_of_reduced(blocks[j].field[i]);
        change[i] += slope[i] * slope[i] * exp_of_negative(std::min(4.0f * drop, 0.0f)) * blocks[j].change[i];
      }
    }
  }
}

void InteractionPopulation::answer(std::uint64_t step, double beta) {
  const auto others = static_cast<std::size_t>(ensemble_.spins - 1);
  Floats J;
  for (std::size_t c = 0; c < members_ / chunk; ++c) {
    PopulationWords words(target_, stream_, step, c * others, update_use);
    draw_reduced_couplings(ensemble_, positive_threshold_, words, static_cast<float>(beta), J);
    float* const to = next_.data() + c * chunk;
    for (std::size_t i = 0; i < chunk; ++i) {
      const float message = join_reduced(J[i], to[i]);
      if (ensemble_.perturbed) {
        const float t = tanh_of(J[i]);
        const float drop = log_cosh_of_reduced(message) - log_cosh_of_reduced(to[i]);
        to[members_ + i] *= t * t * exp_of_negative(std::min(4.0f * drop, 0.0f));
      }
      // Denormal numbers would be slow.
      to[i] = std::fabs(message) < 1e-18f ? 0.0f : message;
    }
  }
  now_.swap(next_);
}

double InteractionPopulation::renormalise() {
  if (!ensemble_.perturbed) return 0;
  const auto perturbations = std::span(now_).subspan(members_);
  double total = 0;
  for (const float each : perturbations) total += static_cast<double>(each);
  const double growth = total / static_cast<double>(members_);
  // Perturbations that died out begin anew.
  if (!(growth > 1e-9)) {
    std::fill(perturbations.begin(), perturbations.end(), 1.0f);
    return portable_log(1e-9);
  }
  const auto scale = static_cast<float>(1 / growth);
  for (float& each : perturbations) each = each * scale < 1e-25f ? 0.0f : each * scale;
  return portable_log(growth);
}

double InteractionPopulation::sweep(std::uint64_t step, double beta) {
  field_ = static_cast<float>(beta * ensemble_.field);
  gather_all(step);
  answer(step, beta);
  return renormalise();
}

// <tanh y'> = <tanh^2(beta J)> <tanh Y>.
double InteractionPopulation::sweep_at_mean(std::uint64_t step, double mean, double largest_beta) {
  field_ = 0;
  gather_all(step);
  double joined = 0;
  for (std::size_t i = 0; i < members_; ++i) joined += static_cast<double>(tanh_of(next_[i]));
  joined /= static_cast<double>(members_);
  const auto reached = [&](double beta) {
    return joined *
           mean_over_couplings(ensemble_.couplings, [&](double J) { return square_of_tanh(beta * J); });
  };
  double low = 0, high = largest_beta;
  const int halvings = reached(largest_beta) > mean ? 50 : 0;
  for (int i = 0; i < halvings; ++i) {
    const double middle = (low + high) / 2;
    (reached(middle) < mean ? low : high) = middle;
  }
  answer(step, high);
  renormalise();
  return high;
}

// -sum_a <J_a s_1 .. s_p> of 256 interactions.
double InteractionPopulation::measure_interactions(std::uint64_t step, std::size_t number,
                                                   double beta) const {
  const auto spins = static_cast<std::size_t>(ensemble_.spins);
  PopulationWords words(target_, stream_, step, number * spins, interaction_use);
  Floats J, joined, bond;
  Block block;
  draw_reduced_couplings(ensemble_, positive_threshold_, words, static_cast<float>(beta), J);
  for (std::size_t j = 0; j < spins; ++j) {
    gather_spin(step, number * spins + j, interaction_use, block);
    for (std::size_t i = 0; i < chunk; ++i)
      joined[i] = j == 0 ? block.field[i] : join_reduced(joined[i], block.field[i]);
  }
  for (std::size_t i = 0; i < chunk; ++i) bond[i] = J[i] * tanh_of(J[i] + joined[i]);
  double sum = 0;
  for (const float each : bond) sum -= static_cast<double>(each);
  return sum / beta;
}

InteractionAverages InteractionPopulation::measure(std::uint64_t step, double beta) const {
  const auto edges = static_cast<float>(1 - 1.0 / ensemble_.spins);
  double site_sum = 0, bond_sum = 0, m_sum = 0, q_sum = 0;
  Block block;
  Floats site;
  for (std::size_t c = 0; c < members_ / chunk; ++c) {
    bond_sum += measure_interactions(step, c, beta);
    gather_spin(step, c, site_use, block);
    for (std::size_t i = 0; i < chunk; ++i) site[i] = log_cosh_of_reduced(block.field[i]);
    for (const Floats& message : block.messages)
      for (std::size_t i = 0; i < chunk; ++i) {
        const float own = log_cosh_of_reduced(message[i]);
        const float edge =
            log_cosh_of_reduced(block.field[i]) - log_cosh_of_reduced(block.field[i] - message[i]) - own;
        site[i] -= own + edges * edge;
      }
    for (std::size_t i = 0; i < chunk; ++i) {
      const float m = tanh_of(block.field[i]);
      site_sum += static_cast<double>(site[i]);
      m_sum += static_cast<double>(m);
      q_sum += static_cast<double>(m * m);
    }
  }
  const auto count = static_cast<double>(members_);
  InteractionAverages averages;
  averages.magnetisation = m_sum / count;
  averages.overlap = q_sum / count;
  averages.above_paramagnet = -site_sum / count;
  averages.free_energy = paramagnet_free_energy(ensemble_, beta) + averages.above_paramagnet / beta;
  averages.energy =
      ensemble_.degrees.mean / ensemble_.spins * bond_sum / count - ensemble_.field * averages.magnetisation;
  return averages;
}

std::span<std::uint8_t> InteractionPopulation::bytes() {
  return {reinterpret_cast<std::uint8_t*>(now_.data()), now_.size() * sizeof(float)};
}

}  // namespace weiss
