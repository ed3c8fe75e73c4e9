// Continuation by Pade approximants: Thiele's continued fraction through G(i w_n), n = 0..N-1 (H. J. Vidberg,
// J. W. Serene, J. Low Temp. Phys. 29, 179 (1977)), in 50-digit arithmetic, for every even N at once; those
// that are causal and have the right norm are kept, and the half of them that agree best is averaged (after
// J. Schoett et al., Phys. Rev. B 93, 075104 (2016)). G is evaluated at w + i broadening. Where the size of
// the noise is given, this is repeated on noisy copies of the data and averaged over them.
//
// Trust: `scatter`, the mean of int |A_k - A| dw / norm over all that are kept (approximants, and copies
// added in quadrature): those that agree best may do so by chance; and `spread`, the standard deviation at
// each frequency likewise; `points`, the most frequencies used; `approximants` kept and `tried` (of the data
// themselves); `copies` that gave an answer; `negative_weight` and `norm` of the average on the mesh. Without
// the size of the noise the scatter knows nothing of noise: approximants of many points all follow the same
// noise. Below three approximants, or where half the copies fail, "not ok".
#pragma once

#include <cstddef>

#include "weiss/dmft/continuation.hpp"

namespace weiss {

struct PadeOptions {
  double broadening = 0.01;          // in energy; the spectrum is that far off the real axis
  double norm = 1;                   // int A dw
  std::size_t most_points = 80;      // of the data, from the lowest frequency
  double error = 0;                  // standard deviation of Re and Im of the data, 0 for exact ones
  std::size_t copies = 16;           // noisy ones, where error > 0
  double allowed_negative = 1e-3;    // of the norm
  double allowed_norm_error = 0.02;  // of the norm
};

// g[n] = G(i w_n), n = 0, 1, ..., fermions.
Continuation pade(std::span<const Complex> g, double beta, std::span<const double> mesh,
                  const PadeOptions& options = {});

}  // namespace weiss
