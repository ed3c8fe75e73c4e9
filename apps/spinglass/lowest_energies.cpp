#include "spinglass/lowest_energies.hpp"

#include "weiss/statistics/jackknife.hpp"

namespace weiss {

Result energy_result(const std::string& name, const std::string& long_name, std::span<const double> energies,
                     double sites) {
  Result result;
  result.name = name;
  result.info = {long_name, "J", "[min H/N], mean over realisations", {}, true};
  double sum = 0;
  for (const double energy : energies) {
    result.bins.push_back(energy / sites);
    sum += result.bins.back();
  }
  result.mean = {sum / static_cast<double>(energies.size())};
  result.error = {energies.size() > 1 ? standard_error(result.bins) : 0.0};
  result.tau_int = {0.5};
  result.count = static_cast<std::int64_t>(energies.size());
  result.bin_length = 1;
  return result;
}

Result spins_result(const std::string& name, std::span<const std::uint8_t> spins, std::size_t realisations) {
  Result result;
  result.name = name;
  result.info = {"spins of the lowest energy of each realisation",
                 "1",
                 "s_i = +-1",
                 {realisations, spins.size() / realisations}};
  for (const std::uint8_t spin : spins) result.mean.push_back(spin != 0 ? 1.0 : -1.0);
  result.error.assign(result.mean.size(), 0.0);
  result.tau_int.assign(result.mean.size(), 0.5);
  result.count = 1;
  return result;
}

}  // namespace weiss
