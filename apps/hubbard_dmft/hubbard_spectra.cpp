#include "hubbard_dmft/hubbard_spectra.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <numbers>

#include "weiss/dmft/nambu_matrix.hpp"
#include "weiss/simulation/exact_result.hpp"

namespace weiss {

namespace {

using std::numbers::pi;

constexpr double infinite = std::numeric_limits<double>::infinity();

std::optional<ContinuationMethod> method_of(const Parameters& parameters) {
  if (solver_of(parameters) == ImpuritySolver::diagonalisation) return {};  // it needs none
  const std::string& name = parameters.text("output.continuation");
  if (name == "pade") return ContinuationMethod::pade;
  if (name == "nevanlinna") return ContinuationMethod::nevanlinna;
  if (name == "maximum_entropy") return ContinuationMethod::maximum_entropy;
  return {};
}

double known(double error) { return std::isnan(error) ? infinite : error; }

}  // namespace

Axis uniform_axis(const char* name, const char* unit, double from, double to, std::int64_t points) {
  Axis axis{name, unit, {}};
  for (std::int64_t i = 0; i < points; ++i)
    axis.values.push_back(from + (to - from) * static_cast<double>(i) / static_cast<double>(points - 1));
  return axis;
}

HubbardSpectra::HubbardSpectra(const Parameters& parameters, const HubbardLattice& lattice)
    : superconducting_(lattice.superconducting()),
      antiferromagnetic_(lattice.phase() == Phase::antiferromagnetic),
      functions_(lattice.functions()),
      component_(lattice.component_axis()),
      method_(method_of(parameters)),
      broadening_(parameters.real("output.broadening")),
      path_points_(parameters.boolean("output.path") ? parameters.integer("output.path_points") : 0),
      surface_points_(parameters.boolean("output.fermi_surface")
                          ? parameters.integer("output.fermi_surface_points")
                          : 0) {
  const std::vector<double>& range = parameters.reals("output.spectrum_range");
  asked_ =
      uniform_axis("frequency", "energy", range[0], range[1], parameters.integer("output.spectrum_points"));
  mesh_ = asked_.values;
  insert(0);
  if (superconducting_)
    for (const double w : asked_.values) insert(-w);
  for (const double w : asked_.values) place_.push_back(place_of(w));
  if (method_ != ContinuationMethod::maximum_entropy || solver_of(parameters) != ImpuritySolver::segments)
    return;
  const std::size_t flavours = lattice.two_band() ? 4 : 2, together = flavours / functions_;
  const std::int64_t frequencies =
      std::min(continuation_frequencies(lattice.beta(), lattice.basis().omega_max()),
               parameters.integer("output.frequencies"));
  for (std::size_t from = 0; from < flavours; from += together)
    series_.emplace_back(from, from + together, static_cast<std::size_t>(frequencies));
}

double HubbardSpectra::rounding() const { return 1e-9 * (asked_.values[1] - asked_.values[0]); }

std::size_t HubbardSpectra::place_of(double frequency) const {
  return static_cast<std::size_t>(std::ranges::lower_bound(mesh_, frequency - rounding()) - mesh_.begin());
}

void HubbardSpectra::insert(double frequency) {
  const std::size_t place = place_of(frequency);
  if (place == mesh_.size() || mesh_[place] > frequency + rounding())
    mesh_.insert(mesh_.begin() + static_cast<std::ptrdiff_t>(place), frequency);
}

void HubbardSpectra::forget() {
  for (std::vector<double>* each : {&values_, &spread_, &trust_}) each->clear();
  reason_.clear();
  potential_ = 0;
}

void HubbardSpectra::evaluate(const std::function<Complex(std::size_t function, Complex z)>& self_energy,
                              double potential) {
  forget();
  potential_ = potential;
  for (std::size_t function = 0; function < functions_; ++function)
    for (const double w : mesh_) weiss::append(values_, self_energy(function, Complex(w, broadening_)));
  spread_.assign(functions_ * mesh_.size(), 0.0);
}

void HubbardSpectra::continue_from(const std::vector<SelfEnergyData>& data,
                                   const std::array<double, 2>& constant, double potential, bool loud) {
  forget();
  potential_ = potential;
  for (std::size_t function = 0; function < data.size(); ++function) {
    const SelfEnergyContinuation found = continued(data[function]);
    for (const Complex each : found.values) weiss::append(values_, each + constant[function]);
    for (const double each : found.spread) spread_.push_back(known(each));
    for (const std::string& name : trust_names(*method_)) {
      const double number = found.found.number(name);
      trust_.push_back(std::isnan(number) ? 0 : number);
    }
  }
  if (superconducting_) resolve_pairing();
  if (!reason_.empty() && loud)
    std::fprintf(stderr, "weiss: output.continuation is not to be trusted: %s\n", reason().c_str());
}

SelfEnergyContinuation HubbardSpectra::continued(const SelfEnergyData& data) {
  // Without a dynamic part there is nothing to continue.
  SelfEnergyContinuation found{std::vector<Complex>(mesh_.size()), std::vector<double>(mesh_.size()), {}};
  if (data.norm > 0)
    found = continue_self_energy(*method_, data, mesh_, broadening_);
  else
    found.found.ok = true;
  const std::string& reason = found.found.reason;
  if (!found.found.ok && reason_.empty()) reason_.assign(reason.begin(), reason.end());
  // Nothing at all: the spectra are those without it, and their error is infinite.
  found.values.resize(mesh_.size());
  found.spread.resize(mesh_.size(), infinite);
  return found;
}

void HubbardSpectra::resolve_pairing() {
  const std::size_t points = mesh_.size();
  std::vector<double> anomalous, spreads;
  for (std::size_t point = 0; point < points; ++point) {
    const std::size_t mirror = points - 1 - point;
    const Complex diagonal = self_energy(1, point), mirrored = self_energy(1, mirror);
    const Complex normal = (self_energy(0, point) - std::conj(self_energy(0, mirror))) / 2.0;
    weiss::append(anomalous, anomalous_from(diagonal, mirrored));
    spreads.push_back((spread(1, point) + spread(1, mirror)) / 2 +
                      std::abs(normal - mean_normal_from(diagonal, mirrored)) / pi);
  }
  std::ranges::copy(anomalous, values_.begin() + static_cast<std::ptrdiff_t>(2 * points));
  std::ranges::copy(spreads, spread_.begin() + static_cast<std::ptrdiff_t>(points));
}

Complex HubbardSpectra::self_energy(std::size_t function, std::size_t point) const {
  const std::size_t place = 2 * (function * mesh_.size() + point);
  return {values_[place], values_[place + 1]};
}

double HubbardSpectra::spread(std::size_t function, std::size_t point) const {
  return spread_[function * mesh_.size() + point];
}

HubbardSpectra::Arguments HubbardSpectra::arguments(std::size_t component, std::size_t point) const {
  Arguments at{Complex(mesh_[point], broadening_)};
  std::array<std::size_t, 2> functions{0, functions_ - 1};
  if (antiferromagnetic_) functions = {component, 1 - component};
  for (std::size_t i = 0; i < 2; ++i) {
    at.sigma[i] = self_energy(functions[i], point);
    at.spread[i] = pi * spread(functions[i], point);
  }
  if (!superconducting_) return at;
  const std::size_t mirror = mesh_.size() - 1 - point;
  at.sigma[2] = -std::conj(self_energy(0, mirror));
  at.spread[2] = pi * spread(0, mirror);
  return at;
}

Result HubbardSpectra::named(std::string name, std::string long_name, std::string unit, std::string formula,
                             std::vector<Axis> axes) {
  Result result;
  result.name = std::move(name);
  result.info = {std::move(long_name), std::move(unit), std::move(formula), {}, false, std::move(axes)};
  for (const Axis& axis : result.info.axes) result.info.dims.push_back(axis.values.size());
  result.count = result.bin_length = 1;
  return result;
}

Result& HubbardSpectra::finish(Result& result) {
  result.tau_int.assign(result.mean.size(), 0.5);
  result.error.resize(result.mean.size(), 0.0);
  return result;
}

// Where one self-energy is known, so is the sum of moduli.
void HubbardSpectra::append(Result& result, const Green& green, const Arguments& at) {
  const Complex value = green(at.z, at.sigma);
  double error = 0;
  for (std::size_t i = 0; i < at.sigma.size(); ++i) {
    if (at.spread[i] == 0) continue;
    const double step = 1e-6 * std::abs(at.z);
    SelfEnergies moved = at.sigma;
    moved[i] += step;
    const double slope = std::abs(green(at.z, moved) - value) / step;
    if (slope > 0) error += slope * at.spread[i] / pi;
  }
  result.mean.push_back(-value.imag() / pi);
  result.error.push_back(known(error));
}

Result HubbardSpectra::local(const RetardedGreen& lattice) const {
  Result result =
      named("spectral_function", "local spectral function of the lattice at w + i output.broadening",
            "1/energy", "A_s(w) = -Im G_s(w + i b)/pi", {component_, asked_});
  for (const std::size_t component : {std::size_t{0}, std::size_t{1}}) {
    const Green green = [&](Complex z, const SelfEnergies& sigma) {
      return lattice.local(component, z, sigma);
    };
    for (const std::size_t point : place_) append(result, green, arguments(component, point));
  }
  return finish(result);
}

void HubbardSpectra::append_self_energies(Result& result, std::size_t function) const {
  for (const std::size_t point : place_) {
    weiss::append(result.mean, self_energy(function, point));
    result.error.insert(result.error.end(), 2, pi * spread(function, point));
  }
}

void HubbardSpectra::add_self_energies(std::vector<Result>& all) const {
  Result result = named("self_energy_of_frequency", "self-energy at w + i output.broadening", "energy",
                        "Sigma_s(w + i b)", {component_, asked_});
  result.info.dims.push_back(2);
  for (const std::size_t component : {std::size_t{0}, std::size_t{1}})
    append_self_energies(result, function_of(component));
  all.push_back(finish(result));
  if (!superconducting_) return;
  Result anomalous =
      named("anomalous_self_energy_of_frequency", "anomalous self-energy at w + i output.broadening",
            "energy", "Sigma_12(w + i b)", {asked_});
  anomalous.info.dims.push_back(2);
  append_self_energies(anomalous, 1);
  all.push_back(finish(anomalous));
}

void HubbardSpectra::add_trust(std::vector<Result>& all, bool converged) const {
  const std::string why = !reason_.empty() ? "; here not: " + reason()
                          : converged      ? ""
                                           : "; here not: the Weiss field has not settled";
  all.push_back(exact_result("continuation_trusted", "1 where the continuation can be trusted" + why, "1",
                             "the method's own criteria, and converged",
                             reason_.empty() && converged ? 1.0 : 0.0, true));
  const std::vector<std::string> names = trust_names(*method_);
  const char* of = superconducting_ ? "of the continuation of Sigma_11, and of (Sigma_11 + Sigma_22)/2 + "
                                      "Sigma_12; deterministic, no error"
                                    : "of the continuation; deterministic, no error";
  const Axis axis = superconducting_ ? counted_axis("continued", 2) : component_;
  for (std::size_t i = 0; i < names.size(); ++i) {
    Result result = named("continuation_" + names[i], of, "1", std::string(trust_meaning(names[i])), {axis});
    for (const std::size_t place : {std::size_t{0}, functions_ - 1})
      result.mean.push_back(trust_[place * names.size() + i]);
    all.push_back(finish(result));
  }
}

std::vector<Result> HubbardSpectra::results(const HubbardLattice& lattice, bool converged) const {
  if (values_.empty()) return {};
  const RetardedGreen retarded(lattice, potential_);
  std::vector<Result> all{local(retarded)};
  add_self_energies(all);
  if (method_) {
    Result spread =
        named("spectrum_spread", "error of the local spectral function by its continuation", "1/energy",
              "|dG_s/dSigma_s| times the method's spread of Im Sigma_s/pi", {component_, asked_});
    spread.mean = all.front().error;
    all.push_back(finish(spread));
  }
  if (path_points_ > 0) add_path(all, lattice.band().kind(), retarded);
  if (surface_points_ > 0) all.push_back(fermi_surface(lattice.band().kind(), retarded));
  const std::string remark =
      method_ ? "; its error is the spread of the continuation" : "; deterministic, no error";
  for (Result& each : all)
    if (each.info.long_name.find("deterministic") == std::string::npos && each.name != "spectrum_spread")
      each.info.long_name += remark;
  if (method_) add_trust(all, converged);
  return all;
}

}  // namespace weiss
