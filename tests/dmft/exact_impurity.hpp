// Oracle: a few flavours, each with a few bath levels, by full diagonalisation in the space of all
// occupations.
//   H = -sum_a mu_a n_a + sum_{a<b} U_ab n_a n_b + sum_ap e_ap f+_ap f_ap + V_ap (c+_a f_ap + f+_ap c_a)
#pragma once

#include <bit>
#include <cmath>
#include <vector>

#include "weiss/dmft/decompositions.hpp"

#include "weiss/dmft/matsubara.hpp"
#include "weiss/dmft/segment_problem.hpp"

namespace weiss {

struct Bath {
  std::vector<double> energy, coupling;
};

class ExactImpurity {
 public:
  ExactImpurity(double beta, std::vector<double> level, std::vector<double> interaction,
                std::vector<Bath> baths)
      : beta_(beta),
        level_(std::move(level)),
        interaction_(std::move(interaction)),
        baths_(std::move(baths)) {
    modes_ = static_cast<int>(level_.size());
    for (const Bath& bath : baths_) modes_ += static_cast<int>(bath.energy.size());
    const Eigen::Index size = Eigen::Index{1} << modes_;
    Eigen::MatrixXd h = Eigen::MatrixXd::Zero(size, size);
    int mode = flavours();
    for (int a = 0; a < flavours(); ++a) {
      h -= level_[at(a)] * occupation(a);
      for (int b = 0; b < a; ++b) h += interaction_[at(a * flavours() + b)] * occupation(a) * occupation(b);
      hybridisation_.push_back(Eigen::MatrixXd::Zero(size, size));
      for (std::size_t p = 0; p < baths_[at(a)].energy.size(); ++p, ++mode) {
        h += baths_[at(a)].energy[p] * occupation(mode);
        const Eigen::MatrixXd hop = annihilator(a).transpose() * annihilator(mode);
        hybridisation_.back() += baths_[at(a)].coupling[p] * (hop + hop.transpose());
      }
      h += hybridisation_.back();
    }
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(h);
    energy_ = solver.eigenvalues().array() - solver.eigenvalues()(0);
    states_ = solver.eigenvectors();
    weight_ = (-beta_ * energy_).array().exp();
    weight_ /= weight_.sum();
    for (int a = 0; a < flavours(); ++a) densities_.push_back(in_eigenstates(occupation(a)));
  }

  int flavours() const { return static_cast<int>(level_.size()); }
  double density(int a) const { return mean(occupation(a)); }
  double overlap(int a, int b) const { return mean(occupation(a) * occupation(b)); }
  // Mean number of segments: the expansion in the hybridisation has 2 k of its terms.
  double order(int a) const { return -beta_ * mean(hybridisation_[at(a)]) / 2; }
  // <A(tau) B(0)>, 0 <= tau <= beta.
  double correlation(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b, double tau) const {
    return correlation_of_elements(in_eigenstates(a), in_eigenstates(b), tau);
  }
  // int_0^beta -<A(tau) B(0)> exp(i w tau) for fermionic A and B.
  Complex matsubara(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b, double w) const {
    const Eigen::MatrixXd product =
        (states_.transpose() * a * states_).cwiseProduct((states_.transpose() * b * states_).transpose());
    Complex sum = 0;
    for (Eigen::Index m = 0; m < product.rows(); ++m)
      for (Eigen::Index n = 0; n < product.rows(); ++n)
        sum += product(m, n) * (weight_(m) + weight_(n)) / Complex(energy_(m) - energy_(n), w);
    return sum;
  }
  Complex green_matsubara(int a, double w) const {
    return matsubara(annihilator(a), annihilator(a).transpose(), w);
  }
  Complex self_energy(int a, double w) const {
    return matsubara(interaction_field(a) * annihilator(a), annihilator(a).transpose(), w) /
           green_matsubara(a, w);
  }
  double green(int a, double tau) const {
    return -correlation(annihilator(a), annihilator(a).transpose(), tau);
  }
  // sum_b U_ab n_b.
  Eigen::MatrixXd interaction_field(int a) const {
    Eigen::MatrixXd field = Eigen::MatrixXd::Zero(states_.rows(), states_.rows());
    for (int b = 0; b < flavours(); ++b)
      if (b != a) field += interaction_[at(a * flavours() + b)] * occupation(b);
    return field;
  }
  double density_correlation(int a, int b, double tau) const {
    return correlation_of_elements(densities_[at(a)], densities_[at(b)], tau);
  }
  // int_0^beta exp(i v tau) <n_a(tau) n_b>, v = 2 pi m / beta, m > 0; real for real states.
  double density_susceptibility(int a, int b, int m) const {
    const double v = bosonic_frequency(m, beta_);
    double sum = 0;
    for (Eigen::Index i = 0; i < states_.rows(); ++i)
      for (Eigen::Index j = 0; j < states_.rows(); ++j) {
        const double gap = energy_(i) - energy_(j);
        sum += densities_[at(a)](i, j) * densities_[at(b)](j, i) * (weight_(j) - weight_(i)) * gap /
               (v * v + gap * gap);
      }
    return sum;
  }
  SegmentProblem problem() const {
    SegmentProblem result{beta_, level_, interaction_, {}};
    for (const Bath& bath : baths_)
      result.hybridization.push_back(bath_hybridization(beta_, bath.energy, bath.coupling));
    return result;
  }

 private:
  Eigen::MatrixXd in_eigenstates(const Eigen::MatrixXd& a) const { return states_.transpose() * a * states_; }
  double correlation_of_elements(const Eigen::MatrixXd& left, const Eigen::MatrixXd& right,
                                 double tau) const {
    const Eigen::ArrayXd forward = (tau * energy_).array().exp() * weight_;
    const Eigen::ArrayXd backward = (-tau * energy_).array().exp();
    return (forward.matrix().asDiagonal() * left * backward.matrix().asDiagonal())
        .cwiseProduct(right.transpose())
        .sum();
  }
  static std::size_t at(int i) { return static_cast<std::size_t>(i); }
  double mean(const Eigen::MatrixXd& a) const {
    return ((states_.transpose() * a * states_).diagonal().array() * weight_).sum();
  }
  Eigen::MatrixXd annihilator(int mode) const {
    const Eigen::Index size = Eigen::Index{1} << modes_;
    Eigen::MatrixXd c = Eigen::MatrixXd::Zero(size, size);
    for (Eigen::Index s = 0; s < size; ++s)
      if ((s >> mode & 1) != 0) {
        const auto before = static_cast<unsigned>(s & ((Eigen::Index{1} << mode) - 1));
        c(s ^ (Eigen::Index{1} << mode), s) = std::popcount(before) % 2 == 0 ? 1 : -1;
      }
    return c;
  }
  Eigen::MatrixXd occupation(int mode) const { return annihilator(mode).transpose() * annihilator(mode); }

  double beta_;
  std::vector<double> level_, interaction_;
  std::vector<Bath> baths_;
  int modes_;
  std::vector<Eigen::MatrixXd> hybridisation_, densities_;
  Eigen::ArrayXd energy_, weight_;
  Eigen::MatrixXd states_;
};

}  // namespace weiss
