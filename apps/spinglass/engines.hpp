// The kernels behind weiss-spinglass, one class a representation of the configurations. Each sweeps, gives
// energies and raw observables of the units its rank owns, swaps configurations between neighbouring
// temperatures, and offers its spins for saving.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <variant>
#include <vector>

#include "weiss/simulation/model.hpp"

#include "spinglass/lanes_engine.hpp"
#include "spinglass/packed_engine.hpp"
#include "spinglass/samples_engine.hpp"

namespace weiss {

using GlassEngine = std::variant<std::unique_ptr<SamplesEngine>, std::unique_ptr<LanesEngine>,
                                 std::unique_ptr<PackedGlassEngine>>;

enum class GlassKernel { samples, shared_samples, lanes, packed };
// A function of the deck alone, and not of how many realisations a task has.
GlassKernel glass_kernel(const Parameters& parameters);
std::string_view name(GlassKernel kernel);
// algorithm.kernel and algorithm.random_bits where the deck allows them.
void validate_glass_kernel(const Parameters& parameters, Problems& problems);
std::vector<GlassUnit> glass_units_of(const Parameters& parameters);
double rough_rate(const Parameters& parameters);   // updates a nanosecond of one core
double glass_bytes(const Parameters& parameters);  // of configurations and couplings

GlassEngine make_glass_engine(const TaskContext& context, const GlassShape& shape);

}  // namespace weiss
