// One step of replica symmetry breaking at T = 0 for the +-1 Ising model on sparse random graphs: a
// population of surveys, each the distribution over states of one cavity message u in {-1, 0, 1} (M. Mezard,
// G. Parisi, J. Stat. Phys. 111, 1 (2003); conventions of integer_fields.hpp).
//
// A new survey, J = +-1, x = h + u_1 + ... + u_k, u = sign(J x) min(1, |x|):
//   Q'(u) ~ sum over u_1 ... u_k that give u of prod_i Q_i(u_i) exp(y (|x| - sum_i |u_i|)).
// With Z_site = <exp(y (|x| - sum_i |u_i|))> over all messages of a site and
// Z_edge = <exp(y (|x + u| - |x| - |u|))> over the field x of one end and the message u of the other,
//   -y Phi(y) = <ln Z_site> - (c/2) <ln Z_edge> + y c/2.
// The energy of states, d(y Phi)/dy, is its derivative at fixed distributions of fields and messages, for
// which Phi is stationary.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "weiss/base/cpu.hpp"
#include "weiss/cavity/degree_law.hpp"
#include "weiss/rng/stream.hpp"

namespace weiss {

struct SurveyEnsemble {
  DegreeLaw degrees;
  double ferromagnetic_fraction = 0.5;
  std::int64_t field = 0;
  double reweighting = 0.5;  // y > 0; y times the largest degree at most largest_survey_exponent
};

inline constexpr double largest_survey_exponent = 80;  // exp of it is a float

struct SurveyAverages {
  double free_energy = 0;   // Phi(y)
  double energy = 0;        // of states
  double complexity = 0;    // y (e - Phi)
  double zero_message = 0;  // <Q(0)>
  double polarisation = 0;  // <(Q(1) - Q(-1))^2>; 0 where all surveys are alike
};

class SurveyPopulation {
 public:
  static constexpr std::size_t chunk = 256;

  SurveyPopulation(SurveyEnsemble ensemble, std::size_t members, std::uint64_t seed, std::uint64_t key);

  void start();
  void sweep(std::uint64_t step);
  SurveyAverages measure(std::uint64_t step) const;

  std::size_t members() const { return members_; }
  std::span<std::uint8_t> bytes();
  std::size_t state_bytes() const { return now_.size() * sizeof(float); }

 private:
  class Partners;
  std::span<const float> plus() const { return std::span(now_).first(members_); }
  std::span<const float> minus() const { return std::span(now_).subspan(members_); }

  SurveyEnsemble ensemble_;
  std::size_t members_;
  Stream update_, start_, measurement_;
  SimdTarget target_;
  std::vector<std::uint64_t> excess_thresholds_, site_thresholds_;
  std::uint64_t positive_threshold_;
  std::vector<float> now_, next_;  // Q(1) of every member, then Q(-1)
};

}  // namespace weiss
