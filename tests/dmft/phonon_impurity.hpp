// Oracle: flavours with one bath level each and one phonon mode, by full diagonalisation of every sector of
// fixed particle numbers N_a of impurity and bath together, with at most so many quanta:
//   H = -sum_a mu_a n_a + sum_{a<b} U_ab n_a n_b + sum_a e_a f+_a f_a + V_a (c+_a f_a + f+_a c_a)
//       + w b+b + g (sum_a n_a) (b+ + b)
#pragma once

#include <cmath>
#include <map>
#include <vector>

#include "weiss/dmft/decompositions.hpp"

#include "weiss/dmft/matsubara.hpp"
#include "weiss/dmft/segment_problem.hpp"

namespace weiss {

class PhononImpurity {
 public:
  struct Level {
    double potential, bath_energy, coupling;  // mu_a, e_a, V_a
  };
  PhononImpurity(double beta, std::vector<Level> levels, std::vector<double> interaction, Phonon phonon,
                 int quanta)
      : beta_(beta),
        levels_(std::move(levels)),
        interaction_(std::move(interaction)),
        phonon_(phonon),
        quanta_(quanta) {
    std::vector<int> numbers(levels_.size(), 0);
    do sectors_.emplace(numbers, diagonalised(numbers));
    while (next(numbers));
    double lowest = INFINITY, sum = 0;
    for (const auto& [n, sector] : sectors_) lowest = std::fmin(lowest, sector.energy(0));
    for (auto& [n, sector] : sectors_) {
      sector.energy.array() -= lowest;
      sector.weight = (-beta_ * sector.energy).array().exp();
      sum += sector.weight.sum();
    }
    for (auto& [n, sector] : sectors_) sector.weight /= sum;
  }

  SegmentProblem problem() const {
    SegmentProblem problem;
    problem.beta = beta_;
    for (const Level& level : levels_) {
      problem.level.push_back(level.potential);
      const double energy[] = {level.bath_energy}, coupling[] = {level.coupling};
      problem.hybridization.push_back(bath_hybridization(beta_, energy, coupling));
    }
    problem.interaction = interaction_;
    problem.screening = phonon_screening(beta_, phonon_);
    problem.screening_slope = phonon_.slope();
    return problem;
  }

  const Phonon& phonon() const { return phonon_; }
  int flavours() const { return static_cast<int>(levels_.size()); }
  double density(int a) const {
    return mean([a](const State& s) { return s.impurity[at(a)]; });
  }
  double overlap(int a, int b) const {
    return mean([=](const State& s) { return s.impurity[at(a)] * s.impurity[at(b)]; });
  }
  double order(int a) const {
    double sum = 0;
    for (const auto& [n, sector] : sectors_) {
      Eigen::MatrixXd h = Eigen::MatrixXd::Zero(sector.energy.size(), sector.energy.size());
      add_hopping(h, sector.states, a);
      sum += (sector.vectors.transpose() * h * sector.vectors).diagonal().dot(sector.weight);
    }
    return -beta_ * sum / 2;
  }
  double phonon_energy() const {
    return phonon_.frequency * mean([](const State& s) { return s.quanta; });
  }
  // g <(n - r)(b+ + b)>, n of all flavours.
  double coupling_energy(double reference) const {
    double sum = 0;
    for (const auto& [numbers, sector] : sectors_)
      for (Eigen::Index i = 0; i + 1 < sector.energy.size(); ++i) {
        const State& s = sector.states[static_cast<std::size_t>(i)];
        if (s.quanta == quanta_) continue;
        double electrons = -reference;
        for (const int n : s.impurity) electrons += n;
        sum += 2 * phonon_.coupling * electrons * std::sqrt(s.quanta + 1) *
               (sector.vectors.row(i).array() * sector.vectors.row(i + 1).array())
                   .matrix()
                   .dot(sector.weight.transpose());
      }
    return sum;
  }
  // -<T c_a(tau) c+_a>.
  double green(int a, double tau) const {
    double sum = 0;
    lehmann(a, [&](double p, double q, double difference, double square) {
      sum -= square * std::sqrt(p * q) * std::exp(-(tau - beta_ / 2) * difference);
    });
    return sum;
  }
  Complex green_matsubara(int a, double w) const {
    Complex sum = 0;
    lehmann(a, [&](double p, double q, double difference, double square) {
      sum += square * (p + q) / Complex(-difference, w);
    });
    return sum;
  }
  Complex self_energy(int a, double w) const {
    const Level& level = levels_[at(a)];
    return Complex(level.potential, w) - level.coupling * level.coupling / Complex(-level.bath_energy, w) -
           1.0 / green_matsubara(a, w);
  }

 private:
  struct State {
    std::vector<int> impurity, bath;
    int quanta;
  };
  struct SectorStates {
    std::vector<State> states;
    Eigen::VectorXd energy, weight;
    Eigen::MatrixXd vectors;
  };
  static std::size_t at(int i) { return static_cast<std::size_t>(i); }

