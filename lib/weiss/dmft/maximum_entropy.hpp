// Continuation by maximum entropy (R. K. Bryan, Eur. Biophys. J. 18, 165 (1990); M. Jarrell, J. E.
// Gubernatis, Phys. Rep. 269, 133 (1996)): the positive spectrum that maximises alpha S - chi^2/2, where
//   S = sum_i A_i - m_i - A_i ln(A_i/m_i),  chi^2 = (d - K A)^T C^-1 (d - K A),
// A_i and m_i the weights of spectrum and default model in cell i of the mesh, C the covariance matrix of the
// data (of any rank), and the norm one more datum. Newton steps in the singular space of the whitened kernel.
// alpha: `classic`, the mean over its posterior probability (Bryan); `kink`, where ln chi^2 against ln alpha
// bends most (D. Bergeron, A.-M. S. Tremblay, Phys. Rev. E 94, 023303 (2016)).
//
// Trust: `good_directions`, how many numbers the data fixed beyond the model; `alpha`; `chi_squared` of
// `data` whitened data; `dropped` directions of no variance; `windows`, integrals of A with the errors of the
// Gaussian approximation about the maximum; `spread`, that error for the mean of A over a tenth of the mesh.
// These errors are given the model: features that the data do not fix look like the model and have its
// certainty. "Not ok": chi^2 too large for any positive spectrum, or no larger than noise for the default
// model itself.
#pragma once

#include <span>
#include <utility>
#include <vector>

#include <Eigen/Core>

#include "weiss/dmft/continuation.hpp"
#include "weiss/dmft/discrete_lehmann.hpp"

namespace weiss {

enum class AlphaChoice { classic, kink };

struct MaximumEntropyOptions {
  AlphaChoice alpha = AlphaChoice::kink;
  double norm = 1;            // int A dw
  std::vector<double> model;  // default model on the mesh, scaled to the norm; flat when empty
  std::vector<std::pair<double, double>> windows;  // to integrate over; eight equal ones when empty
};

// A Gaussian default model.
std::vector<double> gaussian_model(std::span<const double> mesh, double centre, double width);

// g[n] = G(i w_n), n = 0, 1, ...; covariance of (Re g_0, Im g_0, Re g_1, Im g_1, ...).
Continuation maximum_entropy(std::span<const Complex> g, double beta, const Eigen::MatrixXd& covariance,
                             std::span<const double> mesh, const MaximumEntropyOptions& options = {});

// g_tau[j] = G(times[j]) with the covariance of these values.
Continuation maximum_entropy(std::span<const ImaginaryTime> times, std::span<const double> g_tau, double beta,
                             const Eigen::MatrixXd& covariance, std::span<const double> mesh,
                             const MaximumEntropyOptions& options = {});

}  // namespace weiss
