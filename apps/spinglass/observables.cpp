#include "spinglass/observables.hpp"

#include <algorithm>
#include <cmath>

#include "weiss/base/error.hpp"
#include "weiss/lattice/wave_vectors.hpp"

namespace weiss {

namespace {

constexpr double most_histogram_bins = 101;

double square(double x) { return x * x; }

}  // namespace

GlassShape glass_shape_of(const Parameters& parameters) {
  const GlassAlgorithm algorithm = glass_algorithm_of(parameters);
  return {static_cast<std::size_t>(parameters.integer("model.realisations")), algorithm.betas.size(),
          static_cast<std::size_t>(algorithm.replicas)};
}

GlassSystem glass_system_of(const Parameters& parameters, std::vector<double> interactions,
                            std::vector<double> field_sums) {
  const GlassAlgorithm algorithm = glass_algorithm_of(parameters);
  GlassSystem system{
      disordered_sites_of(parameters), std::move(interactions), std::move(field_sums),
      algorithm.temperatures,          algorithm.betas,         gaussian_couplings_of(parameters)};
  if (parameters.text("model.random_field") == "gaussian") {
    system.field_mean = parameters.real("model.field");
    system.field_deviation = parameters.real("model.random_field_width");
  }
  if (!has_lattice(parameters)) return system;
  const Lattice lattice = glass_lattice_of(parameters);
  const std::vector<std::size_t> longest = longest_periodic_directions(lattice);
  if (!longest.empty()) system.extent = static_cast<double>(lattice.extents()[longest.front()]);
  return system;
}

Axis temperature_axis(const std::vector<double>& temperatures) { return {"temperature", "J", temperatures}; }

GlassObservables::GlassObservables(GlassShape shape, GlassSystem system, bool histogram)
    : shape_(shape), system_(std::move(system)), histogram_(histogram) {}

template <class F>
double GlassObservables::mean_over_replicas(F&& f) const {
  double sum = 0;
  for (std::size_t r = 0; r < shape_.replicas; ++r) sum += f(r);
  return sum / static_cast<double>(shape_.replicas);
}

// f(pair, a, b)
template <class F>
double GlassObservables::mean_over_pairs(F&& f) const {
  double sum = 0;
  std::size_t pair = 0;
  for (std::size_t a = 0; a < shape_.replicas; ++a)
    for (std::size_t b = a + 1; b < shape_.replicas; ++b) sum += f(pair++, a, b);
  return sum / static_cast<double>(shape_.pairs());
}

ObservableInfo GlassObservables::info(const std::string& long_name, const std::string& unit,
                                      const std::string& formula, bool headline) const {
  return {
      long_name, unit, formula, {shape_.temperatures}, headline, {temperature_axis(system_.temperatures)}};
}

void GlassObservables::sampled(Measurements& measurements, const std::string& name,
                               const std::string& long_name, const std::string& unit,
                               const std::string& formula, Value value, bool headline) {
  entries_.push_back(
      {name, measurements.sample_observable(name, info(long_name, unit, formula, headline), shape_.samples),
       std::move(value)});
}

Measurements::Handle GlassObservables::handle(const std::string& name) const {
  for (const Entry& entry : entries_)
    if (entry.name == name) return entry.handle;
  throw Error(ExitCode::internal, "spin-glass observables: no " + name);
}

std::vector<double> GlassObservables::values_of(const Value& value, std::span<const double> raw) const {
  std::vector<double> values;
  const std::size_t width = shape_.width();
  for (std::size_t s = 0; s < shape_.samples; ++s)
    for (std::size_t t = 0; t < shape_.temperatures; ++t)
      values.push_back(value(raw.data() + (s * shape_.temperatures + t) * width, s, t));
  return values;
}

GlassObservables::Value GlassObservables::energy() const {
  return [this](const double* row, std::size_t, std::size_t) {
    return mean_over_replicas([&](std::size_t r) { return row[RawRow::energy(r)] / system_.sites; });
  };
}

GlassObservables::Value GlassObservables::overlap_square() const {
  return [this](const double* row, std::size_t, std::size_t) {
    return mean_over_pairs([&](std::size_t p, std::size_t, std::size_t) {
      return square(row[RawRow::overlap(shape_, p)] / system_.sites);
    });
  };
}

GlassObservables::Value GlassObservables::link_overlap() const {
  return [this](const double* row, std::size_t s, std::size_t) {
    return mean_over_pairs([&](std::size_t p, std::size_t, std::size_t) {
      return row[RawRow::link_overlap(shape_, p)] / system_.interactions[s];
    });
  };
}

GlassObservables::Value GlassObservables::energy_from_links() const {
  return [this, links = link_overlap()](const double* row, std::size_t s, std::size_t t) {
    return -system_.interactions[s] / system_.sites * system_.betas[t] * square(system_.couplings.deviation) *
           (1 - links(row, s, t));
  };
}

void GlassObservables::declare_spins(Measurements& measurements) {
  const double n = system_.sites;
  sampled(measurements, "energy", "energy per site", "J", "e = H/N", energy(), true);
  sampled(measurements, "energy_sq", "square of the energy per site", "J^2", "<e^2>",
          [this](const double* row, std::size_t, std::size_t) {
            return mean_over_replicas(
                [&](std::size_t r) { return square(row[RawRow::energy(r)] / system_.sites); });
          });
  sampled(measurements, "energy_product", "product of the energies of two replicas", "J^2",
          "<e>^2 = <e^a e^b>", [this](const double* row, std::size_t, std::size_t) {
            return mean_over_pairs([&](std::size_t, std::size_t a, std::size_t b) {
              return row[RawRow::energy(a)] * row[RawRow::energy(b)] / square(system_.sites);
            });
          });
  measurements.derived("specific_heat", info("specific heat per site", "k_B", "N beta^2 [<e^2> - <e>^2]"),
                       {handle("energy_sq"), handle("energy_product")},
                       [n, betas = system_.betas](std::span<const double> x, std::size_t t) {
                         return n * betas[t] * betas[t] * (x[0] - x[1]);
                       });
  const auto moment = [this](int power, bool absolute) -> Value {
    return [this, power, absolute](const double* row, std::size_t, std::size_t) {
      return mean_over_replicas([&](std::size_t r) {
        const double m = row[RawRow::magnetization(shape_, r)] / system_.sites;
        if (absolute) return std::fabs(m);
        return power == 1 ? m : power == 2 ? m * m : m * m * m * m;
      });
    };
  };
  sampled(measurements, "magnetization", "magnetization per site", "1", "m = sum_i s_i/N", moment(1, false));
  sampled(measurements, "magnetization_abs", "modulus of the magnetization", "1", "<|m|>", moment(1, true));
  sampled(measurements, "magnetization_sq", "square of the magnetization", "1", "<m^2>", moment(2, false));
  sampled(measurements, "magnetization_4", "fourth power of the magnetization", "1", "<m^4>",
          moment(4, false));
  sampled(measurements, "magnetization_product", "product of the magnetizations of two replicas", "1",
          "<m>^2 = <m^a m^b>", [this](const double* row, std::size_t, std::size_t) {
            return mean_over_pairs([&](std::size_t, std::size_t a, std::size_t b) {
              return row[RawRow::magnetization(shape_, a)] * row[RawRow::magnetization(shape_, b)] /
                     square(system_.sites);
            });
          });
  measurements.derived("binder", info("Binder ratio of the magnetization", "1", "1 - [<m^4>]/(3 [<m^2>]^2)"),
                       {handle("magnetization_4"), handle("magnetization_sq")},
                       [](std::span<const double> x, std::size_t) { return 1 - x[0] / (3 * x[1] * x[1]); });
  measurements.derived("susceptibility_connected",
                       info("connected susceptibility", "1/J", "N beta [<m^2> - <m>^2]"),
                       {handle("magnetization_sq"), handle("magnetization_product")},
                       [n, betas = system_.betas](std::span<const double> x, std::size_t t) {
                         return n * betas[t] * (x[0] - x[1]);
                       });
  measurements.derived(
      "susceptibility_disconnected", info("disconnected susceptibility", "1", "N [<m>^2] = N [<m^a m^b>]"),
      {handle("magnetization_product")}, [n](std::span<const double> x, std::size_t) { return n * x[0]; });
  if (system_.field_deviation == 0) return;
  sampled(measurements, "susceptibility_from_fields",
          "connected susceptibility by the identity of Gaussian fields", "1/J",
          "[<m> sum_i (h_i - h)]/h_r^2, equal to N beta [<m^2> - <m>^2]",
          [this](const double* row, std::size_t s, std::size_t) {
            const double m = mean_over_replicas(
                [&](std::size_t r) { return row[RawRow::magnetization(shape_, r)] / system_.sites; });
            return m * (system_.field_sums[s] - system_.sites * system_.field_mean) /
                   square(system_.field_deviation);
          });
}

void GlassObservables::declare_overlaps(Measurements& measurements) {
  const double n = system_.sites;
  const auto moment = [this](int power, bool absolute) -> Value {
    return [this, power, absolute](const double* row, std::size_t, std::size_t) {
      return mean_over_pairs([&](std::size_t p, std::size_t, std::size_t) {
        const double q = row[RawRow::overlap(shape_, p)] / system_.sites;
        if (absolute) return std::fabs(q);
        return power == 1 ? q : q * q * q * q;
      });
    };
  };
  sampled(measurements, "overlap", "overlap of two replicas", "1", "q = sum_i s_i^a s_i^b/N",
          moment(1, false));
  sampled(measurements, "overlap_abs", "modulus of the overlap", "1", "<|q|>", moment(1, true));
  sampled(measurements, "overlap_sq", "square of the overlap", "1", "<q^2>", overlap_square(), true);
  sampled(measurements, "overlap_4", "fourth power of the overlap", "1", "<q^4>", moment(4, false));
  sampled(measurements, "link_overlap", "overlap of the interactions", "1",
          "q_l = sum_e prod_(i in e) s_i^a s_i^b/M", link_overlap());
  measurements.derived("spin_glass_susceptibility", info("spin-glass susceptibility", "1", "N [<q^2>]"),
                       {handle("overlap_sq")},
                       [n](std::span<const double> x, std::size_t) { return n * x[0]; });
  measurements.derived("overlap_binder",
                       info("Binder ratio of the overlap", "1", "(3 - [<q^4>]/[<q^2>]^2)/2", true),
                       {handle("overlap_4"), handle("overlap_sq")},
                       [](std::span<const double> x, std::size_t) { return (3 - x[0] / (x[1] * x[1])) / 2; });
  if (!system_.couplings.present) return;
  sampled(measurements, "energy_from_links", "energy by the identity of Gaussian couplings", "J",
          "-(M/N) beta J^2 (1 - q_l)", energy_from_links());
  sampled(
      measurements, "identity_deviation",
      "energy less that of the identity of Gaussian couplings; 0 in "
      "equilibrium, after a quench above 0 and falling",
      "J", "[<e>] + (M/N) beta J^2 (1 - [<q_l>])",
      [e = energy(), links = energy_from_links()](const double* row, std::size_t s, std::size_t t) {
        return e(row, s, t) - links(row, s, t);
      },
      true);
}

void GlassObservables::declare_correlation_length(Measurements& measurements) {
  const double n = system_.sites, extent = system_.extent;
  sampled(measurements, "overlap_kmin_sq", "square of the overlap's Fourier component at k_min", "1",
          "<|sum_i s_i^a s_i^b exp(i k x_i)|^2>/N^2, k = 2 pi/L, mean over the longest periodic directions",
          [this](const double* row, std::size_t, std::size_t) {
            return mean_over_pairs([&](std::size_t p, std::size_t, std::size_t) {
              return row[RawRow::overlap_at_kmin(shape_, p)] / square(system_.sites);
            });
          });
  measurements.derived("spin_glass_susceptibility_kmin",
                       info("spin-glass susceptibility at k_min", "1", "N [<|q_k|^2>], k = 2 pi/L"),
                       {handle("overlap_kmin_sq")},
                       [n](std::span<const double> x, std::size_t) { return n * x[0]; });
  const auto length = [momentum =
                           lattice_momentum(static_cast<std::int64_t>(extent))](std::span<const double> x) {
    const double ratio = x[1] > 0 ? x[0] / x[1] - 1 : 0.0;
    return ratio > 0 ? std::sqrt(ratio) / momentum : 0.0;
  };
  measurements.derived("correlation_length",
                       info("second-moment correlation length; 0 where chi(0) < chi(k)", "unit cells",
                            "sqrt(chi(0)/chi(k) - 1)/(2 sin(k/2)), k = 2 pi/L"),
                       {handle("overlap_sq"), handle("overlap_kmin_sq")},
                       [length](std::span<const double> x, std::size_t) { return length(x); });
  measurements.derived(
      "correlation_length_ratio", info("correlation length over extent", "1", "xi/L", true),
      {handle("overlap_sq"), handle("overlap_kmin_sq")},
      [length, extent](std::span<const double> x, std::size_t) { return length(x) / extent; });
}

void GlassObservables::declare_histogram(Measurements& measurements) {
  histogram_bins_ = static_cast<std::size_t>(std::min(system_.sites + 1, most_histogram_bins));
  ObservableInfo description = info("probability of the overlap in equal bins of [-1, 1]", "1", "P(q)");
  description.dims.push_back(histogram_bins_);
  Axis axis{"overlap_bin", "1", {}};
  const auto bins = static_cast<double>(histogram_bins_);
  for (std::size_t b = 0; b < histogram_bins_; ++b)
    axis.values.push_back(-1 + (2 * static_cast<double>(b) + 1) / bins);
  description.axes.push_back(axis);
  histogram_handle_ = measurements.sample_observable("overlap_histogram", description, shape_.samples);
}

void GlassObservables::declare(Measurements& measurements) {
  declare_spins(measurements);
  declare_overlaps(measurements);
  if (system_.extent > 0) declare_correlation_length(measurements);
  if (histogram_) declare_histogram(measurements);
}

void GlassObservables::add_histogram(const double* row, std::span<double> bins) const {
  const auto count = static_cast<double>(bins.size());
  const double share = 1 / static_cast<double>(shape_.pairs());
  for (std::size_t pair = 0; pair < shape_.pairs(); ++pair) {
    const double q = row[RawRow::overlap(shape_, pair)] / system_.sites;
    bins[static_cast<std::size_t>(std::clamp((q + 1) / 2 * count, 0.0, count - 1))] += share;
  }
}

void GlassObservables::add_values(const double* row, std::size_t sample, std::size_t temperature,
                                  std::span<double> sums) const {
  for (std::size_t e = 0; e < entries_.size(); ++e) sums[e] += entries_[e].value(row, sample, temperature);
  if (histogram_) add_histogram(row, sums.subspan(entries_.size()));
}

void GlassObservables::measure(Measurements& measurements, std::span<const double> raw) {
  std::vector<double> all(shape_.samples * shape_.temperatures * values());
  for (std::size_t s = 0, row = 0; s < shape_.samples; ++s)
    for (std::size_t t = 0; t < shape_.temperatures; ++t, ++row)
      add_values(raw.data() + row * shape_.width(), s, t, std::span(all).subspan(row * values(), values()));
  measure_averages(measurements, all);
}

void GlassObservables::measure_averages(Measurements& measurements, std::span<const double> averages) const {
  const std::size_t rows = shape_.samples * shape_.temperatures;
  std::vector<double> column(rows);
  for (std::size_t e = 0; e < entries_.size(); ++e) {
    for (std::size_t row = 0; row < rows; ++row) column[row] = averages[row * values() + e];
    measurements.add(entries_[e].handle, column);
  }
  if (!histogram_) return;
  std::vector<double> histograms;
  for (std::size_t row = 0; row < rows; ++row) {
    const auto bins = averages.subspan(row * values() + entries_.size(), histogram_bins_);
    histograms.insert(histograms.end(), bins.begin(), bins.end());
  }
  measurements.add(histogram_handle_, histograms);
}

std::vector<std::string> GlassObservables::series_names() const {
  std::vector<std::string> names{"energy", "overlap_sq", "link_overlap"};
  if (system_.couplings.present) names.emplace_back("energy_from_links");
  return names;
}

std::vector<std::vector<double>> GlassObservables::series(std::span<const double> raw) const {
  std::vector<std::vector<double>> all{values_of(energy(), raw), values_of(overlap_square(), raw),
                                       values_of(link_overlap(), raw)};
  if (system_.couplings.present) all.push_back(values_of(energy_from_links(), raw));
  return all;
}

}  // namespace weiss
