#include "weiss/lattice/random_regular.hpp"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <utility>

#include "weiss/base/error.hpp"

namespace weiss {

namespace {

using Bond = std::pair<std::int64_t, std::int64_t>;

// Multiplicity of each bond, so that loops and double bonds are seen at once.
class BondCounts {
 public:
  BondCounts(std::int64_t n, const std::vector<Bond>& bonds) : n_(static_cast<std::uint64_t>(n)) {
    counts_.reserve(bonds.size());
    for (const Bond& bond : bonds) add(bond, 1);
  }
  void add(const Bond& bond, int change) { counts_[key(bond)] += change; }
  bool bad(const Bond& bond) const { return bond.first == bond.second || counts_.at(key(bond)) > 1; }
  bool free(const Bond& bond) const {
    const auto found = counts_.find(key(bond));
    return bond.first != bond.second && (found == counts_.end() || found->second == 0);
  }

 private:
  std::uint64_t key(const Bond& bond) const {
    const auto [low, high] = std::minmax(bond.first, bond.second);
    return static_cast<std::uint64_t>(low) * n_ + static_cast<std::uint64_t>(high);
  }
  std::uint64_t n_;
  std::unordered_map<std::uint64_t, int> counts_;
};

std::vector<Bond> random_pairing(std::int64_t n, int degree, const RandomSource& random) {
  std::vector<std::int64_t> ends;
  for (std::int64_t site = 0; site < n; ++site)
    ends.insert(ends.end(), static_cast<std::size_t>(degree), site);
  for (std::size_t i = ends.size(); i > 1; --i) std::swap(ends[i - 1], ends[random.below(i, i)]);
  std::vector<Bond> bonds;
  for (std::size_t i = 0; i < ends.size(); i += 2) bonds.emplace_back(ends[i], ends[i + 1]);
  return bonds;
}

// The neighbours of each site in the graph of all bonds that the given regular graph lacks: dense graphs are
// drawn as complements of sparse ones, where switchings succeed.
std::vector<std::int64_t> complement(std::int64_t n, const std::vector<std::int64_t>& neighbours) {
  const auto degree = static_cast<std::int64_t>(neighbours.size()) / n;
  std::vector<std::int64_t> others;
  for (std::int64_t site = 0; site < n; ++site) {
    const auto first = neighbours.begin() + site * degree;
    for (std::int64_t other = 0; other < n; ++other)
      if (other != site && !std::binary_search(first, first + degree, other)) others.push_back(other);
  }
  return others;
}

}  // namespace

std::vector<std::int64_t> random_regular_neighbours(std::int64_t n, int degree, const Stream& stream) {
  if (n < 1 || degree < 0 || degree >= n || n * degree % 2 != 0)
    throw Error(ExitCode::bad_deck, "lattice.degree: no graph of " + std::to_string(n) + " sites has " +
                                        std::to_string(degree) +
                                        " bonds a site; the degree must be smaller than "
                                        "lattice.N and their product even");
  if (2 * degree > n - 1 && n > 2)
    return complement(n, random_regular_neighbours(n, static_cast<int>(n - 1 - degree), stream));
  std::vector<Bond> bonds = random_pairing(n, degree, RandomSource(stream, 0));
  BondCounts counts(n, bonds);
  const RandomSource random(stream, 1);
  std::uint64_t draw = 0;
  for (std::size_t i = 0; i < bonds.size();) {
    if (!counts.bad(bonds[i])) {
      ++i;
      continue;
    }
    // Exchange ends with a random bond when that leaves two proper bonds.
    const std::size_t j = random.below(bonds.size(), draw++);
    Bond a{bonds[i].first, bonds[j].second};
    Bond b{bonds[j].first, bonds[i].second};
    if (i == j || !counts.free(a) || !counts.free(b) ||
        std::minmax(a.first, a.second) == std::minmax(b.first, b.second))
      continue;
    counts.add(bonds[i], -1);
    counts.add(bonds[j], -1);
    counts.add(a, 1);
    counts.add(b, 1);
    bonds[i] = a;
    bonds[j] = b;
    // A switching makes two proper bonds and can only mend an earlier one.
  }
  std::vector<std::int64_t> neighbours(static_cast<std::size_t>(n * degree));
  std::vector<std::int64_t> next(static_cast<std::size_t>(n));
  for (std::int64_t site = 0; site < n; ++site) next[static_cast<std::size_t>(site)] = site * degree;
  for (const auto& [a, b] : bonds) {
    neighbours[static_cast<std::size_t>(next[static_cast<std::size_t>(a)]++)] = b;
    neighbours[static_cast<std::size_t>(next[static_cast<std::size_t>(b)]++)] = a;
  }
  for (std::int64_t site = 0; site < n; ++site)
    std::sort(neighbours.begin() + site * degree, neighbours.begin() + (site + 1) * degree);
  return neighbours;
}

std::vector<std::int8_t> two_colouring(std::int64_t n, int degree,
                                       const std::vector<std::int64_t>& neighbours) {
  std::vector<std::int8_t> colour(static_cast<std::size_t>(n), -1);
  std::vector<std::int64_t> queue;
  for (std::int64_t start = 0; start < n; ++start) {
    if (colour[static_cast<std::size_t>(start)] >= 0) continue;
    colour[static_cast<std::size_t>(start)] = 0;
    queue.assign(1, start);
    while (!queue.empty()) {
      const std::int64_t site = queue.back();
      queue.pop_back();
      for (std::int64_t end = site * degree; end < (site + 1) * degree; ++end) {
        const std::int64_t other = neighbours[static_cast<std::size_t>(end)];
        std::int8_t& there = colour[static_cast<std::size_t>(other)];
        const std::int8_t here = colour[static_cast<std::size_t>(site)];
        if (there == here) return {};
        if (there >= 0) continue;
        there = static_cast<std::int8_t>(1 - here);
        queue.push_back(other);
      }
    }
  }
  return colour;
}

}  // namespace weiss
