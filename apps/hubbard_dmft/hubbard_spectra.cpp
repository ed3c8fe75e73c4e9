#include "hubbard_dmft/hubbard_spectra.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <numbers>

#include "weiss/simulation/exact_result.hpp"

namespace weiss {

namespace {

std::optional<ContinuationMethod> method_of(const Parameters& parameters) {
  if (solver_of(parameters) == ImpuritySolver::diagonalisation) return {};  // it needs none
  const std::string& name = parameters.text("output.continuation");
  if (name == "pade") return ContinuationMethod::pade;
  if (name == "nevanlinna") return ContinuationMethod::nevanlinna;
  if (name == "maximum_entropy") return ContinuationMethod::maximum_entropy;
  return {};
}

bool in_plane(const std::string& lattice) {
  return lattice == "square" || lattice == "triangular" || lattice == "honeycomb";
}

Axis uniform_axis(const char* name, const char* unit, double from, double to, std::int64_t points) {
  Axis axis{name, unit, {}};
  for (std::int64_t i = 0; i < points; ++i)
    axis.values.push_back(from + (to - from) * static_cast<double>(i) / static_cast<double>(points - 1));
  return axis;
}

Result named(std::string name, std::string long_name, std::string unit, std::string formula,
             std::vector<Axis> axes) {
  Result result;
  result.name = std::move(name);
  result.info = {std::move(long_name), std::move(unit), std::move(formula), {}, false, std::move(axes)};
  for (const Axis& axis : result.info.axes) result.info.dims.push_back(axis.values.size());
  result.count = result.bin_length = 1;
  return result;
}

Result& finish(Result& result) {
  result.tau_int.assign(result.mean.size(), 0.5);
  result.error.resize(result.mean.size(), 0.0);
  return result;
}

double known(double error) { return std::isnan(error) ? std::numeric_limits<double>::infinity() : error; }

}  // namespace

void declare_spectrum_keys(Schema& schema) {
  schema.reals("output.spectrum_range",
               {.fallback = "-5, 5", .unit = "energy", .help = "first and last real frequency of spectra"});
  schema.integer("output.spectrum_points",
                 {.fallback = "401", .help = "real frequencies of spectra", .minimum = 3, .maximum = 100000});
  schema.real("output.broadening", {.fallback = "0.05",
                                    .unit = "energy",
                                    .help = "spectra are those of w + i broadening",
                                    .minimum = 0,
                                    .exclusive_minimum = true});
  schema.choice(
      "output.continuation", {"none", "pade", "nevanlinna", "maximum_entropy", "real_axis"},
      {.fallback = "none",
       .help = "how the last self-energy of perturbation and ct_hyb is continued to real frequencies, for "
               "spectra (exact_diagonalization knows it there); real_axis: perturbation is solved on "
               "the real axis too"});
  schema.real("output.continuation_error",
              {.fallback = "1e-6",
               .unit = "energy",
               .help = "error of the self-energy that a continuation allows for; ct_hyb knows its own",
               .minimum = 0,
               .exclusive_minimum = true});
  schema.boolean("output.path", {.fallback = "false",
                                 .help = "A(k, w) along the path of high symmetry: Gamma-X, Gamma-X-M-Gamma "
                                         "(square), Gamma-X-M-R-Gamma (cubic), Gamma-K-M-Gamma"});
  schema.integer("output.path_points",
                 {.fallback = "181", .help = "wave vectors on the path", .minimum = 8, .maximum = 10000});
  schema.boolean("output.fermi_surface",
                 {.fallback = "false", .help = "A(k, w = 0) on a square about the zone of a plane lattice"});
  schema.integer("output.fermi_surface_points",
                 {.fallback = "101", .help = "wave vectors a side of that", .minimum = 3, .maximum = 2001});
}

void validate_spectrum_keys(const Parameters& parameters, Problems& problems) {
  // Of this task or, where the solver is swept, of another.
  const bool exact = parameters.somewhere("algorithm.solver", "exact_diagonalization");
  const bool sampled = parameters.somewhere("algorithm.solver", "ct_hyb");
  const bool perturbed = parameters.somewhere("algorithm.solver", "perturbation");
  const bool continued = parameters.text("output.continuation") != "none";
  if (continued && !sampled && !perturbed)
    problems.add("output.continuation", "exact_diagonalization has exact spectra; remove it");
  if (!exact && !continued)
    for (const char* key : {"output.spectrum_range", "output.spectrum_points", "output.broadening",
                            "output.path", "output.fermi_surface"})
      if (parameters.chosen(key))
        problems.add(key, "needs spectra: algorithm.solver = exact_diagonalization, or output.continuation");
  const bool solved = parameters.text("output.continuation") == "real_axis";
  if (solved && sampled && !perturbed)
    problems.add("output.continuation", "real_axis needs algorithm.solver = perturbation");
  if (parameters.chosen("output.continuation_error") && (!continued || !perturbed || solved))
    problems.add("output.continuation_error", !continued ? "needs output.continuation; remove it"
                                              : solved   ? "means nothing on the real axis; remove it"
                                                         : "is known to ct_hyb; remove it");
  const bool plain =
      parameters.integer("model.orbitals") == 1 && phase_of(parameters) != Phase::superconducting;
  for (const char* key : {"output.continuation", "output.path", "output.fermi_surface"})
    if (!plain && parameters.chosen(key)) problems.add(key, "is for one orbital without pairing; remove it");
  const std::vector<double>& range = parameters.reals("output.spectrum_range");
  if (range.size() != 2 || !(range[0] < range[1]))
    problems.add("output.spectrum_range", "needs two energies, the smaller one first");
  const std::string& lattice = parameters.text("lattice.kind");
  if (parameters.boolean("output.path") && !in_plane(lattice) && lattice != "chain" && lattice != "cubic")
    problems.add("output.path", "needs a lattice with wave vectors, which " + lattice + " has not");
  if (parameters.boolean("output.fermi_surface") && !in_plane(lattice))
    problems.add("output.fermi_surface", "needs lattice.kind = square, triangular or honeycomb");
  if (parameters.chosen("output.path_points") && !parameters.boolean("output.path"))
    problems.add("output.path_points", "needs output.path = true; remove it");
  if (parameters.chosen("output.fermi_surface_points") && !parameters.boolean("output.fermi_surface"))
    problems.add("output.fermi_surface_points", "needs output.fermi_surface = true; remove it");
}

HubbardSpectra::HubbardSpectra(const Parameters& parameters, const HubbardLattice& lattice)
    : phase_(lattice.phase()),
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
  if (std::ranges::find(mesh_, 0.0) == mesh_.end()) mesh_.insert(std::ranges::lower_bound(mesh_, 0.0), 0.0);
  const auto place = [&](double w) {
    return static_cast<std::size_t>(std::ranges::lower_bound(mesh_, w) - mesh_.begin());
  };
  for (const double w : asked_.values) place_.push_back(place(w));
  zero_ = place(0);
  if (method_ == ContinuationMethod::maximum_entropy && solver_of(parameters) == ImpuritySolver::segments)
    for (std::size_t spin = 0; spin < spins(); ++spin)
      series_.emplace_back(parameters.real("model.interaction"), spin, spins() == 1 ? 2 : spin + 1,
                           static_cast<std::size_t>(
                               std::min(continuation_frequencies(lattice.beta(), lattice.basis().omega_max()),
                                        parameters.integer("output.frequencies"))));
}

