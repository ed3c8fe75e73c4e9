#include "weiss/cavity/field_population.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <utility>

#include "weiss/base/error.hpp"
#include "weiss/cavity/float_functions.hpp"
#include "weiss/cavity/paramagnet.hpp"
#include "weiss/cavity/population_draws.hpp"
#include "weiss/rng/elementary.hpp"

namespace weiss {

namespace {

constexpr std::size_t chunk = FieldPopulation::chunk;
using Floats = ChunkFloats;
using Degrees = ChunkDegrees;

enum Use { update_use, left_use, right_use, site_use };

struct TanhKernel {
  static float first(float field, float beta) { return tanh_of(beta * field); }
  static float coupling(float J, float beta) { return tanh_of(beta * J); }
  static float join(float sum, float message) { return (sum + message) / (1.0f + sum * message); }
  // Far below any message that matters; denormal numbers would be slow.
  static float pass(float t, float sum, float) {
    const float message = t * sum;
    return std::fabs(message) < 1e-18f ? 0.0f : message;
  }
  static float slope(float t, float sum, float) {
    return t * (1.0f - sum * sum) / (1.0f - (t * sum) * (t * sum));
  }
};

struct DirectKernel {
  static float first(float field, float) { return field; }
  static float coupling(float J, float) { return J; }
  static float join(float sum, float message) { return sum + message; }
  static float pass(float J, float sum, float beta) {
    const float plus = std::fabs(sum + J), minus = std::fabs(sum - J);
    const float a = exp_of_negative(-2.0f * beta * plus), b = exp_of_negative(-2.0f * beta * minus);
    return 0.5f * (plus - minus) + atanh_of_small((a - b) / (2.0f + a + b)) / beta;
  }
  static float slope(float J, float sum, float beta) {
    return 0.5f * (tanh_of(beta * (sum + J)) - tanh_of(beta * (sum - J)));
  }
};

std::uint64_t threshold_of(double probability) {
  return static_cast<std::uint64_t>(std::llround(probability * 0x1p32));
}

std::size_t kinds_of(Perturbation perturbation) {
  return perturbation == Perturbation::none ? 0 : perturbation == Perturbation::both ? 2 : 1;
}

bool all_sites_alike(const std::vector<double>& probabilities) { return probabilities.back() == 1; }

// <sign J> at given |J|: of bimodal couplings 2 p - 1; of gaussian ones from exp(-(J - J0)^2 / 2 D^2) at J
// and -J.
void mean_signs(const CouplingDistribution& couplings, const Floats& J, Floats& sign) {
  if (couplings.kind == CouplingDistribution::Kind::bimodal) {
    sign.fill(static_cast<float>(2 * couplings.ferromagnetic_fraction - 1));
    return;
  }
  const auto scale = static_cast<float>(couplings.mean / (couplings.width * couplings.width));
  for (std::size_t i = 0; i < chunk; ++i) sign[i] = tanh_of(scale * std::fabs(J[i]));
}

// T ln cosh(y/T).
float log_cosh(float y, float beta) {
  return std::fabs(y) + (log_of_one_plus(exp_of_negative(-2.0f * beta * std::fabs(y))) - 0.693147181f) / beta;
}

// One more in the part of [-reach, reach] where each value lies; outer ones at the ends.
void count_in(std::span<const float> values, double reach, std::span<std::int64_t> counts) {
  const auto parts = static_cast<double>(counts.size());
  for (const float value : values) {
    const double place = (static_cast<double>(value) / reach + 1) / 2 * parts;
    ++counts[static_cast<std::size_t>(std::clamp(place, 0.0, parts - 1))];
  }
}

double log_cosh_of(double y, double beta) {
  return std::fabs(y) + (std::log1p(std::exp(-2 * beta * std::fabs(y))) - std::numbers::ln2) / beta;
}

}  // namespace

std::string_view name(FieldKernel kernel) {
  return kernel == FieldKernel::tanh ? "tanh_population" : "field_population";
}

double message_reach(const CouplingDistribution& couplings) {
  return couplings.kind == CouplingDistribution::Kind::bimodal
             ? couplings.width
             : std::abs(couplings.mean) + 5 * couplings.width;
}

double local_field_reach(const FieldEnsemble& ensemble) {
  const double most = static_cast<double>(ensemble.degrees.site.size()) - 1, mean = ensemble.degrees.mean;
  const double messages = std::min(most, std::ceil(mean + 4 * std::sqrt(mean)));
  const CouplingDistribution& couplings = ensemble.couplings;
  const double bound = messages * message_reach(couplings);
  if (couplings.kind == CouplingDistribution::Kind::bimodal) return std::abs(ensemble.field) + bound;
  const double usual = messages * std::abs(couplings.mean) + 5 * std::sqrt(messages) * couplings.width;
  return std::abs(ensemble.field) + std::min(bound, usual);
}

struct FieldPopulation::Block {
  Floats sum;       // of messages and field, as the kernel joins them
  Floats coupling;  // J
};

FieldPopulation::FieldPopulation(FieldEnsemble ensemble, std::size_t members, std::uint64_t seed,
                                 std::uint64_t key)
    : ensemble_(std::move(ensemble)),
      members_(members),
      update_(seed, key, StreamId::field_population),
      start_(seed, key, StreamId::field_population_start),
      measurement_(seed, key, StreamId::field_population_measurement),
      target_(simd_target()),
      excess_thresholds_(word_thresholds(ensemble_.degrees.excess)),
      site_thresholds_(word_thresholds(ensemble_.degrees.site)),
      positive_threshold_(threshold_of(ensemble_.couplings.ferromagnetic_fraction)),
      kinds_(kinds_of(ensemble_.perturbation)) {
  if (members == 0 || members % chunk != 0 || ensemble_.degrees.site.size() + first_slot > 256)
    throw Error(ExitCode::internal, "FieldPopulation: members must be a multiple of 256, degrees below 254");
  if (ensemble_.field != 0 && kinds_ > 0 && ensemble_.perturbation != Perturbation::square)
    throw Error(ExitCode::internal, "FieldPopulation: linear perturbations need a state without a field");
  now_.resize(members * (1 + kinds_));
  next_.resize(now_.size());
}

void FieldPopulation::set_ferromagnetic_fraction(double fraction) {
  ensemble_.couplings.ferromagnetic_fraction = fraction;
  positive_threshold_ = threshold_of(fraction);
}

void FieldPopulation::start(Start start, double beta) {
  const auto reach = static_cast<float>(ensemble_.couplings.width);
  const float message =
      ensemble_.kernel == FieldKernel::tanh ? tanh_of(static_cast<float>(beta) * reach) : reach;
  // Zeros belong to a random start: without them odd numbers of messages never make one at T = 0.
  for (std::size_t i = 0; i < members_; ++i) {
    const std::uint64_t third = start_.bits(0, i) >> 32;
    const float sign = start == Start::magnetised ? 1.0f : static_cast<float>(third * 3 >> 32) - 1.0f;
    now_[i] = start == Start::zero ? 0.0f : sign * message;
  }
  std::fill(now_.begin() + static_cast<std::ptrdiff_t>(members_), now_.end(), 1.0f);
}

std::span<float> FieldPopulation::part(std::vector<float>& all, std::size_t kind,
                                       std::size_t chunk_index) const {
  return {all.data() + kind * members_ + chunk_index * chunk, chunk};
}

// Through the bond: the messages, and the perturbations, whose sums are in next_.
template <class Kernel>
void FieldPopulation::pass_on(Block& block, std::size_t chunk_index, const PopulationWords::Array& signs,
                              float beta) {
  Floats slope, sign;
  const bool linear = kinds_ > 0 && ensemble_.perturbation != Perturbation::square;
  if (linear) mean_signs(ensemble_.couplings, block.coupling, sign);
  for (float& each : block.coupling) each = Kernel::coupling(each, beta);
  const std::span<float> to = part(next_, 0, chunk_index);
  for (std::size_t i = 0; i < chunk; ++i) to[i] = Kernel::pass(block.coupling[i], block.sum[i], beta);
  // The signs are even under the perturbation: its mean is the same at u and at -u.
  if (ensemble_.symmetrised)
    for (std::size_t i = 0; i < chunk; ++i) to[i] = (signs[i] & 1) != 0 ? -to[i] : to[i];
  if (kinds_ == 0) return;
  for (std::size_t i = 0; i < chunk; ++i) slope[i] = Kernel::slope(block.coupling[i], block.sum[i], beta);
  const std::span<float> first = part(next_, 1, chunk_index), last = part(next_, kinds_, chunk_index);
  if (linear)
    for (std::size_t i = 0; i < chunk; ++i) first[i] *= sign[i] * std::fabs(slope[i]);
  if (ensemble_.perturbation != Perturbation::linear)
    for (std::size_t i = 0; i < chunk; ++i) last[i] *= slope[i] * slope[i];
}

template <class Kernel, std::size_t kinds>
void FieldPopulation::sweep_with(std::uint64_t step, float beta) {
  const bool alike = all_sites_alike(ensemble_.degrees.excess);
  const float first = Kernel::first(static_cast<float>(ensemble_.field), beta);
  std::array<std::span<const float>, 1 + kinds> from;
  for (std::size_t kind = 0; kind <= kinds; ++kind) from[kind] = {now_.data() + kind * members_, members_};
  Block block;
  Floats gathered;
  std::array<Floats, kinds> change;
  for (std::size_t c = 0; c < members_ / chunk; ++c) {
    PopulationWords words(target_, update_, step, c, update_use);
    draw_couplings(ensemble_.couplings, positive_threshold_, words.array(coupling_words), block.coupling);
    const PopulationWords::Array degree_word = words.array(degree_words);
    block.sum.fill(first);
    for (Floats& each : change) each.fill(0.0f);
    for (std::size_t slot = 0; slot + 1 < excess_thresholds_.size(); ++slot) {
      const std::size_t count = alike ? chunk : members_beyond(excess_thresholds_[slot], degree_word);
      if (count == 0) break;
      const PopulationWords::Array& indices = words.array(first_slot + slot);
      gather(from[0], indices, gathered, count);
      for (std::size_t i = 0; i < count; ++i) block.sum[i] = Kernel::join(block.sum[i], gathered[i]);
      for (std::size_t kind = 1; kind <= kinds; ++kind) {
        gather(from[kind], indices, gathered, count);
        for (std::size_t i = 0; i < count; ++i) change[kind - 1][i] += gathered[i];
      }
    }
    for (std::size_t kind = 1; kind <= kinds; ++kind)
      std::copy(change[kind - 1].begin(), change[kind - 1].end(), part(next_, kind, c).begin());
    pass_on<Kernel>(block, c, degree_word, beta);
  }
}

template <class Kernel>
void FieldPopulation::sweep_kernel(std::uint64_t step, float beta) {
  if (kinds_ == 0)
    sweep_with<Kernel, 0>(step, beta);
  else if (kinds_ == 1)
    sweep_with<Kernel, 1>(step, beta);
  else
    sweep_with<Kernel, 2>(step, beta);
}

PerturbationGrowth FieldPopulation::sweep(std::uint64_t step, double beta) {
  if (ensemble_.kernel == FieldKernel::tanh)
    sweep_kernel<TanhKernel>(step, static_cast<float>(beta));
  else
    sweep_kernel<DirectKernel>(step, static_cast<float>(beta));
  now_.swap(next_);
  PerturbationGrowth growth;
  if (kinds_ > 0 && ensemble_.perturbation != Perturbation::square) growth.linear = normalise(1);
  if (kinds_ > 0 && ensemble_.perturbation != Perturbation::linear) growth.square = normalise(kinds_);
  return growth;
}

// Perturbations to a mean of 1; the logarithm of what it was.
double FieldPopulation::normalise(std::size_t kind) {
  const std::span<float> perturbations(now_.data() + kind * members_, members_);
  double total = 0;
  for (const float each : perturbations) total += static_cast<double>(each);
  const double growth = total / static_cast<double>(members_);
  // One that died out begins anew.
  if (!(growth > 1e-9)) {
    std::fill(perturbations.begin(), perturbations.end(), 1.0f);
    return portable_log(1e-9);
  }
  const auto scale = static_cast<float>(1 / growth);
  for (float& each : perturbations) each = std::fabs(each * scale) < 1e-25f ? 0.0f : each * scale;
  return portable_log(growth);
}

std::vector<float> FieldPopulation::fields(double beta) const {
  std::vector<float> fields(now_.begin(), now_.begin() + static_cast<std::ptrdiff_t>(members_));
  if (ensemble_.kernel == FieldKernel::field) return fields;
  const auto half_temperature = static_cast<float>(0.5 / beta);
  for (float& each : fields) each = half_temperature * log_of_positive((1.0f + each) / (1.0f - each));
  return fields;
}

void FieldPopulation::combine_chunk(std::span<const float> fields, const Stream& stream, std::uint64_t step,
                                    std::size_t chunk_index, int use, Block& block) const {
  PopulationWords words(target_, stream, step, chunk_index, use);
  if (use == left_use)
    draw_couplings(ensemble_.couplings, positive_threshold_, words.array(coupling_words), block.coupling);
  const Degrees degrees =
      draw_degrees(use == site_use ? site_thresholds_ : excess_thresholds_, words.array(degree_words));
  block.sum.fill(static_cast<float>(ensemble_.field));
  Floats gathered;
  for (std::size_t slot = 0; slot < degrees.most; ++slot) {
    gather(fields, words.array(first_slot + slot), gathered);
    drop_absent(degrees, slot, gathered);
    for (std::size_t i = 0; i < chunk; ++i) block.sum[i] += gathered[i];
  }
}

FieldAverages FieldPopulation::measure(std::uint64_t step, double beta,
                                       std::span<std::int64_t> field_counts) const {
  const std::vector<float> messages = fields(beta);
  const auto b = static_cast<float>(beta);
  Block left, right, site;
  double site_sum = 0, edge_sum = 0, bond_sum = 0, m_sum = 0, q_sum = 0;
  Floats edge, bond, m;
  for (std::size_t c = 0; c < members_ / chunk; ++c) {
    combine_chunk(messages, measurement_, step, c, left_use, left);
    combine_chunk(messages, measurement_, step, c, right_use, right);
    combine_chunk(messages, measurement_, step, c, site_use, site);
    for (std::size_t i = 0; i < chunk; ++i) {
      const float x = left.sum[i], y = right.sum[i], u = messages[c * chunk + i];
      edge[i] = log_cosh(y + u, b) - log_cosh(y, b) + log_cosh(u, b);
      bond[i] = left.coupling[i] *
                tanh_of(b * (left.coupling[i] + 0.5f * (log_cosh(x + y, b) - log_cosh(x - y, b))));
    }
    if (!field_counts.empty()) count_in(site.sum, local_field_reach(ensemble_), field_counts);
    for (std::size_t i = 0; i < chunk; ++i) m[i] = tanh_of(b * site.sum[i]);
    for (std::size_t i = 0; i < chunk; ++i) {
      site_sum += static_cast<double>(log_cosh(site.sum[i], b));
      edge_sum += static_cast<double>(edge[i]);
      bond_sum += static_cast<double>(bond[i]);
      m_sum += static_cast<double>(m[i]);
      q_sum += static_cast<double>(m[i] * m[i]);
    }
  }
  const auto count = static_cast<double>(members_);
  const double bonds = ensemble_.degrees.mean / 2;
  const auto coupling_term = [&](double J) { return log_cosh_of(J, beta); };
  FieldAverages averages;
  averages.magnetisation = m_sum / count;
  averages.overlap = q_sum / count;
  averages.free_energy =
      -(std::numbers::ln2 / beta + bonds * mean_over_couplings(ensemble_.couplings, coupling_term) +
        site_sum / count - bonds * edge_sum / count);
  averages.energy = beta >= zero_temperature_beta
                        ? averages.free_energy
                        : -bonds * bond_sum / count - ensemble_.field * averages.magnetisation;
  return averages;
}

std::vector<std::int64_t> FieldPopulation::histogram(std::size_t bins, double beta) const {
  std::vector<std::int64_t> counts(bins, 0);
  const double reach = message_reach(ensemble_.couplings);
  count_in(fields(beta), reach, counts);
  return counts;
}

std::span<std::uint8_t> FieldPopulation::bytes() {
  return {reinterpret_cast<std::uint8_t*>(now_.data()), now_.size() * sizeof(float)};
}

}  // namespace weiss
