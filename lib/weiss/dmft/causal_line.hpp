// Retarded functions F(z) = int rho(e)/(z - e) de on a line of the upper half plane and in real time,
//   F(z) = -i int_0^inf f(t) e^{izt} dt,   f(t) = int rho(e) e^{-iet} de,   z = w + i shift.
// On the line F is smooth where rho has poles and edges, and fast Fourier transforms of it lose nothing: the
// damping e^{-shift t} is undone in time (period x shift = 32: copies are e^{-32} of it, rounding grows to
// e^{16} of itself in the middle). What falls slower than w^-5 is carried by two poles with the same first
// moments. Thermal factors are products in frequency of the two-sided f, cut off smoothly between a quarter
// and half of the period; as they act over times of about beta, they are exact before a quarter less some
// beta. Energies in any unit, times in its inverse.
#pragma once

#include <array>
#include <memory>
#include <span>
#include <vector>

#include "weiss/dmft/matsubara.hpp"

namespace weiss {

// norm/(z - first - coupling/(z - second)): two poles.
struct TwoPoles {
  double norm = 0, first = 0, coupling = 0, second = 0;
  Complex operator()(Complex z) const { return norm / (z - first - coupling / (z - second)); }
  // Moments int rho e^k, k = 0..3, of a density >= 0.
  static TwoPoles of_moments(const std::array<double, 4>& moments);
};

class CausalLine {
 public:
  static constexpr double damping = 32;   // period x shift
  static constexpr double thermal = 32;   // period/beta, at least
  static constexpr double resolved = 32;  // period x resolution, at least
  static constexpr double headroom = 3;   // largest frequency over `reach`, at least
  static constexpr std::size_t most_points = 1u << 19;

  // reach: rho of every function lies well inside (-reach, reach). Error(bad_deck) above most_points.
  CausalLine(double beta, double reach, double resolution);
  ~CausalLine();
  CausalLine(const CausalLine&) = delete;
  CausalLine& operator=(const CausalLine&) = delete;

  // Points that a line would have: a power of two.
  static double points_for(double beta, double reach, double resolution);

  std::size_t points() const { return points_; }
  Complex z(std::size_t k) const {
    return {(static_cast<double>(k) - static_cast<double>(points_) / 2) * spacing_, shift_};
  }
  double time(std::size_t j) const { return static_cast<double>(j) * step_; }
  double shift() const { return shift_; }

  // f at points()/2 times from F on the line, whose rho has the norm given.
  std::vector<Complex> in_time(std::span<const Complex> values, double norm) const;
  // F on the line; f >= 0 in the sense of a density, and cut off.
  std::vector<Complex> on_line(std::span<const Complex> f) const;

  // Cut off: int rho g e^{-iet} for g = 1 - n(e), n(e), n the Fermi function.
  struct Parts {
    std::vector<Complex> empty, filled;
  };
  Parts parts(std::span<const Complex> f) const;
  void cut_off(std::vector<Complex>& f) const;
  // int rho n.
  double occupation(std::span<const Complex> f) const;

  // F(z) off the line, Im z >= 0, of an f that is cut off: rho is seen through the window's resolution.
  Complex at(std::span<const Complex> f, Complex z) const;
  // int_0^inf q dt with q(-t) = conj q(t).
  Complex half_integral(std::span<const Complex> q) const;

 private:
  struct Transform;
  TwoPoles tail(std::span<const Complex> values, double norm) const;
  std::array<double, 4> moments(std::span<const Complex> f) const;
  void add_poles(std::vector<Complex>& f, const TwoPoles& poles, double sign) const;

  double beta_;
  std::size_t points_;
  double spacing_, shift_, step_;
  std::vector<double> growth_, window_;  // e^{shift t}; of half the period
  std::unique_ptr<Transform> transform_;
};

}  // namespace weiss
