#include "spinglass/exact_glass.hpp"

#include <algorithm>

#include "weiss/montecarlo/exact_ground_state.hpp"

#include "spinglass/lowest_energies.hpp"

namespace weiss {

namespace {

constexpr std::int64_t realisations_per_step = 64;

template <class T>
std::span<std::uint8_t> bytes_of(std::vector<T>& values, std::size_t first, std::size_t count) {
  return {reinterpret_cast<std::uint8_t*>(values.data() + first), count * sizeof(T)};
}

template <class T>
UnitBytes pieces_of(std::vector<T>& values, std::size_t length, std::int64_t first, std::int64_t total) {
  std::vector<std::span<std::uint8_t>> pieces;
  for (std::size_t k = 0; k < values.size(); k += length) pieces.push_back(bytes_of(values, k, length));
  UnitBytes bytes;
  bytes.set(std::move(pieces), length * sizeof(T), static_cast<std::size_t>(first),
            static_cast<std::size_t>(total));
  return bytes;
}

}  // namespace

int ExactGlass::usable_ranks(const Parameters& parameters, int ranks) {
  return static_cast<int>(std::min<std::int64_t>(ranks, parameters.integer("model.realisations")));
}

TaskPlan ExactGlass::plan(const Parameters& parameters) {
  TaskPlan plan;
  plan.kernel = "exact_ground_state";
  plan.updates_per_step = disordered_sites_of(parameters) * static_cast<double>(realisations_per_step);
  plan.updates_per_ns = 1e-5;
  plan.bytes = disordered_sites_of(parameters) * 8;
  return plan;
}

void ExactGlass::validate(const Parameters& parameters, Problems& problems) {
  if (disordered_sites_of(parameters) > most_exact_sites) {
    problems.add("algorithm.method", "exact_ground_state takes at most " + std::to_string(most_exact_sites) +
                                         " sites; anneal instead");
    return;
  }
  const EliminationOrder order(make_realisation(parameters, realisations_of(parameters).front()));
  if (order.frontier > most_frontier_sites)
    problems.add("algorithm.method", "exact_ground_state needs a table of 2^" +
                                         std::to_string(order.frontier) + " states here, beyond 2^" +
                                         std::to_string(most_frontier_sites) +
                                         ": take a narrower or sparser system, or anneal");
}

ExactGlass::ExactGlass(const TaskContext& context)
    : communicator_(&context.communicator),
      parameters_(context.parameters),
      realisations_(context.parameters.integer("model.realisations")),
      sites_(static_cast<std::int64_t>(disordered_sites_of(context.parameters))),
      keep_spins_(context.parameters.boolean("output.ground_states")) {
  const std::int64_t ranks = communicator_->size(), rank = communicator_->rank();
  first_ = realisations_ * rank / ranks;
  const auto own = static_cast<std::size_t>(realisations_ * (rank + 1) / ranks - first_);
  energies_.resize(own);
  spins_.resize(own * static_cast<std::size_t>(sites_));
  energy_bytes_ = pieces_of(energies_, 1, first_, realisations_);
  spin_bytes_ = pieces_of(spins_, static_cast<std::size_t>(sites_), first_, realisations_);
}

void ExactGlass::step(std::int64_t) {
  const std::int64_t last = std::min(realisations_, solved_ + realisations_per_step);
  const std::vector<std::int64_t> numbers = realisations_of(parameters_);
  for (std::int64_t r = std::max(first_, solved_);
       r < std::min(last, first_ + static_cast<std::int64_t>(energies_.size())); ++r) {
    const GroundState found =
        exact_ground_state(make_realisation(parameters_, numbers[static_cast<std::size_t>(r)]));
    const auto own = static_cast<std::size_t>(r - first_);
    energies_[own] = found.energy;
    for (std::size_t site = 0; site < found.spins.size(); ++site)
      spins_[own * found.spins.size() + site] = found.spins[site] > 0 ? 1 : 0;
  }
  solved_ = last;
}

std::vector<Result> ExactGlass::own_results() const {
  const std::vector<double> energies = communicator_->all_gather_varying(std::span<const double>(energies_));
  const auto solved = std::span(energies).first(static_cast<std::size_t>(solved_));
  if (solved.empty()) return {};
  std::vector<Result> all{energy_result("ground_state_energy", "ground-state energy per site", solved,
                                        static_cast<double>(sites_))};
  const std::vector<std::uint8_t> spins =
      communicator_->all_gather_varying(std::span<const std::uint8_t>(spins_));
  if (keep_spins_)
    all.push_back(spins_result("ground_states",
                               std::span(spins).first(solved.size() * static_cast<std::size_t>(sites_)),
                               solved.size()));
  return all;
}

}  // namespace weiss
