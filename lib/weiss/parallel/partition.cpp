#include "weiss/parallel/partition.hpp"

#include <limits>
#include <string>

#include "weiss/base/error.hpp"

namespace weiss {

namespace {

// Cut of `extent` items among `parts`: part i has items [extent i / parts, extent (i + 1) / parts).
std::int64_t part_of(std::int64_t item, std::int64_t extent, int parts) {
  return ((item + 1) * parts - 1) / extent;
}

double surface(std::span<const std::int64_t> extents, const std::vector<int>& grid) {
  double total = 0;
  double volume = 1;
  for (std::size_t d = 0; d < extents.size(); ++d) volume *= static_cast<double>(extents[d]) / grid[d];
  for (std::size_t d = 0; d < extents.size(); ++d)
    if (grid[d] > 1) total += volume * grid[d] / static_cast<double>(extents[d]);
  return total;
}

void search(std::span<const std::int64_t> extents, int ranks, std::size_t d, std::vector<int>& grid,
            std::vector<int>& best, double& best_surface) {
  if (d == extents.size()) {
    if (ranks != 1) return;
    const double found = surface(extents, grid);
    if (best.empty() || found < best_surface) {
      best = grid;
      best_surface = found;
    }
    return;
  }
  for (int parts = 1; parts <= ranks && parts <= extents[d]; ++parts) {
    if (ranks % parts != 0) continue;
    grid[d] = parts;
    search(extents, ranks / parts, d + 1, grid, best, best_surface);
  }
}

}  // namespace

std::vector<int> choose_grid(std::span<const std::int64_t> extents, int ranks) {
  for (; ranks > 1; --ranks) {
    std::vector<int> grid(extents.size(), 1);
    std::vector<int> best;
    double best_surface = std::numeric_limits<double>::infinity();
    search(extents, ranks, 0, grid, best, best_surface);
    if (!best.empty()) return best;
  }
  return std::vector<int>(extents.size(), 1);
}

Partition::Partition(const Lattice& lattice, int ranks, std::vector<int> grid)
    : lattice_(&lattice), grid_(std::move(grid)) {
  if (lattice.dimension() == 0) {
    const std::int64_t most = lattice.kind() == LatticeKind::complete ? 1 : lattice.sites();
    grid_.assign(1, static_cast<int>(std::min<std::int64_t>(ranks, most)));
    return;
  }
  if (grid_.empty()) {
    grid_ = choose_grid(lattice.extents(), ranks);
    return;
  }
  std::int64_t product = 1;
  for (std::size_t d = 0; d < grid_.size(); ++d) {
    if (grid_.size() != lattice.extents().size() || grid_[d] < 1 || grid_[d] > lattice.extents()[d])
      throw Error(ExitCode::bad_deck,
                  "run.process_grid: needs one number of ranks for each direction, none larger than "
                  "its extent");
    product *= grid_[d];
  }
  if (product > ranks)
    throw Error(ExitCode::bad_deck, "run.process_grid: needs " + std::to_string(product) +
                                        " ranks a task, there are " + std::to_string(ranks) +
                                        "; start more, or leave the key out");
}

int Partition::ranks_used() const {
  int product = 1;
  for (const int parts : grid_) product *= parts;
  return product;
}

int Partition::owner(std::int64_t site) const {
  if (lattice_->dimension() == 0) return static_cast<int>(part_of(site, lattice_->sites(), grid_[0]));
  const Cell cell = lattice_->cell(site);
  std::int64_t rank = 0;
  for (std::size_t d = grid_.size(); d-- > 0;)
    rank = rank * grid_[d] + part_of(cell[d], lattice_->extents()[d], grid_[d]);
  return static_cast<int>(rank);
}

std::vector<std::int64_t> Partition::owned(int rank) const {
  std::vector<std::int64_t> sites;
  if (ranks_used() == 1) {
    if (rank == 0)
      for (std::int64_t site = 0; site < lattice_->sites(); ++site) sites.push_back(site);
    return sites;
  }
  for (std::int64_t site = 0; site < lattice_->sites(); ++site)
    if (owner(site) == rank) sites.push_back(site);
  return sites;
}

}  // namespace weiss
