#include "weiss/dmft/brillouin_zone.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "weiss/base/error.hpp"

namespace weiss {

namespace {

using std::numbers::pi;
using std::numbers::sqrt3;

struct Corner {
  const char* name;
  CartesianVector k;
};

std::vector<Corner> corners_of(BandKind kind) {
  const CartesianVector gamma{};
  switch (kind) {
    case BandKind::chain:
      return {{"Gamma", gamma}, {"X", {pi}}};
    case BandKind::square:
      return {{"Gamma", gamma}, {"X", {pi, 0}}, {"M", {pi, pi}}, {"Gamma", gamma}};
    case BandKind::cubic:
      return {{"Gamma", gamma}, {"X", {pi, 0, 0}}, {"M", {pi, pi, 0}}, {"R", {pi, pi, pi}}, {"Gamma", gamma}};
    case BandKind::triangular:
      return {{"Gamma", gamma},
              {"K", {2 * pi / 3, 2 * pi / sqrt3}},
              {"M", {0, 2 * pi / sqrt3}},
              {"Gamma", gamma}};
    case BandKind::honeycomb:
      return {
          {"Gamma", gamma}, {"K", {4 * pi / (3 * sqrt3), 0}}, {"M", {pi / sqrt3, pi / 3}}, {"Gamma", gamma}};
    default:
      throw Error(ExitCode::internal, "a band without wave vectors has no path");
  }
}

double length(const CartesianVector& from, const CartesianVector& to) {
  return std::hypot(to[0] - from[0], to[1] - from[1], to[2] - from[2]);
}

}  // namespace

WaveVector phases_of(BandKind kind, const CartesianVector& k) {
  if (kind == BandKind::triangular) return {k[0], (sqrt3 * k[1] - k[0]) / 2, 0};
  if (kind == BandKind::honeycomb) return {sqrt3 * k[0], sqrt3 * (k[0] + sqrt3 * k[1]) / 2, 0};
  return k;
}

ZonePath zone_path(BandKind kind, std::int64_t points) {
  const std::vector<Corner> corners = corners_of(kind);
  double total = 0;
  for (std::size_t leg = 0; leg + 1 < corners.size(); ++leg)
    total += length(corners[leg].k, corners[leg + 1].k);
  ZonePath path;
  double at = 0;
  for (std::size_t leg = 0; leg + 1 < corners.size(); ++leg) {
    const CartesianVector &from = corners[leg].k, &to = corners[leg + 1].k;
    const double distance = length(from, to);
    const bool last = leg + 2 == corners.size();
    // The last leg takes the steps that rounding left.
    const std::int64_t left = points - 1 - static_cast<std::int64_t>(path.points.size());
    const std::int64_t steps = std::max<std::int64_t>(
        1, last ? left : std::llround(static_cast<double>(points - 1) * distance / total));
    path.corner_names.emplace_back(corners[leg].name);
    path.corners.push_back(at);
    for (std::int64_t i = 0; i < steps + (last ? 1 : 0); ++i) {
      const double part = static_cast<double>(i) / static_cast<double>(steps);
      CartesianVector k;
      for (std::size_t axis = 0; axis < 3; ++axis) k[axis] = from[axis] + part * (to[axis] - from[axis]);
      path.points.push_back(k);
      path.distance.push_back(at + part * distance);
    }
    at += distance;
  }
  path.corner_names.emplace_back(corners.back().name);
  path.corners.push_back(at);
  return path;
}

double zone_half_width(BandKind kind) {
  return kind == BandKind::triangular ? 4 * pi / 3 : kind == BandKind::honeycomb ? 4 * pi / (3 * sqrt3) : pi;
}

}  // namespace weiss
