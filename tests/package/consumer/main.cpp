// A program of someone else's on the installed library: ten sweeps of a cold square lattice stay magnetized.
#include <cstdio>

#include "weiss/montecarlo/packed_heat_bath.hpp"

int main(int argc, char** argv) {
  MPI_Init(&argc, &argv);
  bool magnetized = false;
  {
    const weiss::Communicator world = weiss::Communicator::world();
    const std::vector<std::int64_t> extents{64, 64};
    weiss::PackedField field(world, extents);
    field.finish_load();
    weiss::PackedHeatBath update({.beta = 1, .coupling = {1, 1}, .field = 0},
                                 weiss::Stream(1, 0, weiss::StreamId::heat_bath));
    for (std::int64_t step = 0; step < 10; ++step) update.sweep(field, step);
    magnetized = field.local_sums(false).magnetization < -3900;
  }
  MPI_Finalize();
  std::puts(magnetized ? "magnetized" : "not magnetized");
  return magnetized ? 0 : 1;
}
