// The distribution of cavity messages of the +-1 model on random regular graphs of degree 3 on a grid of u:
// the slow twin of populations, without noise. Densities of perturbations travel along and are closed too:
//   mu_n'(u') = int du_1 du_2 2 P(u_1) mu_n(u_2) (du'/du)^n delta(u' - ...), mu_n(u) = P(u) <w | u>.
// What falls between two points of the grid is shared out linearly; errors fall with the square of spacing.
#pragma once

#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

namespace weiss {

class FieldDensity {
 public:
  // points: of 0 < u <= 1; the grid has 2 points + 1.
  FieldDensity(std::size_t points, double ferromagnetic_fraction, double beta)
      : half_(points), fraction_(ferromagnetic_fraction), beta_(beta) {
    start(0);
  }

  // magnetised: the part at u = 1; the rest is uniform.
  void start(double magnetised) {
    messages_.assign(2 * half_ + 1, (1 - magnetised) / static_cast<double>(2 * half_ + 1));
    messages_.back() += magnetised;
    for (auto& each : perturbations_) each = messages_;
  }

  void set(double ferromagnetic_fraction) { fraction_ = ferromagnetic_fraction; }
  // Keeps the solution without magnetisation: every density is even.
  void keep_symmetric() { symmetric_ = true; }

  // One generation; growth() is of the mean perturbations.
  void step() {
    const std::vector<double> whole = messages_;
    for (int n = 1; n <= 2; ++n) {
      auto& own = perturbations_[n - 1];
      own = passed(joined(own, whole, 2), n);
      growth_[n - 1] = std::log(normalise(own));
    }
    messages_ = passed(joined(whole, whole, 1), 0);
    normalise(messages_);
  }
  void run(int generations) {
    for (int i = 0; i < generations; ++i) step();
  }
  // ln of the growth of <(du'/du)^n w> in the last generation.
  double growth(int n) const { return growth_[n - 1]; }
  double magnetisation() const {
    const std::vector<double> pairs = joined(messages_, messages_, 1);
    double sum = 0;
    for (std::size_t i = 0; i < pairs.size(); ++i)
      for (std::size_t j = 0; j < messages_.size(); ++j)
        sum += pairs[i] * messages_[j] * std::tanh(beta_ * (place(i, 2 * half_) + place(j, half_)));
    return sum;
  }

 private:
  double place(std::size_t i, std::size_t half) const {
    return (static_cast<double>(i) - static_cast<double>(half)) / static_cast<double>(half_);
  }

  static std::vector<double> joined(const std::vector<double>& a, const std::vector<double>& b,
                                    double factor) {
    std::vector<double> sum(a.size() + b.size() - 1, 0.0);
    for (std::size_t i = 0; i < a.size(); ++i)
      for (std::size_t j = 0; j < b.size(); ++j) sum[i + j] += factor * a[i] * b[j];
    return sum;
  }

  double normalise(std::vector<double>& density) const {
    if (symmetric_)
      for (std::size_t i = 0; i < half_; ++i)
        density[i] = density[2 * half_ - i] = (density[i] + density[2 * half_ - i]) / 2;
    double total = 0;
    for (const double each : density) total += each;
    for (double& each : density) each /= total;
    return total;
  }

  // Through a bond: the part of x = u_1 + u_2, slope^n, to u' and, of an antiferromagnetic bond, to -u'.
  std::vector<double> passed(const std::vector<double>& sum, int n) const {
    std::vector<double> out(2 * half_ + 1, 0.0);
    const double t = std::tanh(beta_), against = n == 1 ? fraction_ - 1 : 1 - fraction_;
    for (std::size_t i = 0; i < sum.size(); ++i) {
      const double s = std::tanh(beta_ * place(i, 2 * half_));
      const double u = std::atanh(t * s) / beta_;
      const double weight = sum[i] * std::pow(t * (1 - s * s) / (1 - t * t * s * s), n);
      const double at = (u + 1) * static_cast<double>(half_);
      const auto left = static_cast<std::size_t>(std::fmin(at, static_cast<double>(2 * half_ - 1)));
      const double right_part = at - static_cast<double>(left);
      for (const auto& [point, part] : {std::pair{left, 1 - right_part}, {left + 1, right_part}}) {
        out[point] += fraction_ * part * weight;
        out[2 * half_ - point] += against * part * weight;
      }
    }
    return out;
  }

  std::size_t half_;
  bool symmetric_ = false;
  double fraction_, beta_;
  std::vector<double> messages_, perturbations_[2];
  double growth_[2] = {0, 0};
};

}  // namespace weiss
