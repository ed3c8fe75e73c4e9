// The staircase q(x) of k steps with the largest free energy: quasi-Newton on the logarithms of the
// increments of q and mu, so that their order holds by itself. More than three steps start from the solution
// with half as many, up a ladder 1, 2, 4, ... that ends at k.
#pragma once

#include <cstdint>
#include <vector>

#include "weiss/cavity/quasi_newton.hpp"
#include "weiss/cavity/replica_steps.hpp"

namespace weiss {

class ReplicaSolver {
 public:
  // tolerance: of every derivative of f by the logarithm of an increment
  ReplicaSolver(const MeanFieldGlass& glass, std::int64_t steps, double tolerance,
                const ReplicaGrid& grid = {});

  void iterate();
  bool finished() const { return finished_ != 0; }
  bool converged() const { return converged_ != 0; }

  ReplicaSteps steps() const;
  // The largest derivative by the logarithm of an increment; 0 of the paramagnet, which is stationary.
  double residual() const { return paramagnet_ != 0 ? 0 : minimum_.gradient_norm(); }
  // Without a field nothing was found with a larger free energy than q = 0 has.
  bool paramagnet() const { return paramagnet_ != 0; }
  // f, e, q_k and dm/dh of the rungs of the ladder that are done, and their numbers of steps
  const std::vector<double>& ladder_free_energies() const { return ladder_free_energies_; }
  const std::vector<double>& ladder_energies() const { return ladder_energies_; }
  const std::vector<double>& ladder_overlaps() const { return ladder_overlaps_; }
  const std::vector<double>& ladder_susceptibilities() const { return ladder_susceptibilities_; }
  std::vector<std::int64_t> ladder() const;

  template <class Visitor>
  void visit_state(Visitor& v) {
    v.scalar("rung", rung_);
    v.scalar("finished", finished_);
    v.scalar("converged", converged_);
    v.scalar("paramagnet", paramagnet_);
    v.vector("ladder_free_energies", ladder_free_energies_);
    v.vector("ladder_energies", ladder_energies_);
    v.vector("ladder_overlaps", ladder_overlaps_);
    v.vector("ladder_susceptibilities", ladder_susceptibilities_);
    v.group("minimum", minimum_);
  }

 private:
  std::size_t k() const { return static_cast<std::size_t>(ladder()[static_cast<std::size_t>(rung_)]); }
  // q_0 = 0 where xi''(0) = 0 and no field breaks the symmetry.
  bool without_first_height() const {
    return glass_.spins_per_interaction > 2 && glass_.field == 0 && (k() > 0 || glass_.temperature > 0);
  }
  ReplicaSteps steps_of(const std::vector<double>& point) const;
  std::vector<double> point_of(const ReplicaSteps& steps) const;
  ValueAndGradient at(const std::vector<double>& point) const;
  QuasiNewton::Function function() const {
    return [this](const std::vector<double>& point) { return at(point); };
  }
  bool is_paramagnet() const;
  ReplicaSteps first_guess() const;
  ReplicaSteps next_rung(const ReplicaSteps& before) const;

  MeanFieldGlass glass_;
  std::int64_t asked_;
  double tolerance_;
  ReplicaGrid grid_;
  std::int64_t rung_ = 0, finished_ = 0, converged_ = 0, paramagnet_ = 0;
  std::vector<double> ladder_free_energies_, ladder_energies_, ladder_overlaps_, ladder_susceptibilities_;
  QuasiNewton minimum_;
};

// A staircase of more steps that follows the same curve.
ReplicaSteps resampled(const ReplicaSteps& steps, std::size_t k, double temperature);

}  // namespace weiss
