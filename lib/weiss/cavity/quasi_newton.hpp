// Minimisation of a smooth function with its gradient by the method of Broyden, Fletcher, Goldfarb and Shanno
// (J. Nocedal, S. J. Wright, Numerical Optimization, chapter 6), one iteration a call, all state visible.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

namespace weiss {

struct ValueAndGradient {
  double value;
  std::vector<double> gradient;
};

class QuasiNewton {
 public:
  using Function = std::function<ValueAndGradient(const std::vector<double>&)>;

  QuasiNewton() = default;
  QuasiNewton(const Function& f, std::vector<double> start);

  // False where no step lowers the function any more.
  bool iterate(const Function& f);

  const std::vector<double>& point() const { return point_; }
  double value() const { return value_; }
  double gradient_norm() const;  // largest component

  template <class Visitor>
  void visit_state(Visitor& v) {
    v.vector("point", point_);
    v.scalar("value", value_);
    v.vector("gradient", gradient_);
    v.vector("inverse_hessian", inverse_);
    v.scalar("fresh", fresh_);
  }

 private:
  void reset();
  bool search(const Function& f, const std::vector<double>& direction);
  void update(const std::vector<double>& step, const std::vector<double>& change);

  std::vector<double> point_, gradient_, inverse_;
  double value_ = 0;
  std::int64_t fresh_ = 1;  // the inverse is the identity
};

}  // namespace weiss
