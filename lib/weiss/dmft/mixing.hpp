// Fixed points x = F(x) of noisy or stiff maps from the last few pairs (x, F(x)):
//   linear    x + a (F - x)
//   broyden   second method of C. G. Broyden, Math. Comp. 19, 577 (1965), in the form for few vectors of G.
//   P.
//             Srivastava, J. Phys. A 17, L317 (1984)
//   anderson  the combination of earlier pairs with the smallest residual, D. G. Anderson, J. ACM 12, 547
//             (1965), then a linear step
// The last two can get caught where a fixed point has just ceased to exist: after `patience` steps without a
// smaller residual as many linear steps follow, and they begin anew.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace weiss {

enum class MixingMethod { linear, broyden, anderson };

class Mixing {
 public:
  static constexpr std::int64_t patience = 40;

  // amount: a in (0, 1]; memory: pairs kept.
  Mixing(MixingMethod method, double amount, std::size_t memory)
      : method_(method), amount_(amount), memory_(memory) {}

  // The next x from this one and its image, of the same length in every call.
  std::vector<double> next(std::span<const double> x, std::span<const double> image);
  void forget();

  template <class Visitor>
  void visit_state(Visitor& v) {
    v.vector("x", x_);
    v.vector("residuals", residuals_);
    v.scalar("kept", kept_);
    v.scalar("smallest", smallest_);
    v.scalar("waited", waited_);
  }

 private:
  std::vector<double> anderson(std::span<const double> x, std::span<const double> residual) const;
  std::vector<double> broyden(std::span<const double> x, std::span<const double> residual) const;
  bool caught(std::span<const double> residual);
  void keep(std::span<const double> x, std::span<const double> residual);

  MixingMethod method_;
  double amount_;
  std::size_t memory_;
  std::vector<double> x_, residuals_;  // kept_ x length, the oldest first
  std::int64_t kept_ = 0;
  double smallest_ = std::numeric_limits<double>::infinity();
  std::int64_t waited_ = 0;  // steps since then; above patience they are linear
};

// A number whose whole steps overshoot and swing, as of a chemical potential where an attraction makes the
// density soft: after a change of direction without a much shorter step only half as much of each step is
// done, more again while the direction stays.
class DampedStep {
 public:
  double next(double now, double found);
  void settle() { settled_ = 1; }  // steps from now on keep their part

  template <class Visitor>
  void visit_state(Visitor& v) {
    v.scalar("part", part_);
    v.scalar("step", step_);
    v.scalar("settled", settled_);
  }

 private:
  double part_ = 1, step_ = 0;
  std::int64_t settled_ = 0;
};

}  // namespace weiss
