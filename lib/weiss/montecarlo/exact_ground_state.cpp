#include "weiss/montecarlo/exact_ground_state.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <string>

#include "weiss/base/error.hpp"

namespace weiss {

namespace {

constexpr std::int64_t first_sites_tried = 16;

// For each site the interactions it takes part in, and for each interaction the members not yet taken.
class Elimination {
 public:
  explicit Elimination(const InteractionGraph& graph) : graph_(graph), incidence_(graph) { restart(); }

  void restart() {
    missing_.assign(static_cast<std::size_t>(graph_.interactions()), graph_.order);
    open_.clear();
    for (std::int64_t site = 0; site < graph_.sites; ++site)
      open_.push_back(incidence_.first[static_cast<std::size_t>(site) + 1] -
                      incidence_.first[static_cast<std::size_t>(site)]);
    taken_.assign(static_cast<std::size_t>(graph_.sites), 0);
  }

  template <class F>
  void for_each_interaction(std::int32_t site, F&& f) const {
    const auto s = static_cast<std::size_t>(site);
    for (std::int64_t k = incidence_.first[s]; k < incidence_.first[s + 1]; ++k)
      f(incidence_.interaction[static_cast<std::size_t>(k)]);
  }

  template <class F>
  void for_each_neighbour(std::int32_t site, F&& f) const {
    for_each_interaction(site, [&](std::int32_t e) {
      for (const std::int32_t member : graph_.members_of(e)) f(member);
    });
  }

  bool taken(std::int32_t site) const { return taken_[static_cast<std::size_t>(site)] != 0; }

  // How the frontier changes when the site is taken: itself, less the sites that are done with then.
  int growth(std::int32_t site) const {
    std::vector<std::int32_t> closing;  // a member once for each interaction that would be complete
    for_each_interaction(site, [&](std::int32_t e) {
      if (missing_[static_cast<std::size_t>(e)] != 1) return;
      for (const std::int32_t member : graph_.members_of(e)) closing.push_back(member);
    });
    std::sort(closing.begin(), closing.end());
    int change = open_[static_cast<std::size_t>(site)] == 0 ? 0 : 1;
    for (std::size_t i = 0; i < closing.size();) {
      std::size_t end = i;
      while (end < closing.size() && closing[end] == closing[i]) ++end;
      if (static_cast<std::int64_t>(end - i) == open_[static_cast<std::size_t>(closing[i])]) --change;
      i = end;
    }
    return change;
  }

  // complete(e) for interactions whose last member this is; done(member) for sites without open ones.
  template <class Complete, class Done>
  void take(std::int32_t site, Complete&& complete, Done&& done) {
    taken_[static_cast<std::size_t>(site)] = 1;
    if (open_[static_cast<std::size_t>(site)] == 0) done(site);
    for_each_interaction(site, [&](std::int32_t e) {
      if (--missing_[static_cast<std::size_t>(e)] != 0) return;
      complete(e);
    });
    for_each_interaction(site, [&](std::int32_t e) {
      if (missing_[static_cast<std::size_t>(e)] != 0) return;
      for (const std::int32_t member : graph_.members_of(e))
        if (--open_[static_cast<std::size_t>(member)] == 0) done(member);
    });
  }

 private:
  const InteractionGraph& graph_;
  Incidence incidence_;
  std::vector<int> missing_;
  std::vector<std::int64_t> open_;
  std::vector<std::uint8_t> taken_;
};

struct Attempt {
  std::vector<std::int32_t> sites;
  int frontier = 0;
  double table_bits = 0;
};

Attempt greedy(Elimination& elimination, std::int64_t sites, std::int32_t first_site, int give_up_at) {
  elimination.restart();
  Attempt attempt;
  int frontier = 0;
  std::vector<std::int32_t> candidates;  // untaken sites next to taken ones
  std::vector<std::uint8_t> is_candidate(static_cast<std::size_t>(sites));
  std::int32_t next = first_site, unseen = 0;
  while (true) {
    attempt.sites.push_back(next);
    ++frontier;
    attempt.frontier = std::max(attempt.frontier, frontier);
    if (attempt.frontier >= give_up_at) return attempt;
    elimination.take(
        next, [](std::int32_t) {},
        [&](std::int32_t) {
          --frontier;
          attempt.table_bits += std::ldexp(1.0, frontier);
        });
    std::erase(candidates, next);
    elimination.for_each_neighbour(next, [&](std::int32_t neighbour) {
      if (elimination.taken(neighbour) || is_candidate[static_cast<std::size_t>(neighbour)] != 0) return;
      is_candidate[static_cast<std::size_t>(neighbour)] = 1;
      candidates.push_back(neighbour);
    });
    if (static_cast<std::int64_t>(attempt.sites.size()) == sites) return attempt;
    if (candidates.empty()) {
      while (elimination.taken(unseen)) ++unseen;
      next = unseen;
      continue;
    }
    int best = std::numeric_limits<int>::max();
    for (const std::int32_t candidate : candidates) {
      const int growth = elimination.growth(candidate);
      // Of equals the one that has waited longest: a front that moves evenly.
      if (growth < best) {
        best = growth;
        next = candidate;
      }
    }
  }
}

// The least energies of all states of the frontier; bit k of an index is the spin of slots[k], 1 is up.
class Table {
 public:
  void add_site(std::int32_t site, double field) {
    slots_.push_back(site);
    const std::size_t half = energy_.size();
    energy_.resize(2 * half);
    for (std::size_t i = 0; i < half; ++i) {
      energy_[half + i] = energy_[i] - field;
      energy_[i] += field;
    }
  }

