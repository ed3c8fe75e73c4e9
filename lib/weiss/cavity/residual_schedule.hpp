// The schedule of largest residuals: always the site whose messages would change most (G. Elidan, I. McGraw,
// D. Koller, UAI (2006)).
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "weiss/cavity/factor_graph.hpp"
#include "weiss/cavity/site_heap.hpp"

namespace weiss {

// `updates` of a site, fewer where the largest change falls to the tolerance, which is returned.
// propose(site) works out the site's new messages and returns their change, accept(site) takes them.
template <class Propose, class Accept>
double residual_sweep(const FactorGraph& graph, std::int64_t updates, double tolerance, Propose&& propose,
                      Accept&& accept) {
  std::vector<std::int32_t> site_of(static_cast<std::size_t>(graph.slots()));
  std::vector<double> priorities(static_cast<std::size_t>(graph.sites()));
  for (std::int32_t site = 0; site < graph.sites(); ++site) {
    for (std::int64_t k = graph.first_slot(site); k < graph.first_slot(site + 1); ++k)
      site_of[static_cast<std::size_t>(k)] = site;
    priorities[static_cast<std::size_t>(site)] = propose(site);
  }
  SiteHeap heap(std::move(priorities));
  for (std::int64_t update = 0; update < updates && heap.top_priority() > tolerance; ++update) {
    const std::int32_t site = heap.top();
    propose(site);
    accept(site);
    heap.change(site, propose(site));
    for (std::int64_t k = graph.first_slot(site); k < graph.first_slot(site + 1); ++k)
      for (const std::int32_t other : graph.partners_of(k)) {
        const std::int32_t neighbour = site_of[static_cast<std::size_t>(other)];
        heap.change(neighbour, propose(neighbour));
      }
  }
  return heap.top_priority();
}

}  // namespace weiss
