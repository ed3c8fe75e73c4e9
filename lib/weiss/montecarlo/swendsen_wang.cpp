#include "weiss/montecarlo/swendsen_wang.hpp"

#include <numeric>

namespace weiss {

namespace {

std::vector<std::int64_t> identity(std::int64_t n) {
  std::vector<std::int64_t> indices(static_cast<std::size_t>(n));
  std::iota(indices.begin(), indices.end(), 0);
  return indices;
}

}  // namespace

SwendsenWang::SwendsenWang(const IsingInteractions& interactions, LocalLattice& local)
    : coins_(interactions), local_(&local), forest_(local.global()) {
  const Lattice& lattice = local.lattice();
  std::vector<std::int32_t> index_of(static_cast<std::size_t>(lattice.sites()), -1);
  for (std::int64_t i = 0; i < local.total(); ++i)
    index_of[static_cast<std::size_t>(local.global()[static_cast<std::size_t>(i)])] =
        static_cast<std::int32_t>(i);
  for (std::int64_t i = 0; i < local.owned(); ++i)
    lattice.for_each_forward_bond(
        local.global()[static_cast<std::size_t>(i)],
        [&](std::int64_t other, int direction, std::int64_t bond) {
          bonds_.push_back(
              {static_cast<std::int32_t>(i), index_of[static_cast<std::size_t>(other)], direction, bond});
        });
}

MeanFieldSwendsenWang::MeanFieldSwendsenWang(const IsingInteractions& interactions, std::int64_t sites)
    : coins_(interactions, 1 / static_cast<double>(sites)), global_(identity(sites)), forest_(global_) {}

}  // namespace weiss
