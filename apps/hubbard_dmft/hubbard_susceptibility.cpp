#include "hubbard_dmft/hubbard_susceptibility.hpp"

#include <limits>

namespace weiss {

namespace {

constexpr std::size_t times = density_points / 2 + 1;

struct Kind {
  const char *susceptibility, *correlation;
  LocalDensity density;
};
constexpr Kind kinds[] = {{"spin_susceptibility", "spin_correlation", LocalDensity::spin},
                          {"charge_susceptibility", "charge_correlation", LocalDensity::charge}};

}  // namespace

void declare_susceptibilities(Reported& reported) {
  reported.declare("spin_susceptibility", {"local spin susceptibility, static; NaN until converged",
                                           "1/energy", "int_0^beta (<S_z(tau) S_z> - <S_z>^2) dtau"});
  reported.declare("charge_susceptibility",
                   {"local charge susceptibility, static; NaN until converged", "1/energy",
                    "int_0^beta (<n(tau) n> - <n>^2) dtau, n = n_up + n_down"});
  const std::vector<Axis> axes = {counted_axis("r", times)};
  reported.declare("spin_correlation", {"correlation of the local spin in imaginary time, over beta/256",
                                        "1",
                                        "<S_z(tau) S_z> - <S_z>^2, tau = beta r/256",
                                        {times},
                                        false,
                                        axes});
  reported.declare("charge_correlation", {"correlation of the local charge in imaginary time, over beta/256",
                                          "1",
                                          "<n(tau) n> - <n>^2, tau = beta r/256",
                                          {times},
                                          false,
                                          axes});
}

void report_susceptibilities(const std::optional<LocalCorrelations>& found, double beta, bool ground_state,
                             Reported& reported) {
  const double of_states = ground_state ? std::numeric_limits<double>::infinity() : beta;
  const auto poles_of = [&](const Kind& kind) {
    return kind.density == LocalDensity::spin ? &found->spin : &found->charge;
  };
  for (const Kind& kind : kinds)
    reported.put(kind.susceptibility, found ? static_susceptibility(*poles_of(kind), of_states)
                                            : std::numeric_limits<double>::quiet_NaN());
  for (const Kind& kind : kinds) {
    std::vector<double> values(times, std::numeric_limits<double>::quiet_NaN());
    for (std::size_t r = 0; found && r < times; ++r)
      values[r] = poles_of(kind)->imaginary_time(beta * static_cast<double>(r) / density_points, of_states);
    reported.put(kind.correlation, values);
  }
}

void report_susceptibilities(const SegmentResults& results, Reported& reported) {
  for (const Kind& kind : kinds) {
    const Estimates found = results.static_susceptibility(kind.density);
    reported.put(kind.susceptibility, found.mean[0], found.error[0]);
  }
  for (const Kind& kind : kinds) {
    const Estimates found = results.connected_correlation(kind.density);
    reported.put(kind.correlation, found.mean, found.error);
  }
}

}  // namespace weiss
