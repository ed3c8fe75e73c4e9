#include "weiss/dmft/segment_results.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <numbers>
#include <numeric>

#include "weiss/base/error.hpp"
#include "weiss/dmft/matsubara.hpp"

namespace weiss {

namespace {

constexpr std::size_t intervals = hybridization_intervals;

Estimates ratio_of(const Bins& numerator, const Bins& denominator) {
  const std::array inputs{numerator, denominator};
  return jackknife(inputs, [](std::span<const double> means, std::size_t) { return means[0] / means[1]; });
}

}  // namespace

SegmentResults::SegmentResults(const SegmentProblem& problem, std::vector<SegmentBlock> blocks,
                               std::size_t blocks_per_stream)
    : problem_(problem), blocks_(std::move(blocks)), independent_(blocks_per_stream == 1) {
  bool good = !blocks_.empty();
  for (const SegmentBlock& block : blocks_)
    good = good && block.updates == blocks_[0].updates && block.density.size() == flavours() &&
           block.green.size() == flavours() * intervals * 4;
  if (!good)
    throw Error(ExitCode::internal, "segment solver: results need blocks, all of one length and one problem");
}

// The extracted numbers of every block and their mean.
Bins SegmentResults::bins(const Extract& extract) const {
  Bins bins;
  bins.independent = independent_;
  for (const SegmentBlock& block : blocks_) {
    const std::vector<double> values = extract(block);
    bins.mean.resize(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) bins.mean[i] += values[i];
    bins.values.insert(bins.values.end(), values.begin(), values.end());
  }
  for (double& mean : bins.mean) mean /= static_cast<double>(blocks_.size());
  return bins;
}

Estimates SegmentResults::per_sign(const Extract& extract) const {
  const Bins numerator = bins(extract);
  const std::size_t length = numerator.length();
  return ratio_of(numerator,
                  bins([&](const SegmentBlock& block) { return std::vector(length, block.sign[0]); }));
}

Estimates SegmentResults::sign() const {
  const std::array inputs{bins([](const SegmentBlock& block) { return block.sign; })};
  return jackknife(inputs, [](std::span<const double> means, std::size_t) { return means[0]; });
}
Estimates SegmentResults::density() const {
  return per_sign([](const SegmentBlock& block) { return block.density; });
}
Estimates SegmentResults::overlap() const {
  return per_sign([](const SegmentBlock& block) { return block.overlap; });
}
Estimates SegmentResults::order() const {
  return per_sign([](const SegmentBlock& block) { return block.order; });
}
Estimates SegmentResults::histogram() const {
  return per_sign([](const SegmentBlock& block) { return block.histogram; });
}

Estimates SegmentResults::overlap_at_half_filling() const {
  const std::size_t n = flavours();
  return per_sign([n](const SegmentBlock& block) {
    std::vector<double> result(n * n);
    for (std::size_t a = 0; a < n; ++a)
      for (std::size_t b = 0; b < n; ++b)
        result[a * n + b] =
            a == b ? 0.5 * block.sign[0]
                   : block.overlap[a * n + b] + (block.sign[0] - block.density[a] - block.density[b]) / 2;
    return result;
  });
}

Estimates SegmentResults::combinations(std::span<const DensityCombination> wanted) const {
  return per_sign([wanted](const SegmentBlock& block) {
    std::vector<double> values;
    for (const DensityCombination& each : wanted)
      values.push_back(
          each.constant * block.sign[0] +
          std::inner_product(each.density.begin(), each.density.end(), block.density.begin(), 0.0) +
          std::inner_product(each.overlap.begin(), each.overlap.end(), block.overlap.begin(), 0.0));
    return values;
  });
}

std::vector<double> SegmentResults::acceptance() const {
  std::vector<double> result;
  for (std::size_t m = 0; m < segment_moves; ++m) {
    double proposed = 0, accepted = 0;
    for (const SegmentBlock& block : blocks_) {
      proposed += block.proposed[m];
      accepted += block.accepted[m];
    }
    result.push_back(proposed > 0 ? accepted / proposed : 0);
  }
  return result;
}

// -(1/beta) sum over bins of (moment 0 x mean of f + moment 1 x 12 mean of x f): exact where G and f are
// linear in each bin, with an error of fourth order in its width.
std::vector<double> SegmentResults::project(const SegmentBlock& block, std::size_t a, Kind kind,
                                            std::span<const double> weights) const {
  const std::size_t functions = weights.size() / (2 * intervals);
  const double* moments = &block.green[a * intervals * 4 + (kind == Kind::green ? 0 : 2)];
  std::vector<double> result(functions);
  // Four functions at a time, whose sums do not wait for each other.
  constexpr std::size_t together = 4;
  for (std::size_t first = 0; first < functions; first += together) {
    const std::size_t count = std::min(together, functions - first);
    const double* weight[together];
    for (std::size_t f = 0; f < together; ++f)
      weight[f] = &weights[2 * intervals * (first + std::min(f, count - 1))];
    double sum[together] = {};
    for (std::size_t bin = 0; bin < intervals; ++bin)
      for (std::size_t f = 0; f < together; ++f)
        sum[f] += moments[4 * bin] * weight[f][2 * bin] + moments[4 * bin + 1] * weight[f][2 * bin + 1];
    for (std::size_t f = 0; f < count; ++f) result[first + f] = -sum[f] / problem_.beta;
  }
  return result;
}

std::vector<std::vector<double>> SegmentResults::projections(std::size_t a, Kind kind,
                                                             const std::vector<double>& weights) const {
  const std::size_t ranks = communicator_ ? static_cast<std::size_t>(communicator_->size()) : 1;
  const std::size_t rank = communicator_ ? static_cast<std::size_t>(communicator_->rank()) : 0;
  const std::size_t first = blocks_.size() * rank / ranks, last = blocks_.size() * (rank + 1) / ranks;
  std::vector<double> numbers;
  for (std::size_t b = first; b < last; ++b) {
    const std::vector<double> row = project(blocks_[b], a, kind, weights);
    numbers.insert(numbers.end(), row.begin(), row.end());
  }
  if (ranks > 1) numbers = communicator_->all_gather_varying<double>(numbers);
  const auto length = static_cast<std::ptrdiff_t>(numbers.size() / blocks_.size());
  std::vector<std::vector<double>> of_blocks;
  for (auto row = numbers.begin(); of_blocks.size() < blocks_.size(); row += length)
    of_blocks.emplace_back(row, row + length);
  return of_blocks;
}

Estimates SegmentResults::projected(std::size_t a, Kind kind, const std::vector<double>& weights) const {
  const std::vector<std::vector<double>> of_blocks = projections(a, kind, weights);
  return per_sign([&](const SegmentBlock& block) {
    return of_blocks[static_cast<std::size_t>(&block - blocks_.data())];
  });
}

Estimates SegmentResults::green_tau(std::size_t a, std::size_t points) const {
  if (points == 0 || intervals % points != 0)
    throw Error(ExitCode::bad_deck, "segment solver: intervals of G(tau) must divide 1024");
  const std::size_t width = intervals / points;
  return per_sign([&, a](const SegmentBlock& block) {
    std::vector<double> result(points);
    for (std::size_t bin = 0; bin < intervals; ++bin)
      result[bin / width] += block.green[(a * intervals + bin) * 4];
    for (double& value : result) value *= -static_cast<double>(points) / (problem_.beta * problem_.beta);
    return result;
  });
}

Estimates SegmentResults::green_in(std::size_t a, const Basis& basis) const {
  return projected(a, Kind::green, bin_weights(problem_.beta, basis));
}
Estimates SegmentResults::interaction_green_in(std::size_t a, const Basis& basis) const {
  return projected(a, Kind::interaction_green, bin_weights(problem_.beta, basis));
}

namespace {

// Gauss-Legendre nodes and weights of four points on [-1/2, 1/2].
constexpr double bin_node[4] = {-0.43056815579702629, -0.16999052179242813, 0.16999052179242813,
                                0.43056815579702629};
constexpr double bin_weight[4] = {0.17392742256872693, 0.32607257743127307, 0.32607257743127307,
                                  0.17392742256872693};

// bin_weights of sqrt(2 l + 1) P_l(2 tau/beta - 1), all l at once by their recurrence.
std::vector<double> legendre_bin_weights(std::size_t count) {
  std::vector<double> weights(2 * intervals * count);
  for (std::size_t bin = 0; bin < intervals; ++bin)
    for (int q = 0; q < 4; ++q) {
      const double x =
          2 * (static_cast<double>(bin) + 0.5 + bin_node[q]) / static_cast<double>(intervals) - 1;
      double before = 0, polynomial = 1;
      for (std::size_t l = 0; l < count; ++l) {
        const auto degree = static_cast<double>(l);
        const double value = bin_weight[q] * std::sqrt(2 * degree + 1) * polynomial;
        weights[2 * (intervals * l + bin)] += value;
        weights[2 * (intervals * l + bin) + 1] += 12 * bin_node[q] * value;
        const double next = ((2 * degree + 1) * x * polynomial - degree * before) / (degree + 1);
        before = polynomial;
        polynomial = next;
      }
    }
  return weights;
}

}  // namespace

Estimates SegmentResults::green_legendre(std::size_t a, std::size_t count) const {
  return projected(a, Kind::green, legendre_bin_weights(count));
}
Estimates SegmentResults::interaction_green_legendre(std::size_t a, std::size_t count) const {
  return projected(a, Kind::interaction_green, legendre_bin_weights(count));
}
namespace {

std::vector<std::int64_t> first_frequencies(std::size_t count) {
  std::vector<std::int64_t> frequencies(count);
  std::iota(frequencies.begin(), frequencies.end(), 0);
  return frequencies;
}

}  // namespace

Estimates SegmentResults::green_matsubara(std::size_t a, std::span<const std::int64_t> frequencies) const {
  return projected(a, Kind::green, matsubara_bin_weights(frequencies));
}
Estimates SegmentResults::green_matsubara(std::size_t a, std::size_t count) const {
  return green_matsubara(a, first_frequencies(count));
}
Estimates SegmentResults::self_energy(std::size_t a, std::size_t count) const {
  return self_energy(a, first_frequencies(count));
}

Estimates SegmentResults::self_energy(std::size_t a, std::span<const std::int64_t> frequencies) const {
  const std::vector<double> weights = matsubara_bin_weights(frequencies);
  const std::size_t count = frequencies.size();
  // Component n and n + count both need the real and the imaginary part of frequency n.
  const auto interaction_green = projections(a, Kind::interaction_green, weights),
             green = projections(a, Kind::green, weights);
  const auto part = [&](const std::vector<std::vector<double>>& of_blocks, std::size_t offset) {
    return bins([&, offset](const SegmentBlock& block) {
      std::vector<double> values = of_blocks[static_cast<std::size_t>(&block - blocks_.data())];
      for (std::size_t n = 0; n < count; ++n) values[n] = values[n + count] = values[n + offset];
      return values;
    });
  };
  const std::array inputs{part(interaction_green, 0), part(interaction_green, count), part(green, 0),
                          part(green, count)};
  return jackknife(inputs, [count](std::span<const double> means, std::size_t component) {
    const Complex ratio = Complex(means[0], means[1]) / Complex(means[2], means[3]);
    return component < count ? ratio.real() : ratio.imag();
  });
}

Estimates SegmentResults::self_energy_moments(std::size_t a) const {
  if (!problem_.screening.empty())
    throw Error(ExitCode::internal, "moments of a self-energy with a retarded interaction are not measured");
  // Both components need all means: they are inputs of two equal components each.
  const std::size_t n = flavours();
  const auto twice = [&](const Extract& extract) {
    return bins([&](const SegmentBlock& block) { return std::vector(2, extract(block)[0]); });
  };
  std::vector<Bins> inputs{twice([](const SegmentBlock& block) { return block.sign; })};
  for (std::size_t b = 0; b < n; ++b)
    inputs.push_back(twice([b](const SegmentBlock& block) { return std::vector{block.density[b]}; }));
  for (std::size_t pair = 0; pair < n * n; ++pair)
    inputs.push_back(twice([pair](const SegmentBlock& block) { return std::vector{block.overlap[pair]}; }));
  const auto interaction = std::span(problem_.interaction).subspan(a * n, n);
  return jackknife(inputs, [n, interaction](std::span<const double> means, std::size_t component) {
    const auto density = [&](std::size_t b) { return means[1 + b] / means[0]; };
    double constant = 0, first = 0;
    for (std::size_t b = 0; b < n; ++b) {
      constant += interaction[b] * density(b);
      for (std::size_t c = 0; c < n; ++c)
        first +=
            interaction[b] * interaction[c] * (means[1 + n + b * n + c] / means[0] - density(b) * density(c));
    }
    return component == 0 ? constant : first;
  });
}

namespace {

constexpr std::size_t correlation_length = density_points / 2 + 1;

}  // namespace

Estimates SegmentResults::density_correlation(std::size_t a, std::size_t b) const {
  const std::size_t pair = a * flavours() + b;
  return per_sign([pair](const SegmentBlock& block) {
    const auto first =
        block.density_correlation.begin() + static_cast<std::ptrdiff_t>(pair * correlation_length);
    return std::vector<double>(first, first + correlation_length);
  });
}

Estimates SegmentResults::spin_correlation() const {
  const std::size_t n = flavours();
  return per_sign([n](const SegmentBlock& block) {
    std::vector<double> sum(correlation_length);
    for (std::size_t a = 0; a < n; ++a)
      for (std::size_t b = 0; b < n; ++b)
        for (std::size_t r = 0; r < correlation_length; ++r)
          sum[r] += (a % 2 == b % 2 ? 0.25 : -0.25) *
                    block.density_correlation[(a * n + b) * correlation_length + r];
    return sum;
  });
}

Estimates SegmentResults::density_susceptibility(std::size_t a, std::size_t b) const {
  const std::size_t first = (a * flavours() + b) * density_frequencies;
  return per_sign([this, first](const SegmentBlock& block) {
    std::vector<double> result(density_frequencies);
    for (std::size_t m = 0; m < density_frequencies; ++m)
      result[m] = problem_.beta * block.density_product[first + m];
    return result;
  });
}

Estimates SegmentResults::spin_susceptibility() const {
  const std::size_t n = flavours();
  return per_sign([this, n](const SegmentBlock& block) {
    std::vector<double> sum(density_frequencies);
    for (std::size_t a = 0; a < n; ++a)
      for (std::size_t b = 0; b < n; ++b)
        for (std::size_t m = 0; m < density_frequencies; ++m)
          sum[m] += (a % 2 == b % 2 ? 0.25 : -0.25) * problem_.beta *
                    block.density_product[(a * n + b) * density_frequencies + m];
    return sum;
  });
}

Estimates SegmentResults::connected(LocalDensity which, const PairExtract& pair, double factor) const {
  const std::size_t n = flavours(), length = pair(blocks_[0], 0).size();
  const auto weight = [which](std::size_t a) {
    return which == LocalDensity::charge ? 1.0 : a % 2 == 0 ? 0.5 : -0.5;
  };
  const std::array inputs{bins([&](const SegmentBlock& block) { return std::vector(length, block.sign[0]); }),
                          bins([&](const SegmentBlock& block) {
                            double sum = 0;
                            for (std::size_t a = 0; a < n; ++a) sum += weight(a) * block.density[a];
                            return std::vector(length, sum);
                          }),
                          bins([&](const SegmentBlock& block) {
                            std::vector<double> sum(length);
                            for (std::size_t a = 0; a < n; ++a)
                              for (std::size_t b = 0; b < n; ++b) {
                                const std::span<const double> values = pair(block, a * n + b);
                                for (std::size_t i = 0; i < length; ++i)
                                  sum[i] += weight(a) * weight(b) * values[i];
                              }
                            return sum;
                          })};
  return jackknife(inputs, [factor](std::span<const double> means, std::size_t) {
    const double mean = means[1] / means[0];
    return factor * (means[2] / means[0] - mean * mean);
  });
}

Estimates SegmentResults::connected_correlation(LocalDensity which) const {
  return connected(
      which,
      [](const SegmentBlock& block, std::size_t pair) {
        return std::span(block.density_correlation).subspan(pair * correlation_length, correlation_length);
      },
      1);
}

Estimates SegmentResults::static_susceptibility(LocalDensity which) const {
  return connected(
      which,
      [](const SegmentBlock& block, std::size_t pair) {
        return std::span(block.density_product).subspan(pair * density_frequencies, 1);
      },
      problem_.beta);
}

std::vector<double> bin_weights(double beta, const SegmentResults::Basis& basis) {
  std::vector<double> weights;
  for (const auto& f : basis)
    for (std::size_t bin = 0; bin < intervals; ++bin) {
      double mean = 0, slope = 0;
      for (int q = 0; q < 4; ++q) {
        const double value = bin_weight[q] * f(beta * (static_cast<double>(bin) + 0.5 + bin_node[q]) /
                                               static_cast<double>(intervals));
        mean += value;
        slope += 12 * bin_node[q] * value;
      }
      weights.push_back(mean);
      weights.push_back(slope);
    }
  return weights;
}

// Of exp(i w tau), tau = c + x h, u = w h / 2: mean exp(i w c) sin(u) / u, and that of x times it
// exp(i w c) i (sin u - u cos u) / (2 u^2).
std::vector<double> matsubara_bin_weights(std::span<const std::int64_t> frequencies) {
  const std::size_t count = frequencies.size();
  std::vector<double> weights(2 * count * 2 * intervals);
  for (std::size_t n = 0; n < count; ++n) {
    const double u =
        std::numbers::pi * static_cast<double>(2 * frequencies[n] + 1) / (2 * static_cast<double>(intervals));
    const double mean = std::sin(u) / u;
    const double slope =
        u < 1e-2 ? u * (1.0 / 6 - u * u / 60) : (std::sin(u) - u * std::cos(u)) / (2 * u * u);
    for (std::size_t bin = 0; bin < intervals; ++bin) {
      const Complex phase = std::polar(1.0, 2 * u * (static_cast<double>(bin) + 0.5));
      const Complex first = phase * mean;
      const Complex second = phase * Complex(0, 12 * slope);
      weights[2 * (n * intervals + bin)] = first.real();
      weights[2 * (n * intervals + bin) + 1] = second.real();
      weights[2 * ((n + count) * intervals + bin)] = first.imag();
      weights[2 * ((n + count) * intervals + bin) + 1] = second.imag();
    }
  }
  return weights;
}

}  // namespace weiss
