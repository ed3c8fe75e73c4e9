// The spin-spin correlation function along the axes, G_d(r) = <s(x) s(x + r e_d)> averaged over sites, r in
// unit cells: up to L/2 along periodic directions, to L - 1 along free ones; 0 beyond. Gathers the
// configuration, so it is measured on request.
#pragma once

#include <cstdint>
#include <vector>

#include "weiss/lattice/lattice.hpp"
#include "weiss/parallel/communicator.hpp"
#include "weiss/simulation/measurements.hpp"
#include "weiss/simulation/state.hpp"

namespace weiss {

class CorrelationFunction {
 public:
  explicit CorrelationFunction(const Lattice& lattice);
  void declare(Measurements& measurements);
  // Collective: field gives this rank's spins.
  void measure(Measurements& measurements, const BitField& field, const Communicator& communicator) const;

 private:
  std::int64_t farthest(std::size_t direction) const;

  const Lattice* lattice_;
  std::int64_t distances_ = 0;
  Measurements::Handle handle_{};
};

}  // namespace weiss
