#include "weiss/cavity/paramagnet.hpp"

#include <cmath>

namespace weiss {

double mean_over_couplings(const CouplingDistribution& couplings, const std::function<double(double)>& f) {
  if (couplings.kind == CouplingDistribution::Kind::bimodal)
    return couplings.ferromagnetic_fraction * f(couplings.width) +
           (1 - couplings.ferromagnetic_fraction) * f(-couplings.width);
  constexpr int intervals = 8000;
  double sum = 0, weights = 0;
  for (int i = 0; i <= intervals; ++i) {
    const double x = -8 + 16.0 * i / intervals;
    const double weight = (i == 0 || i == intervals ? 1 : i % 2 == 1 ? 4 : 2) * std::exp(-x * x / 2);
    sum += weight * f(couplings.mean + couplings.width * x);
    weights += weight;
  }
  return sum / weights;
}

double mean_excess_degree(const DegreeLaw& degrees) {
  double mean = 0;
  for (std::size_t k = 0; k < degrees.excess.size(); ++k) mean += static_cast<double>(k) * degrees.excess[k];
  return mean;
}

double paramagnetic_instability(const DegreeLaw& degrees, const CouplingDistribution& couplings, int n) {
  const double branches = mean_excess_degree(degrees);
  const auto excess = [&](double T) {
    return branches *
               mean_over_couplings(couplings, [&](double J) { return std::pow(std::tanh(J / T), n); }) -
           1;
  };
  const double scale = std::abs(couplings.mean) + couplings.width;
  double low = 1e-4 * scale, high = 10 * scale * (1 + branches);
  if (!(excess(low) > 0)) return 0;
  for (int i = 0; i < 100; ++i) {
    const double middle = std::sqrt(low * high);
    (excess(middle) > 0 ? low : high) = middle;
  }
  return std::sqrt(low * high);
}

}  // namespace weiss