void HubbardSpectra::forget() {
  for (std::vector<double>* each : {&values_, &spread_, &trust_}) each->clear();
  reason_.clear();
  potential_ = 0;
}

void HubbardSpectra::evaluate(const std::function<Complex(std::size_t spin, Complex z)>& self_energy,
                              double potential) {
  forget();
  potential_ = potential;
  for (std::size_t spin = 0; spin < spins(); ++spin)
    for (const double w : mesh_) {
      const Complex sigma = self_energy(spin, Complex(w, broadening_));
      values_.push_back(sigma.real());
      values_.push_back(sigma.imag());
    }
  spread_.assign(spins() * mesh_.size(), 0.0);
}

void HubbardSpectra::continue_from(const std::vector<SelfEnergyData>& data,
                                   const std::array<double, 2>& constant, double potential, bool loud) {
  forget();
  potential_ = potential;
  for (std::size_t spin = 0; spin < data.size(); ++spin) {
    // Without a dynamic part there is nothing to continue.
    SelfEnergyContinuation found{std::vector<Complex>(mesh_.size()), std::vector<double>(mesh_.size()), {}};
    if (data[spin].norm > 0)
      found = continue_self_energy(*method_, data[spin], mesh_, broadening_);
    else
      found.found.ok = true;
    const std::string& reason = found.found.reason;
    if (!found.found.ok && reason_.empty()) reason_.assign(reason.begin(), reason.end());
    if (!found.found.ok && loud)
      std::fprintf(stderr, "weiss: output.continuation is not to be trusted: %s\n", reason.c_str());
    // Nothing at all: the spectra are those without it, and their error is infinite.
    found.values.resize(mesh_.size());
    found.spread.resize(mesh_.size(), std::numeric_limits<double>::infinity());
    for (const Complex each : found.values) {
      values_.push_back(each.real() + constant[spin]);
      values_.push_back(each.imag());
    }
    for (const double each : found.spread) spread_.push_back(known(each));
    for (const std::string& name : trust_names(*method_)) {
      const double number = found.found.number(name);
      trust_.push_back(std::isnan(number) ? 0 : number);
    }
  }
}