  void add_interaction(std::span<const std::int32_t> members, double coupling) {
    std::uint64_t mask = 0;
    for (const std::int32_t member : members) mask |= std::uint64_t{1} << slot_of(member);
    // The product of the spins is +1 when an even number of them is down.
    const auto odd = static_cast<unsigned>(members.size()) % 2;
    for (std::size_t i = 0; i < energy_.size(); ++i)
      energy_[i] += (static_cast<unsigned>(std::popcount(i & mask)) + odd) % 2 == 0 ? -coupling : coupling;
  }

  // Minimises over a site; the bit of each state of the others says which spin is best.
  std::vector<std::uint64_t> remove_site(std::int32_t site) {
    const std::size_t k = slot_of(site), low = (std::size_t{1} << k) - 1, up = std::size_t{1} << k;
    const std::size_t half = energy_.size() / 2;
    std::vector<std::uint64_t> best((half + 63) / 64);
    for (std::size_t i = 0; i < half; ++i) {
      const std::size_t down = (i & low) | (i & ~low) << 1;
      const bool is_up = energy_[down | up] < energy_[down];
      best[i / 64] |= static_cast<std::uint64_t>(is_up) << (i % 64);
      energy_[i] = is_up ? energy_[down | up] : energy_[down];
    }
    energy_.resize(half);
    slots_.erase(slots_.begin() + static_cast<std::ptrdiff_t>(k));
    return best;
  }

  double energy() const { return energy_.front(); }
  const std::vector<std::int32_t>& slots() const { return slots_; }

 private:
  std::size_t slot_of(std::int32_t site) const {
    return static_cast<std::size_t>(std::find(slots_.begin(), slots_.end(), site) - slots_.begin());
  }

  std::vector<std::int32_t> slots_;
  std::vector<double> energy_{0.0};
};

struct Decision {
  std::int32_t site;
  std::vector<std::int32_t> slots;  // the frontier it depends on
  std::vector<std::uint64_t> best;
};

std::vector<std::int8_t> follow(const std::vector<Decision>& decisions, std::int64_t sites) {
  std::vector<std::int8_t> spins(static_cast<std::size_t>(sites), -1);
  for (auto decision = decisions.rbegin(); decision != decisions.rend(); ++decision) {
    std::size_t state = 0;
    for (std::size_t k = 0; k < decision->slots.size(); ++k)
      if (spins[static_cast<std::size_t>(decision->slots[k])] > 0) state |= std::size_t{1} << k;
    if ((decision->best[state / 64] >> (state % 64) & 1) != 0)
      spins[static_cast<std::size_t>(decision->site)] = 1;
  }
  return spins;
}

}  // namespace

EliminationOrder::EliminationOrder(const InteractionGraph& graph) {
  Elimination elimination(graph);
  Attempt best;
  best.frontier = std::numeric_limits<int>::max();
  const std::int64_t stride = std::max<std::int64_t>(1, graph.sites / first_sites_tried);
  for (std::int64_t site = 0; site < graph.sites; site += stride) {
    Attempt attempt = greedy(elimination, graph.sites, static_cast<std::int32_t>(site), best.frontier);
    if (attempt.frontier < best.frontier) best = std::move(attempt);
  }
  sites = std::move(best.sites);
  frontier = best.frontier;
  table_bits = best.table_bits;
}

GroundState exact_ground_state(const InteractionGraph& graph, const EliminationOrder& order) {
  if (order.frontier > most_frontier_sites)
    throw Error(ExitCode::bad_deck, "the exact ground state needs a table of 2^" +
                                        std::to_string(order.frontier) + " states; up to 2^" +
                                        std::to_string(most_frontier_sites) +
                                        " are possible: take a smaller or sparser system, or anneal");
  Elimination elimination(graph);
  Table table;
  std::vector<Decision> decisions;
  for (const std::int32_t site : order.sites) {
    table.add_site(site, graph.field.empty() ? 0.0 : graph.field[static_cast<std::size_t>(site)]);
    std::vector<std::int32_t> done;
    elimination.take(
        site,
        [&](std::int32_t e) {
          table.add_interaction(graph.members_of(e), graph.coupling[static_cast<std::size_t>(e)]);
        },
        [&](std::int32_t member) { done.push_back(member); });
    for (const std::int32_t member : done) {
      std::vector<std::uint64_t> best = table.remove_site(member);
      decisions.push_back({member, table.slots(), std::move(best)});
    }
  }
  return {table.energy(), follow(decisions, graph.sites)};
}

}  // namespace weiss