  bool next(std::vector<int>& numbers) const {
    for (int& n : numbers) {
      if (n < 2) {
        ++n;
        return true;
      }
      n = 0;
    }
    return false;
  }

  std::vector<State> states_of(const std::vector<int>& numbers) const {
    std::vector<State> all{{{}, {}, 0}};
    for (const int n : numbers) {
      std::vector<State> longer;
      for (const State& s : all)
        for (int i = 0; i < 2; ++i)
          if (n - i == 0 || n - i == 1) {
            longer.push_back(s);
            longer.back().impurity.push_back(i);
            longer.back().bath.push_back(n - i);
          }
      all = longer;
    }
    std::vector<State> result;
    for (State s : all)
      for (s.quanta = 0; s.quanta <= quanta_; ++s.quanta) result.push_back(s);
    return result;
  }

  // Between (1, 0) and (0, 1) of (impurity, bath): no sign, as the two modes are neighbours.
  void add_hopping(Eigen::MatrixXd& h, const std::vector<State>& states, int a) const {
    for (std::size_t i = 0; i < states.size(); ++i)
      for (std::size_t j = 0; j < states.size(); ++j) {
        if (states[i].quanta != states[j].quanta) continue;
        bool differ = states[i].impurity[at(a)] != states[j].impurity[at(a)];
        for (int b = 0; b < flavours() && differ; ++b)
          differ = b == a || states[i].impurity[at(b)] == states[j].impurity[at(b)];
        if (differ) h(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) += levels_[at(a)].coupling;
      }
  }

  SectorStates diagonalised(const std::vector<int>& numbers) const {
    SectorStates sector;
    sector.states = states_of(numbers);
    const auto size = static_cast<Eigen::Index>(sector.states.size());
    Eigen::MatrixXd h = Eigen::MatrixXd::Zero(size, size);
    for (Eigen::Index i = 0; i < size; ++i) {
      const State& s = sector.states[static_cast<std::size_t>(i)];
      int electrons = 0;
      h(i, i) = phonon_.frequency * s.quanta;
      for (int a = 0; a < flavours(); ++a) {
        electrons += s.impurity[at(a)];
        h(i, i) += levels_[at(a)].bath_energy * s.bath[at(a)] - levels_[at(a)].potential * s.impurity[at(a)];
        for (int b = 0; b < a; ++b)
          h(i, i) += interaction_[at(a * flavours() + b)] * s.impurity[at(a)] * s.impurity[at(b)];
      }
      // Quanta run fastest.
      if (s.quanta < quanta_)
        h(i, i + 1) = h(i + 1, i) = phonon_.coupling * electrons * std::sqrt(s.quanta + 1);
    }
    for (int a = 0; a < flavours(); ++a) add_hopping(h, sector.states, a);
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(h);
    sector.energy = solver.eigenvalues();
    sector.vectors = solver.eigenvectors();
    return sector;
  }

  template <class F>
  double mean(F&& value) const {
    double sum = 0;
    for (const auto& [n, sector] : sectors_)
      for (std::size_t i = 0; i < sector.states.size(); ++i)
        sum += value(sector.states[i]) * sector.vectors.row(static_cast<Eigen::Index>(i))
                                             .array()
                                             .square()
                                             .matrix()
                                             .dot(sector.weight.transpose());
    return sum;
  }

  // f(p_m, p_n, E_n - E_m, |<m|c_a|n>|^2) over all pairs.
  template <class F>
  void lehmann(int a, F&& f) const {
    for (const auto& [numbers, upper] : sectors_) {
      std::vector<int> fewer = numbers;
      if (--fewer[at(a)] < 0) continue;
      const SectorStates& lower = sectors_.at(fewer);
      Eigen::MatrixXd c = Eigen::MatrixXd::Zero(lower.energy.size(), upper.energy.size());
      for (std::size_t i = 0; i < lower.states.size(); ++i)
        for (std::size_t j = 0; j < upper.states.size(); ++j) {
          State removed = upper.states[j];
          if (removed.impurity[at(a)] == 0) continue;
          removed.impurity[at(a)] = 0;
          if (removed.impurity == lower.states[i].impurity && removed.bath == lower.states[i].bath &&
              removed.quanta == lower.states[i].quanta)
            c(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) = 1;
        }
      const Eigen::MatrixXd elements = lower.vectors.transpose() * c * upper.vectors;
      for (Eigen::Index m = 0; m < elements.rows(); ++m)
        for (Eigen::Index n = 0; n < elements.cols(); ++n)
          f(lower.weight(m), upper.weight(n), upper.energy(n) - lower.energy(m),
            elements(m, n) * elements(m, n));
    }
  }

  double beta_;
  std::vector<Level> levels_;
  std::vector<double> interaction_;
  Phonon phonon_;
  int quanta_;
  std::map<std::vector<int>, SectorStates> sectors_;
};

}  // namespace weiss
