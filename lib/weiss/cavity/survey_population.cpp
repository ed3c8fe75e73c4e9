#include "weiss/cavity/survey_population.hpp"

#include <cmath>
#include <cstdlib>
#include <utility>

#include "weiss/base/error.hpp"
#include "weiss/cavity/population_draws.hpp"
#include "weiss/rng/elementary.hpp"

namespace weiss {

namespace {

constexpr std::size_t chunk = SurveyPopulation::chunk;

enum Use { update_use, edge_use, site_use };

// Weights of the sums -reach ... reach of messages, of 256 members side by side.
class ChunkWeights {
 public:
  explicit ChunkWeights(std::size_t most) : now_(2 * most + 1), next_(2 * most + 1), centre_(most) {}

  void clear() {
    reach_ = 0;
    now_[centre_].fill(1.0f);
  }
  // One more message each: plus, minus with factor exp(-y), the rest without a sign.
  void add(const ChunkFloats& plus, const ChunkFloats& minus, float factor) {
    ChunkFloats zero, up, down;
    for (std::size_t i = 0; i < chunk; ++i) {
      zero[i] = 1.0f - plus[i] - minus[i];
      up[i] = factor * plus[i];
      down[i] = factor * minus[i];
    }
    for (std::size_t edge = centre_ + reach_ + 1; edge <= centre_ + reach_ + 2 && edge < now_.size();
         ++edge) {
      now_[edge].fill(0.0f);
      now_[2 * centre_ - edge].fill(0.0f);
    }
    ++reach_;
    for (std::size_t x = centre_ - reach_; x <= centre_ + reach_; ++x) {
      const ChunkFloats& here = now_[x];
      const ChunkFloats& below = x > 0 ? now_[x - 1] : none_;
      const ChunkFloats& above = x + 1 < now_.size() ? now_[x + 1] : none_;
      ChunkFloats& to = next_[x];
      for (std::size_t i = 0; i < chunk; ++i)
        to[i] = zero[i] * here[i] + up[i] * below[i] + down[i] * above[i];
    }
    now_.swap(next_);
  }
  // f(sum, weights).
  template <class F>
  void for_each(F&& f) const {
    for (std::size_t x = centre_ - reach_; x <= centre_ + reach_; ++x)
      f(static_cast<std::int64_t>(x) - static_cast<std::int64_t>(centre_), now_[x]);
  }

 private:
  std::vector<ChunkFloats> now_, next_;
  ChunkFloats none_{};
  std::size_t centre_, reach_ = 0;
};

// Weights of one member in double precision, with their derivatives by y.
class DualWeights {
 public:
  explicit DualWeights(std::size_t most) : weight_(2 * most + 1), slope_(2 * most + 1), centre_(most) {}

  void clear() {
    reach_ = 0;
    weight_[centre_] = 1;
    slope_[centre_] = 0;
  }
  void add(double plus, double minus, double factor) {
    const double zero = 1 - plus - minus, up = factor * plus, down = factor * minus;
    double below_weight = 0, below_slope = 0;
    for (const std::size_t edge : {centre_ - reach_ - 1, centre_ + reach_ + 1})
      weight_[edge] = slope_[edge] = 0;
    const std::size_t last = centre_ + ++reach_;
    for (std::size_t x = centre_ - reach_; x <= last; ++x) {
      const double here_weight = weight_[x], here_slope = slope_[x];
      const double above_weight = x < last ? weight_[x + 1] : 0, above_slope = x < last ? slope_[x + 1] : 0;
      weight_[x] = zero * here_weight + up * below_weight + down * above_weight;
      slope_[x] = zero * here_slope + up * (below_slope - below_weight) + down * (above_slope - above_weight);
      below_weight = here_weight;
      below_slope = here_slope;
    }
  }
  // ln Z and d ln Z / dy, Z the sum of weights times exp(y |sum + field|).
  std::pair<double, double> site(double y, std::int64_t field) const {
    double sum = 0, slope = 0;
    for_each([&](std::int64_t x, double weight, double weight_slope) {
      const double exponential = std::exp(y * size(x + field));
      sum += weight * exponential;
      slope += (weight_slope + size(x + field) * weight) * exponential;
    });
    return {std::log(sum), slope / sum};
  }
  // The same of an edge, whose one end has the field of these messages, whose other end sends the given one:
  // Z = <exp(y (|x + u| - |x| - |u|))>, its derivative at fixed distributions of x and u.
  std::pair<double, double> edge(double y, std::int64_t field, double plus, double minus) const {
    double norm = 0, sum = 0, slope = 0;
    for_each([&](std::int64_t number, double weight, double) {
      const std::int64_t x = number + field;
      norm += weight * std::exp(y * size(x));
      sum += weight * (1 - plus - minus) * std::exp(y * size(x));
      for (const std::int64_t u : {-1, 1}) {
        const double term = weight * (u > 0 ? plus : minus) * std::exp(y * (size(x + u) - 1));
        sum += term;
        slope += term * (size(x + u) - size(x) - 1);
      }
    });
    return {std::log(sum / norm), slope / sum};
  }

