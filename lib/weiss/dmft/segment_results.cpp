#include "weiss/dmft/segment_results.hpp"

#include <array>
#include <cmath>
#include <complex>
#include <numeric>
#include <utility>

#include "weiss/base/error.hpp"
#include "weiss/dmft/matsubara.hpp"

namespace weiss {

namespace {

Estimates ratio_of(const Bins& numerator, const Bins& denominator) {
  const std::array inputs{numerator, denominator};
  return jackknife(inputs, [](std::span<const double> means, std::size_t) { return means[0] / means[1]; });
}

// Out of the blocks of this rank.
std::vector<std::vector<double>> take_moments(std::vector<SegmentBlock>& blocks, std::size_t flavours,
                                              const Communicator* communicator) {
  bool good = !blocks.empty();
  std::vector<std::vector<double>> moments;
  for (SegmentBlock& block : blocks) {
    good = good && block.updates == blocks[0].updates && block.density.size() == flavours;
    if (communicator && block.green.empty()) continue;  // another's
    good = good && block.green.size() == flavours * hybridization_intervals * 4;
    moments.push_back(std::exchange(block.green, {}));
  }
  if (!good)
    throw Error(ExitCode::internal, "segment solver: results need blocks, all of one length and one problem");
  return moments;
}

}  // namespace

SegmentResults::SegmentResults(const SegmentProblem& problem, std::vector<SegmentBlock> blocks,
                               std::size_t blocks_per_stream, const Communicator* communicator)
    : problem_(problem),
      blocks_(std::move(blocks)),
      independent_(blocks_per_stream == 1),
      green_(problem.beta, problem.flavours(), take_moments(blocks_, problem.flavours(), communicator),
             communicator) {}

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

Estimates SegmentResults::per_sign_of(const SegmentGreen::Rows& rows) const {
  return per_sign([&](const SegmentBlock& block) { return rows[place(block)]; });
}

Estimates SegmentResults::green_tau(std::size_t a, std::size_t points) const {
  return per_sign_of(green_.in_time(a, points));
}
Estimates SegmentResults::green_legendre(std::size_t a, std::size_t count) const {
  return per_sign_of(green_.legendre(a, count));
}

namespace {

std::vector<std::int64_t> first_frequencies(std::size_t count) {
  std::vector<std::int64_t> frequencies(count);
  std::iota(frequencies.begin(), frequencies.end(), 0);
  return frequencies;
}

}  // namespace

Estimates SegmentResults::green_matsubara(std::size_t a, std::span<const std::int64_t> frequencies) const {
  return per_sign_of(green_.matsubara(a, SegmentGreen::Kind::green, frequencies));
}
Estimates SegmentResults::green_matsubara(std::size_t a, std::size_t count) const {
  return green_matsubara(a, first_frequencies(count));
}
Estimates SegmentResults::self_energy(std::size_t a, std::size_t count) const {
  return self_energy(a, first_frequencies(count));
}

Estimates SegmentResults::self_energy(std::size_t a, std::span<const std::int64_t> frequencies) const {
  const std::size_t count = frequencies.size();
  // Component n and n + count both need the real and the imaginary part of frequency n.
  const SegmentGreen::Rows interaction_green =
                               green_.matsubara(a, SegmentGreen::Kind::interaction_green, frequencies),
                           green = green_.matsubara(a, SegmentGreen::Kind::green, frequencies);
  const auto part = [&](const SegmentGreen::Rows& rows, std::size_t offset) {
    return bins([&, offset](const SegmentBlock& block) {
      std::vector<double> values = rows[place(block)];
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

}  // namespace weiss
