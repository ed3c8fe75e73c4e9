#include "spinglass/engines.hpp"

namespace weiss {

namespace {

// Updates a nanosecond of one core with 512-bit registers, for --plan.
constexpr double samples_rate = 18, shared_rate = 55, lanes_rate = 0.6;
constexpr double word = 512;

bool fits_samples(const Parameters& parameters) {
  return is_plain_bimodal(parameters) && SampleTopology::fits(glass_lattice_of(parameters));
}

}  // namespace

GlassKernel glass_kernel(const Parameters& parameters) {
  if (parameters.text("algorithm.kernel") == "lanes" || !fits_samples(parameters)) return GlassKernel::lanes;
  return glass_algorithm_of(parameters).shared_random_bits ? GlassKernel::shared_samples
                                                           : GlassKernel::samples;
}

void validate_glass_kernel(const Parameters& parameters, Problems& problems) {
  if (fits_samples(parameters)) {
    if (parameters.text("algorithm.random_bits") == "shared" &&
        parameters.text("algorithm.kernel") == "lanes")
      problems.add("algorithm.random_bits", "shared belongs to the kernel 'samples'");
    return;
  }
  const char* needs =
      " needs a periodic lattice with up to eight neighbours, bimodal couplings, every bond and no field";
  if (parameters.text("algorithm.kernel") == "samples")
    problems.add("algorithm.kernel", std::string("samples") + needs);
  if (parameters.text("algorithm.random_bits") == "shared")
    problems.add("algorithm.random_bits", std::string("shared") + needs);
}

std::string_view name(GlassKernel kernel) {
  if (kernel == GlassKernel::samples) return "samples";
  return kernel == GlassKernel::lanes ? "lanes" : "samples_shared_random_bits";
}

std::vector<GlassUnit> glass_units_of(const Parameters& parameters) {
  const GlassShape shape = glass_shape_of(parameters);
  return glass_kernel(parameters) == GlassKernel::lanes ? lane_units(shape) : sample_units(parameters, shape);
}

double rough_rate(const Parameters& parameters) {
  const GlassKernel kernel = glass_kernel(parameters);
  if (kernel == GlassKernel::lanes) return lanes_rate;
  const GlassShape shape = glass_shape_of(parameters);
  const double words = static_cast<double>(glass_units_of(parameters).size() / shape.temperatures);
  const double used = static_cast<double>(shape.samples) / (words * word);
  return used * (kernel == GlassKernel::samples ? samples_rate : shared_rate);
}

double glass_bytes(const Parameters& parameters) {
  const GlassShape shape = glass_shape_of(parameters);
  const double sites = glass_sites_of(parameters);
  const auto configurations = static_cast<double>(shape.replicas * shape.temperatures);
  if (glass_kernel(parameters) == GlassKernel::lanes)
    return sites * static_cast<double>(shape.samples) * (configurations / 8 + 100);
  const double words = static_cast<double>(glass_units_of(parameters).size() / shape.temperatures);
  return words * word / 8 * sites * (configurations + 3);
}

GlassEngine make_glass_engine(const TaskContext& context, const GlassShape& shape) {
  if (glass_kernel(context.parameters) == GlassKernel::lanes)
    return std::make_unique<LanesEngine>(context, shape);
  return std::make_unique<SamplesEngine>(context, shape);
}

}  // namespace weiss