 private:
  static double size(std::int64_t x) { return static_cast<double>(std::abs(x)); }
  template <class F>
  void for_each(F&& f) const {
    for (std::size_t x = centre_ - reach_; x <= centre_ + reach_; ++x)
      f(static_cast<std::int64_t>(x) - static_cast<std::int64_t>(centre_), weight_[x], slope_[x]);
  }

  std::vector<double> weight_, slope_;
  std::size_t centre_, reach_ = 0;
};

}  // namespace

SurveyPopulation::SurveyPopulation(SurveyEnsemble ensemble, std::size_t members, std::uint64_t seed,
                                   std::uint64_t key)
    : ensemble_(std::move(ensemble)),
      members_(members),
      update_(seed, key, StreamId::survey_population),
      start_(seed, key, StreamId::survey_population_start),
      measurement_(seed, key, StreamId::survey_population_measurement),
      target_(simd_target()),
      excess_thresholds_(word_thresholds(ensemble_.degrees.excess)),
      site_thresholds_(word_thresholds(ensemble_.degrees.site)),
      positive_threshold_(
          static_cast<std::uint64_t>(std::llround(ensemble_.ferromagnetic_fraction * 0x1p32))),
      now_(2 * members),
      next_(2 * members) {
  if (members == 0 || members % chunk != 0 || ensemble_.degrees.site.size() + first_slot > 256)
    throw Error(ExitCode::internal, "SurveyPopulation: members must be a multiple of 256, degrees below 254");
}

void SurveyPopulation::start() {
  for (std::size_t i = 0; i < members_; ++i) {
    // A uniform point of the triangle of distributions.
    const std::uint64_t bits = start_.bits(0, i);
    auto a = static_cast<float>(bits >> 40) * 0x1p-24f;
    auto b = static_cast<float>(bits & 0xffffff) * 0x1p-24f;
    if (a + b > 1.0f) {
      a = 1.0f - a;
      b = 1.0f - b;
    }
    now_[i] = a;
    now_[members_ + i] = b;
  }
}

void SurveyPopulation::sweep(std::uint64_t step) {
  const double y = ensemble_.reweighting;
  const auto factor = static_cast<float>(portable_exp(-y));
  ChunkWeights weights(ensemble_.degrees.excess.size());
  ChunkFloats gathered_plus, gathered_minus, up, down, zero;
  for (std::size_t c = 0; c < members_ / chunk; ++c) {
    PopulationWords words(target_, update_, step, c, update_use);
    const PopulationWords::Array signs = words.array(coupling_words);
    const ChunkDegrees degrees = draw_degrees(excess_thresholds_, words.array(degree_words));
    weights.clear();
    for (std::size_t slot = 0; slot < degrees.most; ++slot) {
      const PopulationWords::Array& partners = words.array(first_slot + slot);
      gather(plus(), partners, gathered_plus);
      gather(minus(), partners, gathered_minus);
      drop_absent(degrees, slot, gathered_plus);
      drop_absent(degrees, slot, gathered_minus);
      weights.add(gathered_plus, gathered_minus, factor);
    }
    up.fill(0.0f);
    down.fill(0.0f);
    zero.fill(0.0f);
    weights.for_each([&](std::int64_t sum, const ChunkFloats& weight) {
      const std::int64_t x = sum + ensemble_.field;
      const auto exponential = static_cast<float>(portable_exp(y * static_cast<double>(std::abs(x))));
      ChunkFloats& to = x > 0 ? up : x < 0 ? down : zero;
      for (std::size_t i = 0; i < chunk; ++i) to[i] += exponential * weight[i];
    });
    float* const to_plus = next_.data() + c * chunk;
    float* const to_minus = to_plus + members_;
    for (std::size_t i = 0; i < chunk; ++i) {
      const float scale = 1.0f / (up[i] + down[i] + zero[i]);
      const bool positive = signs[i] < positive_threshold_;
      to_plus[i] = scale * (positive ? up[i] : down[i]);
      to_minus[i] = scale * (positive ? down[i] : up[i]);
    }
  }
  now_.swap(next_);
}

// The random messages of an edge's end or of a site, for the members of a chunk.
class SurveyPopulation::Partners {
 public:
  Partners(const SurveyPopulation& population, std::uint64_t step, std::size_t chunk_index, int use)
      : members_(population.members_) {
    PopulationWords words(population.target_, population.measurement_, step, chunk_index, use);
    degrees_ = draw_degrees(use == site_use ? population.site_thresholds_ : population.excess_thresholds_,
                            words.array(degree_words));
    for (std::size_t slot = 0; slot < degrees_.most; ++slot) slots_.push_back(words.array(first_slot + slot));
  }
  template <class F>
  void for_each(std::size_t i, F&& f) const {
    for (std::size_t slot = 0; slot < degrees_.of[i]; ++slot) f(partner(slots_[slot][i], members_));
  }

