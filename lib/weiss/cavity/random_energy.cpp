#include "weiss/cavity/random_energy.hpp"

#include <cmath>
#include <numbers>

namespace weiss {

double random_energy_transition() { return 1 / (2 * std::sqrt(std::numbers::ln2)); }

double random_energy_ground_state() { return -std::sqrt(std::numbers::ln2); }

RandomEnergyState random_energy_state(double temperature, double transverse_field) {
  const double t = temperature, field = std::fabs(transverse_field);
  RandomEnergyState state{random_energy_ground_state(), random_energy_ground_state(), 0, 0, false};
  if (t > random_energy_transition())
    state = {-t * std::numbers::ln2 - 1 / (4 * t), -1 / (2 * t), std::numbers::ln2 - 1 / (4 * t * t), 0,
             false};
  const double quantum = -field - (t > 0 ? t * std::log1p(std::exp(-2 * field / t)) : 0);
  if (quantum >= state.free_energy) return state;
  const double along = t > 0 ? std::tanh(field / t) : 1;
  const double energy = -field * along;
  return {quantum, energy, t > 0 ? (energy - quantum) / t : 0, transverse_field < 0 ? -along : along, true};
}

double critical_transverse_field(double temperature) {
  const double f = random_energy_state(temperature).free_energy;
  if (temperature == 0) return -f;
  // G = T arcosh(exp(-f/T)/2)
  const double y = -f / temperature - std::numbers::ln2, small = std::exp(-2 * y);
  return temperature * (y + std::log1p(std::sqrt(1 - small)));
}

}  // namespace weiss
