// What every analytic continuation returns: a spectrum A(w) = -Im G(w)/pi on a mesh of real frequencies, and
// how far to trust it. Continuation is ill-posed: a method that cannot answer says why in `reason`, keeps
// what it computed, and throws nothing; one that can answer states numbers.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "weiss/dmft/matsubara.hpp"

namespace weiss {

struct NamedNumber {
  std::string name;
  double value;
};

// Integral of A over [low, high].
struct WindowWeight {
  double low, high, weight, error;
};

struct Continuation {
  std::vector<double> mesh, spectrum;
  std::vector<Complex> values;  // G at mesh + i broadening, where the method has one
  std::vector<double>
      spread;  // of the spectrum at each frequency, in the sense that the method's header states
  std::vector<double> model;  // default model; empty where the method has none
  std::vector<WindowWeight> windows;
  std::vector<NamedNumber> trust;
  std::vector<std::string> notes;
  bool ok = false;
  std::string reason;  // why not ok

  double number(const std::string& name) const;  // of `trust`; NaN where there is none
};

// Trapezoidal weights of an ascending mesh.
std::vector<double> quadrature_weights(std::span<const double> mesh);
double integral(std::span<const double> mesh, std::span<const double> values);
// Integral of what is below zero, as a positive number.
double negative_weight(std::span<const double> mesh, std::span<const double> values);

// What is wrong with the input of a continuation; empty when nothing is.
std::string fault_of_mesh(std::span<const double> mesh);
std::string fault_of_matsubara(std::span<const Complex> g, double beta, double norm);

// Copies of the data with independent normal noise of the given size on real and imaginary parts: how an
// answer moves among them is what noise of that size does to it. Data without any real part are those of an
// even spectrum, and their copies have none either.
std::vector<std::vector<Complex>> noisy_copies(std::span<const Complex> g, double error, std::size_t copies);

}  // namespace weiss
