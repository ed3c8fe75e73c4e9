#include "spinglass/engines.hpp"

namespace weiss {

namespace {

// Of one core with 512-bit registers, for --plan.
constexpr double lanes_rate = 0.8;

}  // namespace

GlassKernel glass_kernel(const Parameters&) { return GlassKernel::lanes; }

std::string_view name(GlassKernel) { return "lanes"; }

std::vector<GlassUnit> glass_units_of(const Parameters& parameters) {
  return lane_units(glass_shape_of(parameters));
}

double rough_rate(const Parameters&) { return lanes_rate; }

double glass_bytes(const Parameters& parameters) {
  const GlassShape shape = glass_shape_of(parameters);
  return glass_sites_of(parameters) *
         static_cast<double>(shape.samples * shape.replicas * shape.temperatures) / 8;
}

Engine make_engine(const TaskContext& context, const GlassShape& shape) {
  return std::make_unique<LanesEngine>(context, shape);
}

}  // namespace weiss
