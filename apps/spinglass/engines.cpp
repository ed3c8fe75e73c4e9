#include "spinglass/engines.hpp"

namespace weiss {

namespace {

// Updates a nanosecond of one core with 512-bit registers, for --plan.
constexpr double samples_rate = 18, shared_rate = 55, lanes_rate = 0.6, packed_rate = 18;
constexpr double word = 512;
// From here on one lattice fills the words of the packed kernel well.
constexpr double least_packed_sites = 32768;

bool fits_samples(const Parameters& parameters) {
  return is_plain_bimodal(parameters) && SampleTopology::fits(glass_lattice_of(parameters));
}

bool fits_packed(const Parameters& parameters) {
  if (!is_plain_bimodal(parameters)) return false;
  const Lattice lattice = glass_lattice_of(parameters);
  return PackedLayout::fits(lattice.kind(), lattice.extents(), lattice.boundary());
}

bool wants_shared_bits(const Parameters& parameters) {
  return parameters.text("algorithm.random_bits") == "shared";
}

}  // namespace

GlassKernel glass_kernel(const Parameters& parameters) {
  const std::string& kernel = parameters.text("algorithm.kernel");
  if (kernel == "packed") return GlassKernel::packed;
  if (kernel == "auto" && !wants_shared_bits(parameters) && fits_packed(parameters) &&
      disordered_sites_of(parameters) >= least_packed_sites)
    return GlassKernel::packed;
  if (kernel == "lanes" || !fits_samples(parameters)) return GlassKernel::lanes;
  return wants_shared_bits(parameters) ? GlassKernel::shared_samples : GlassKernel::samples;
}

void validate_glass_kernel(const Parameters& parameters, Problems& problems) {
  const std::string& kernel = parameters.text("algorithm.kernel");
  if (kernel == "packed" && !fits_packed(parameters))
    problems.add(
        "algorithm.kernel",
        "packed needs a periodic square lattice of extents in multiples of 64 along x and 32 along "
        "y, or a cubic one of extents in multiples of 16, bimodal couplings, every bond and no field");
  if (fits_samples(parameters)) {
    if (wants_shared_bits(parameters) && (kernel == "lanes" || kernel == "packed"))
      problems.add("algorithm.random_bits", "shared belongs to the kernel 'samples'");
    return;
  }
  const char* needs =
      " needs a periodic lattice with up to eight neighbours, bimodal couplings, every bond and no field";
  if (kernel == "samples") problems.add("algorithm.kernel", std::string("samples") + needs);
  if (wants_shared_bits(parameters)) problems.add("algorithm.random_bits", std::string("shared") + needs);
}

std::string_view name(GlassKernel kernel) {
  switch (kernel) {
    case GlassKernel::samples:
      return "samples";
    case GlassKernel::lanes:
      return "lanes";
    case GlassKernel::packed:
      return "packed";
    case GlassKernel::shared_samples:
      break;
  }
  return "samples_shared_random_bits";
}

std::vector<GlassUnit> glass_units_of(const Parameters& parameters) {
  const GlassShape shape = glass_shape_of(parameters);
  const GlassKernel kernel = glass_kernel(parameters);
  if (kernel == GlassKernel::packed) return packed_units(shape);
  return kernel == GlassKernel::lanes ? lane_units(shape) : sample_units(parameters, shape);
}

double rough_rate(const Parameters& parameters) {
  const GlassKernel kernel = glass_kernel(parameters);
  if (kernel == GlassKernel::lanes) return lanes_rate;
  if (kernel == GlassKernel::packed) return packed_rate;
  const GlassShape shape = glass_shape_of(parameters);
  const double words = static_cast<double>(glass_units_of(parameters).size() / shape.temperatures);
  const double used = static_cast<double>(shape.samples) / (words * word);
  return used * (kernel == GlassKernel::samples ? samples_rate : shared_rate);
}

double glass_bytes(const Parameters& parameters) {
  const GlassShape shape = glass_shape_of(parameters);
  const double sites = disordered_sites_of(parameters);
  const auto configurations = static_cast<double>(shape.replicas * shape.temperatures);
  const GlassKernel kernel = glass_kernel(parameters);
  if (kernel == GlassKernel::lanes)
    return sites * static_cast<double>(shape.samples) * (configurations / 8 + 100);
  if (kernel == GlassKernel::packed) {
    const auto ends = static_cast<double>(2 * glass_lattice_of(parameters).dimension());
    return sites / 8 * static_cast<double>(shape.samples) * (configurations + ends);
  }
  const double words = static_cast<double>(glass_units_of(parameters).size() / shape.temperatures);
  return words * word / 8 * sites * (configurations + 3);
}

GlassEngine make_glass_engine(const TaskContext& context, const GlassShape& shape) {
  const GlassKernel kernel = glass_kernel(context.parameters);
  if (kernel == GlassKernel::packed) return std::make_unique<PackedGlassEngine>(context, shape);
  if (kernel == GlassKernel::lanes) return std::make_unique<LanesEngine>(context, shape);
  return std::make_unique<SamplesEngine>(context, shape);
}

}  // namespace weiss
