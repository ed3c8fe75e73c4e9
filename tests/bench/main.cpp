// Benchmarks of the hot kernels: never timed asserts. Each *_bench.cpp registers its own with static objects.
#include <benchmark/benchmark.h>
#include <mpi.h>

int main(int argc, char** argv) {
  MPI_Init(&argc, &argv);
  benchmark::Initialize(&argc, argv);
  const bool unknown = benchmark::ReportUnrecognizedArguments(argc, argv);
  if (!unknown) benchmark::RunSpecifiedBenchmarks();
  MPI_Finalize();
  return unknown ? 2 : 0;
}