Complex HubbardSpectra::self_energy(std::size_t spin, std::size_t point) const {
  const std::size_t place = 2 * ((spins() == 1 ? 0 : spin) * mesh_.size() + point);
  return {values_[place], values_[place + 1]};
}

HubbardSpectra::Arguments HubbardSpectra::arguments(std::size_t spin, std::size_t point) const {
  const Complex bare(mesh_[point] + potential_, broadening_);
  const std::size_t other = spins() == 1 ? 0 : 1 - spin;
  return {bare - self_energy(spin, point), bare - self_energy(other, point),
          std::numbers::pi * spread_[(spins() == 1 ? 0 : spin) * mesh_.size() + point],
          std::numbers::pi * spread_[other * mesh_.size() + point]};
}

// Without order the two arguments are one, and their errors too: the sum of moduli is then exact.
void HubbardSpectra::append(Result& result, const Green& green, const Arguments& at) {
  const Complex value = green(at.a, at.b);
  double error = 0;
  if (at.spread_a > 0 || at.spread_b > 0) {
    const double step = 1e-6 * (std::abs(at.a) + std::abs(at.b));
    error = (std::abs(green(at.a + step, at.b) - value) * at.spread_a +
             std::abs(green(at.a, at.b + step) - value) * at.spread_b) /
            (step * std::numbers::pi);
  }
  result.mean.push_back(-value.imag() / std::numbers::pi);
  result.error.push_back(known(error));
}

Result HubbardSpectra::local(const Band& band) const {
  Result result =
      named("spectral_function", "local spectral function of the lattice at w + i output.broadening",
            "1/energy", "A_s(w) = -Im G_s(w + i b)/pi", {spin_axis(), asked_});
  const auto green = [&](Complex a, Complex b) {
    return phase_ == Phase::antiferromagnetic ? staggered_green(band, a, b) : band.hilbert((a + b) / 2.0);
  };
  for (const std::size_t spin : {up, down})
    for (const std::size_t point : place_) append(result, green, arguments(spin, point));
  return finish(result);
}

Result HubbardSpectra::self_energies() const {
  Result result = named("self_energy_of_frequency", "self-energy at w + i output.broadening", "energy",
                        "Sigma_s(w + i b)", {spin_axis(), asked_});
  result.info.dims.push_back(2);
  for (const std::size_t spin : {up, down})
    for (const std::size_t point : place_) {
      const Complex sigma = self_energy(spin, point);
      for (const double part : {sigma.real(), sigma.imag()}) {
        result.mean.push_back(part);
        result.error.push_back(arguments(spin, point).spread_a);
      }
    }
  return finish(result);
}

