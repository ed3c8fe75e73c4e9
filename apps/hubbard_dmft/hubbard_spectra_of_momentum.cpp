// Spectra of wave vectors: A(k, w) along a path, A(k, 0) on a plane.
#include "weiss/dmft/brillouin_zone.hpp"

#include "hubbard_dmft/hubbard_spectra.hpp"

namespace weiss {

void HubbardSpectra::add_path(std::vector<Result>& all, BandKind kind, const RetardedGreen& lattice) const {
  const ZonePath path = zone_path(kind, path_points_);
  const Axis along{"path", "1/distance", path.distance};
  const std::vector<BandEnergies> first = lattice.energies({});
  Result spectra = named(
      "spectral_function_of_path", "spectral function along the path at w + i output.broadening", "1/energy",
      first.size() == 1 ? "A(k, w) = -Im G(k, w + i b)/pi, mean of the sites of a cell"
                        : "A(k, w) = -Im sum_a G_a(k, w + i b)/pi, mean of the sites of a cell",
      {along, asked_});
  Result bare =
      named("band_of_path", "bands of free electrons along the path, from mu; deterministic, no error",
            "energy", "e(k) - mu", {along});
  bare.info.dims.push_back(first.size() * first.front().count);
  std::vector<Arguments> points;
  for (const std::size_t point : place_) points.push_back(arguments(up, point));
  for (const CartesianVector& k : path.points) {
    const std::vector<BandEnergies> energies = lattice.energies(phases_of(kind, k));
    for (const BandEnergies& orbital : energies)
      for (std::size_t n = 0; n < orbital.count; ++n) bare.mean.push_back(orbital.value[n] - potential_);
    const Green green = [&](Complex z, const SelfEnergies& sigma) { return lattice.at(energies, z, sigma); };
    for (const Arguments& at : points) append(spectra, green, at);
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

Result HubbardSpectra::fermi_surface(BandKind kind, const RetardedGreen& lattice) const {
  const double half = zone_half_width(kind);
  const Axis x = uniform_axis("wave_vector_x", "1/distance", -half, half, surface_points_);
  Axis y = x;
  y.name = "wave_vector_y";
  Result result = named("fermi_surface", "spectral function at w = 0, at i output.broadening", "1/energy",
                        "A(k, 0) = -Im G(k, i b)/pi, mean of the sites of a cell, sum of orbitals", {x, y});
  const Arguments at = arguments(up, place_of(0));
  for (const double kx : x.values)
    for (const double ky : y.values) {
      const std::vector<BandEnergies> energies = lattice.energies(phases_of(kind, {kx, ky, 0}));
      append(
          result, [&](Complex z, const SelfEnergies& sigma) { return lattice.at(energies, z, sigma); }, at);
    }
  return finish(result);
}

}  // namespace weiss
