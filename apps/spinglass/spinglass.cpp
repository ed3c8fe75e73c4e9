#include "spinglass/spinglass.hpp"

#include "spinglass/temperature_pilot.hpp"

namespace weiss {

void SpinGlass::validate(const Parameters& parameters, Problems& problems) {
  validate_glass(parameters, problems);
  if (!problems.empty()) return;
  const GlassMethod method = glass_method_of(parameters);
  if (method == GlassMethod::equilibrium) validate_glass_kernel(parameters, problems);
  if (method == GlassMethod::exact_ground_state) ExactGlass::validate(parameters, problems);
}

int SpinGlass::usable_ranks(const Parameters& parameters, int ranks) {
  switch (glass_method_of(parameters)) {
    case GlassMethod::equilibrium:
      return EquilibriumGlass::usable_ranks(parameters, ranks);
    case GlassMethod::exact_ground_state:
      return ExactGlass::usable_ranks(parameters, ranks);
    default:
      return AnnealedGlass::usable_ranks(parameters, ranks);
  }
}

TaskPlan SpinGlass::plan(const Parameters& parameters, int ranks) {
  switch (glass_method_of(parameters)) {
    case GlassMethod::equilibrium:
      return EquilibriumGlass::plan(parameters, ranks);
    case GlassMethod::exact_ground_state:
      return ExactGlass::plan(parameters);
    default:
      return AnnealedGlass::plan(parameters);
  }
}

SpinGlass::Method SpinGlass::make(const TaskContext& context) {
  switch (glass_method_of(context.parameters)) {
    case GlassMethod::equilibrium: {
      const Parameters tuned = with_tuned_temperatures(context);
      return std::make_unique<EquilibriumGlass>(
          TaskContext{tuned, context.communicator, context.seed, context.task_key});
    }
    case GlassMethod::exact_ground_state:
      return std::make_unique<ExactGlass>(context);
    default:
      return std::make_unique<AnnealedGlass>(context);
  }
}

SpinGlass::SpinGlass(const TaskContext& context)
    : method_(make(context)),
      kernel_(plan(context.parameters, context.communicator.size()).kernel),
      ranks_(context.communicator.size()) {}

void SpinGlass::start_from(SpinGlass& previous) {
  auto* from = std::get_if<std::unique_ptr<EquilibriumGlass>>(&previous.method_);
  auto* to = std::get_if<std::unique_ptr<EquilibriumGlass>>(&method_);
  // Annealing starts at infinite temperature, whatever came before.
  if (from != nullptr && to != nullptr) (*to)->start_from(**from);
}

}  // namespace weiss
