#include "weiss/montecarlo/isoenergetic_cluster.hpp"

#include <algorithm>
#include <bit>

namespace weiss {

namespace {

std::size_t lanes_of(std::uint8_t) { return 8; }
std::size_t lanes_of(const SampleWord&) { return sample_lanes; }

bool has(std::uint8_t word, std::size_t lane) { return (word >> lane & 1) != 0; }
bool has(const SampleWord& word, std::size_t lane) { return lane_bit(word, static_cast<int>(lane)); }

void put(std::uint8_t& word, std::size_t lane) { word = static_cast<std::uint8_t>(word | 1U << lane); }
void put(SampleWord& word, std::size_t lane) { set_lane_bit(word, static_cast<int>(lane), true); }

void turn(std::uint8_t& word, std::uint8_t lanes) { word = static_cast<std::uint8_t>(word ^ lanes); }
void turn(SampleWord& word, const SampleWord& lanes) {
  for (int k = 0; k < 8; ++k) word.element[k] ^= lanes.element[k];
}

// Adds the sites of `from` that differ to `to`; whether there were new ones.
bool spread(std::uint8_t from, std::uint8_t differ, std::uint8_t& to) {
  const auto grown = static_cast<std::uint8_t>(to | (from & differ));
  const bool changed = grown != to;
  to = grown;
  return changed;
}
bool spread(const SampleWord& from, const SampleWord& differ, SampleWord& to) {
  std::uint64_t fresh = 0;
  for (int k = 0; k < 8; ++k) {
    const std::uint64_t more = from.element[k] & differ.element[k] & ~to.element[k];
    to.element[k] |= more;
    fresh |= more;
  }
  return fresh != 0;
}

template <class F>
void for_each_lane(std::uint8_t word, F&& f) {
  for (unsigned rest = word; rest != 0; rest &= rest - 1) f(static_cast<std::size_t>(std::countr_zero(rest)));
}
template <class F>
void for_each_lane(const SampleWord& word, F&& f) {
  for (std::size_t k = 0; k < 8; ++k)
    for (std::uint64_t rest = word.element[k]; rest != 0; rest &= rest - 1)
      f(64 * k + static_cast<std::size_t>(std::countr_zero(rest)));
}

}  // namespace

IsoenergeticCluster::IsoenergeticCluster(const InteractionGraph& graph)
    : queued_(static_cast<std::size_t>(graph.sites)) {
  const Incidence incidence(graph);
  first_.push_back(0);
  std::vector<std::int32_t> here;
  for (std::int64_t site = 0; site < graph.sites; ++site) {
    here.clear();
    const auto s = static_cast<std::size_t>(site);
    for (std::int64_t k = incidence.first[s]; k < incidence.first[s + 1]; ++k)
      for (const std::int32_t member : graph.members_of(incidence.interaction[static_cast<std::size_t>(k)]))
        if (member != site) here.push_back(member);
    std::sort(here.begin(), here.end());
    here.erase(std::unique(here.begin(), here.end()), here.end());
    neighbour_.insert(neighbour_.end(), here.begin(), here.end());
    first_.push_back(static_cast<std::int64_t>(neighbour_.size()));
  }
}

template <class Word>
void IsoenergeticCluster::grow(const std::vector<Word>& differ, std::vector<Word>& cluster) {
  const auto enqueue = [&](std::int32_t site) {
    std::uint8_t& waits = queued_[static_cast<std::size_t>(site)];
    if (waits == 0) queue_.push_back(site);
    waits = 1;
  };
  for (std::size_t site = 0; site < cluster.size(); ++site)
    if (!(cluster[site] == Word{})) enqueue(static_cast<std::int32_t>(site));
  for (std::size_t head = 0; head < queue_.size(); ++head) {
    const auto site = static_cast<std::size_t>(queue_[head]);
    queued_[site] = 0;
    for (std::int64_t k = first_[site]; k < first_[site + 1]; ++k) {
      const std::int32_t neighbour = neighbour_[static_cast<std::size_t>(k)];
      const auto n = static_cast<std::size_t>(neighbour);
      if (spread(cluster[site], differ[n], cluster[n])) enqueue(neighbour);
    }
  }
  queue_.clear();
}

template <class Word>
std::vector<std::int64_t> IsoenergeticCluster::move_words(std::span<Word> a, std::span<Word> b,
                                                          std::span<const std::int64_t> starts) {
  const std::size_t sites = a.size(), lanes = lanes_of(Word{});
  std::vector<Word> differ(a.begin(), a.end()), cluster(sites);
  for (std::size_t site = 0; site < sites; ++site) turn(differ[site], b[site]);
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    if (starts[lane] < 0) continue;
    auto site = static_cast<std::size_t>(starts[lane]);
    for (std::size_t tried = 0; tried < sites; ++tried, site = site + 1 == sites ? 0 : site + 1)
      if (has(differ[site], lane)) {
        put(cluster[site], lane);
        break;
      }
  }
  grow(differ, cluster);
  std::vector<std::int64_t> sizes(lanes);
  for (std::size_t site = 0; site < sites; ++site) {
    turn(a[site], cluster[site]);
    turn(b[site], cluster[site]);
    for_each_lane(cluster[site], [&](std::size_t lane) { ++sizes[lane]; });
  }
  return sizes;
}

template std::vector<std::int64_t> IsoenergeticCluster::move_words(std::span<std::uint8_t>,
                                                                   std::span<std::uint8_t>,
                                                                   std::span<const std::int64_t>);
template std::vector<std::int64_t> IsoenergeticCluster::move_words(std::span<SampleWord>,
                                                                   std::span<SampleWord>,
                                                                   std::span<const std::int64_t>);

void turn_lanes(std::span<std::uint8_t> configurations, std::uint8_t lanes) {
  for (std::uint8_t& word : configurations) turn(word, lanes);
}

void turn_lanes(std::span<SampleWord> configurations, const SampleWord& lanes) {
  for (SampleWord& word : configurations) turn(word, lanes);
}

}  // namespace weiss
