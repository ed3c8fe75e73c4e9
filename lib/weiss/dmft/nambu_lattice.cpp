#include "weiss/dmft/nambu_lattice.hpp"

#include <cmath>

namespace weiss {

namespace {

NambuMatrix at_node(const LocalFunctions& functions, std::size_t node) {
  return nambu_at_imaginary(functions[normal_part][node], functions[anomalous_part][node]);
}

void append(LocalFunctions& functions, const NambuMatrix& matrix) {
  functions[normal_part].push_back(matrix.normal);
  functions[anomalous_part].push_back(matrix.anomalous);
}

}  // namespace

NambuMatrix nambu_lattice_green(const Band& band, double chemical_potential, Complex z,
                                const NambuMatrix& self_energy) {
  const Complex x = z + chemical_potential - self_energy.normal;
  const Complex y = -z + chemical_potential + self_energy.hole, S = self_energy.anomalous;
  const Complex centre = (x + y) / 2.0, half = (x - y) / 2.0;
  Complex root = std::sqrt(half * half - S * S);
  if ((root * std::conj(half)).real() < 0) root = -root;  // near half: e_1 near x, e_2 near y
  const Complex e1 = centre + root, e2 = centre - root;
  const Complex d1 = band.hilbert(e1) / (2.0 * root), d2 = band.hilbert(e2) / (2.0 * root);
  return {(e1 - y) * d1 - (e2 - y) * d2, S * (d1 - d2), (x - e1) * d1 - (x - e2) * d2};
}

LocalFunctions nambu_lattice_green(const Band& band, double chemical_potential,
                                   const LocalFunctions& self_energy, std::span<const double> frequencies) {
  LocalFunctions green;
  for (std::size_t node = 0; node < frequencies.size(); ++node)
    append(green, nambu_lattice_green(band, chemical_potential, Complex(0, frequencies[node]),
                                      at_node(self_energy, node)));
  return green;
}

LocalFunctions nambu_hybridisation(const Band& band, double chemical_potential,
                                   const LocalFunctions& self_energy, const LocalFunctions& green,
                                   std::span<const double> frequencies) {
  LocalFunctions hybridisation;
  for (std::size_t node = 0; node < frequencies.size(); ++node)
    append(hybridisation,
           nambu_free_inverse(Complex(0, frequencies[node]), chemical_potential - band.mean()) -
               at_node(self_energy, node) - at_node(green, node).inverse());
  return hybridisation;
}

}  // namespace weiss
