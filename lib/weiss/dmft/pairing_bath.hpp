// Baths that pair, of an impurity in an s-wave superconductor, in the spinor (c_up, c+_down) of Nambu:
//   H_bath = sum_ks e_k n_ks + V_k (c+_s a_ks + a+_ks c_s) + sum_k P_k (a+_k,up a+_k,down + h.c.),
//   Delta(z) = sum_k V_k^2 (z + e_k tau_3 - P_k tau_1)/(z^2 - e_k^2 - P_k^2)
//            = [N(z), A(z); A(z), -N(-z)],
// and their fit to a hybridisation at Matsubara frequencies. Energies in the unit of the Hamiltonian.
#pragma once

#include "weiss/dmft/bath_fit.hpp"

namespace weiss {

struct PairingBath {
  std::vector<double> energy, coupling, pairing;

  std::size_t size() const { return energy.size(); }
  Complex normal(Complex z) const;     // N(z)
  Complex anomalous(Complex z) const;  // A(z)
};

struct PairingBathFit {
  PairingBath bath;
  double misfit = 0, largest_deviation = 0;  // as in BathFit, over N and A together
  int steps = 0, start = 0;
  bool converged = false;
  std::string remark;
};

// As fit_bath, for N(i w_n) and A(i w_n), A real (an imaginary part counts as misfit). Starts beside the last
// bath pair all sites alike, in the sense of A at the lowest frequency. Particle-hole symmetric: (e, V, P),
// (-e, V, P).
PairingBathFit fit_pairing_bath(const std::vector<double>& frequencies, const std::vector<Complex>& normal,
                                const std::vector<Complex>& anomalous, const BathFitSettings& settings,
                                const PairingBath& last = {});

}  // namespace weiss