 private:
  std::size_t members_;
  ChunkDegrees degrees_;
  std::vector<PopulationWords::Array> slots_;
};

SurveyAverages SurveyPopulation::measure(std::uint64_t step) const {
  const double y = ensemble_.reweighting, factor = std::exp(-y);
  DualWeights weights(ensemble_.degrees.site.size() + 1);
  double log_sum = 0, slope_sum = 0;  // of ln Z_site - (c/2) ln Z_edge
  double zero_sum = 0, square_sum = 0;
  const double bonds = ensemble_.degrees.mean / 2;
  const auto message = [&](std::size_t member) {
    return std::pair(static_cast<double>(plus()[member]), static_cast<double>(minus()[member]));
  };
  const auto add = [&](std::size_t member) {
    const auto [up, down] = message(member);
    weights.add(up, down, factor);
  };
  const auto note = [&](double coefficient, std::pair<double, double> logarithm_and_slope) {
    log_sum += coefficient * logarithm_and_slope.first;
    slope_sum += coefficient * logarithm_and_slope.second;
  };
  const bool regular = ensemble_.degrees.site.back() == 1;
  for (std::size_t c = 0; c < members_ / chunk; ++c) {
    const Partners edges(*this, step, c, edge_use), sites(*this, step, c, site_use);
    for (std::size_t i = 0; i < chunk; ++i) {
      const auto [up, down] = message(c * chunk + i);
      weights.clear();
      edges.for_each(i, add);
      note(-bonds, weights.edge(y, ensemble_.field, up, down));
      // Where all sites are alike, the messages of an edge are those of a site: one sample for both.
      if (regular) {
        add(c * chunk + i);
      } else {
        weights.clear();
        sites.for_each(i, add);
      }
      note(1, weights.site(y, ensemble_.field));
      zero_sum += 1 - up - down;
      square_sum += (up - down) * (up - down);
    }
  }
  const auto count = static_cast<double>(members_);
  SurveyAverages averages;
  averages.free_energy = -(log_sum / count + y * bonds) / y;
  averages.energy = -(slope_sum / count + bonds);
  averages.complexity = y * (averages.energy - averages.free_energy);
  averages.zero_message = zero_sum / count;
  averages.polarisation = square_sum / count;
  return averages;
}

std::span<std::uint8_t> SurveyPopulation::bytes() {
  return {reinterpret_cast<std::uint8_t*>(now_.data()), now_.size() * sizeof(float)};
}

}  // namespace weiss