void HubbardSpectra::add_path(std::vector<Result>& all, const Band& band) const {
  const ZonePath path = zone_path(band.kind(), path_points_);
  const Axis along{"path", "1/distance", path.distance};
  Result spectra =
      named("spectral_function_of_path", "spectral function along the path at w + i output.broadening",
            "1/energy", "A(k, w) = -Im G(k, w + i b)/pi, mean of the sites of a cell", {along, asked_});
  Result bare =
      named("band_of_path", "band of free electrons along the path, from mu; deterministic, no error",
            "energy", "e(k) - mu", {along});
  bare.info.dims.push_back(band.energies({}).count);
  for (const CartesianVector& k : path.points) {
    const BandEnergies energies = band.energies(phases_of(band.kind(), k));
    for (std::size_t n = 0; n < energies.count; ++n) bare.mean.push_back(energies.value[n] - potential_);
    for (const std::size_t point : place_)
      append(
          spectra, [&](Complex a, Complex b) { return green_at(energies, a, b); }, arguments(up, point));
  }
  std::string names;
  for (const std::string& name : path.corner_names) names += (names.empty() ? "" : "-") + name;
  Result corners =
      named("path_corners", "corners of the path " + names + "; deterministic, no error", "1/distance",
            "where they are along the path", {counted_axis("corner", path.corners.size())});
  corners.mean = path.corners;
  all.push_back(finish(spectra));
  all.push_back(finish(bare));
  all.push_back(finish(corners));
}

Result HubbardSpectra::fermi_surface(const Band& band) const {
  const double half = zone_half_width(band.kind());
  const Axis x = uniform_axis("wave_vector_x", "1/distance", -half, half, surface_points_);
  Axis y = x;
  y.name = "wave_vector_y";
  Result result = named("fermi_surface", "spectral function at w = 0, at i output.broadening", "1/energy",
                        "A(k, 0) = -Im G(k, i b)/pi, mean of the sites of a cell", {x, y});
  const Arguments at = arguments(up, zero_);
  for (const double kx : x.values)
    for (const double ky : y.values) {
      const BandEnergies energies = band.energies(phases_of(band.kind(), {kx, ky, 0}));
      append(
          result, [&](Complex a, Complex b) { return green_at(energies, a, b); }, at);
    }
  return finish(result);
}

void HubbardSpectra::add_trust(std::vector<Result>& all, bool converged) const {
  const std::string reason(reason_.begin(), reason_.end());
  const std::string why = !reason.empty() ? "; here not: " + reason
                          : converged     ? ""
                                          : "; here not: the Weiss field has not settled";
  all.push_back(exact_result("continuation_trusted", "1 where the continuation can be trusted" + why, "1",
                             "the method's own criteria, and converged",
                             reason.empty() && converged ? 1.0 : 0.0, true));
  const std::vector<std::string> names = trust_names(*method_);
  for (std::size_t i = 0; i < names.size(); ++i) {
    Result result = named("continuation_" + names[i], "of the continuation; deterministic, no error", "1",
                          std::string(trust_meaning(names[i])), {spin_axis()});
    for (const std::size_t spin : {up, down})
      result.mean.push_back(trust_[(spins() == 1 ? 0 : spin) * names.size() + i]);
    all.push_back(finish(result));
  }
}

std::vector<Result> HubbardSpectra::results(const Band& band, bool converged) const {
  if (values_.empty()) return {};
  std::vector<Result> all{local(band), self_energies()};
  if (method_) {
    Result spread =
        named("spectrum_spread", "error of the local spectral function by its continuation", "1/energy",
              "|dG_s/dSigma_s| times the method's spread of Im Sigma_s/pi", {spin_axis(), asked_});
    spread.mean = all.front().error;
    all.push_back(finish(spread));
  }
  if (path_points_ > 0) add_path(all, band);
  if (surface_points_ > 0) all.push_back(fermi_surface(band));
  const std::string remark =
      method_ ? "; its error is the spread of the continuation" : "; deterministic, no error";
  for (Result& each : all)
    if (each.info.long_name.find("deterministic") == std::string::npos && each.name != "spectrum_spread")
      each.info.long_name += remark;
  if (method_) add_trust(all, converged);
  return all;
}

}  // namespace weiss
