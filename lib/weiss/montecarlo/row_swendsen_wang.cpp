#include "weiss/montecarlo/row_swendsen_wang.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <numeric>

#include "weiss/rng/threshold.hpp"
#include "weiss/rng/vector_ars.hpp"

namespace weiss {

namespace {

constexpr std::int64_t group_words = 8;  // 512 sites
constexpr int label_tag = 22;
constexpr std::uint32_t flip_flag = std::uint32_t{1} << 31;
constexpr std::uint64_t one_half = std::uint64_t{1} << 63;

}  // namespace

bool RowSwendsenWang::fits(const IsingInteractions& interactions) {
  const double coupling = interactions.coupling.front();
  return interactions.field == 0 && coupling != 0 && std::isfinite(coupling) &&
         std::all_of(interactions.coupling.begin(), interactions.coupling.end(),
                     [&](double j) { return j == coupling; });
}

RowSwendsenWang::RowSwendsenWang(const IsingInteractions& interactions, const RowField& field,
                                 const Stream& bonds, const Stream& flips, SimdTarget target)
    : threshold_(bond_threshold(interactions.beta, interactions.coupling.front())),
      antiferromagnetic_(interactions.coupling.front() < 0),
      bond_stream_(bonds),
      flip_stream_(flips),
      target_(target),
      sites_(field.sites()),
      origin_(field.first_plane() * field.words_a_plane() * 64) {
  const auto words = static_cast<std::size_t>(field.planes_here() * field.words_a_plane());
  along_x_.resize(words);
  if (field.dimension() == 3) along_y_.resize(words);
  ahead_.resize(words);
  starts_.resize(words);
  parent_.resize(words * 64);
  size_.resize(words * 64);
}

// Eight words of independent bits that are 1 with probability threshold / 2^64.
void RowSwendsenWang::bernoulli(std::uint64_t step, int direction, std::int64_t group,
                                std::uint64_t* out) const {
  std::array<std::uint64_t, group_words * bond_planes> planes;
  const std::int64_t groups = (sites_ + 511) / 512;
  random_planes(target_, bond_stream_, step, static_cast<std::uint64_t>(direction * groups + group), 0,
                planes);
  std::array<std::uint64_t, group_words> less{};
  std::array<std::uint64_t, group_words> equal;
  equal.fill(~std::uint64_t{0});
  // Plane k is bit 63 - k of u: from the lowest plane up, the last difference decides.
  for (std::size_t k = bond_planes; k-- > 0;) {
    const std::uint64_t t = (threshold_ >> (63 - k) & 1) != 0 ? ~std::uint64_t{0} : 0;
    for (std::size_t i = 0; i < group_words; ++i) {
      const std::uint64_t u = planes[k * group_words + i];
      less[i] = (t & ~u) | (less[i] & ~(t ^ u));
      equal[i] &= ~(t ^ u);
    }
  }
  for (std::size_t i = 0; i < group_words; ++i) {
    for (std::uint64_t tied = equal[i]; tied != 0; tied &= tied - 1) {
      const int bit = std::countr_zero(tied);
      const std::int64_t site = group * 512 + static_cast<std::int64_t>(i) * 64 + bit;
      const std::uint64_t index = static_cast<std::uint64_t>(3 * groups + direction * sites_ + site);
      if (bond_stream_.bits(step, index) >> bond_planes << bond_planes < threshold_ << bond_planes)
        less[i] |= std::uint64_t{1} << bit;
    }
    out[i] = less[i];
  }
}

void RowSwendsenWang::draw_bonds(const RowField& field, std::uint64_t step) {
  const std::int64_t words = static_cast<std::int64_t>(along_x_.size());
  const std::int64_t first_word = origin_ / 64;
  const std::uint64_t unlike = antiferromagnetic_ ? 0 : ~std::uint64_t{0};
  const std::int64_t row = field.words_a_row();
  const std::int64_t plane = field.words_a_plane();
  const std::uint64_t* spins = field.plane(0);
  std::array<std::uint64_t, group_words> coins;
  for (std::int64_t group = first_word / group_words; group * group_words < first_word + words; ++group) {
    const std::int64_t begin = std::max(group * group_words - first_word, std::int64_t{0});
    const std::int64_t end = std::min((group + 1) * group_words - first_word, words);
    const auto coin = [&](std::int64_t w) {
      return coins[static_cast<std::size_t>(first_word + w - group * group_words)];
    };
    bernoulli(step, 0, group, coins.data());
    for (std::int64_t w = begin; w < end; ++w) {
      const std::uint64_t* here = spins + w / row * row;
      const std::uint64_t right = right_neighbours(here, w % row, row);
      along_x_[static_cast<std::size_t>(w)] = coin(w) & (spins[w] ^ right ^ unlike);
    }
    if (field.dimension() == 3) {
      bernoulli(step, 1, group, coins.data());
      for (std::int64_t w = begin; w < end; ++w) {
        const std::int64_t across = w % plane + row < plane ? w + row : w + row - plane;
        along_y_[static_cast<std::size_t>(w)] = coin(w) & (spins[w] ^ spins[across] ^ unlike);
      }
    }
    bernoulli(step, field.dimension() - 1, group, coins.data());
    for (std::int64_t w = begin; w < end; ++w)
      ahead_[static_cast<std::size_t>(w)] = coin(w) & (spins[w] ^ spins[w + plane] ^ unlike);
  }
}

RowSwendsenWang::Node RowSwendsenWang::root(Node node) {
  while (parent_[node] != node) {
    parent_[node] = parent_[parent_[node]];
    node = parent_[node];
  }
  return node;
}

void RowSwendsenWang::join(Node a, Node b) {
  a = root(a);
  b = root(b);
  parent_[std::max(a, b)] = std::min(a, b);
}

RowSwendsenWang::Node RowSwendsenWang::node(std::int64_t word, int bit) const {
  const std::uint64_t upto = starts_[static_cast<std::size_t>(word)] << (63 - bit);
  return static_cast<Node>(word * 64 + bit - std::countl_zero(upto));
}

void RowSwendsenWang::join_word(std::int64_t word, std::int64_t other_word, std::uint64_t bonds) {
  // A bond beside another one says nothing new when x bonds join both of its ends to that one's.
  const std::uint64_t joined =
      ~starts_[static_cast<std::size_t>(word)] & ~starts_[static_cast<std::size_t>(other_word)];
  for (std::uint64_t left = bonds & ~(bonds << 1 & joined); left != 0; left &= left - 1) {
    const int bit = std::countr_zero(left);
    join(node(word, bit), node(other_word, bit));
  }
}

void RowSwendsenWang::join_runs(const RowField& field) {
  std::iota(parent_.begin(), parent_.end(), Node{0});
  const auto words = static_cast<std::int64_t>(starts_.size());
  // The first site of a word always starts a run, so that runs stay inside words.
  for (std::size_t w = 0; w < starts_.size(); ++w) starts_[w] = ~(along_x_[w] << 1);
  const std::int64_t row = field.words_a_row();
  const std::int64_t plane = field.words_a_plane();
  for (std::int64_t w = 0; w < words; ++w) {
    if (along_x_[static_cast<std::size_t>(w)] >> 63 != 0) {
      const std::int64_t next = (w + 1) % row == 0 ? w + 1 - row : w + 1;
      join(node(w, 63), static_cast<Node>(next * 64));
    }
    if (field.dimension() == 3)
      join_word(w, w % plane + row < plane ? w + row : w + row - plane,
                along_y_[static_cast<std::size_t>(w)]);
    if (w + plane < words)
      join_word(w, w + plane, ahead_[static_cast<std::size_t>(w)]);
    else if (field.ranks_used() == 1)
      join_word(w, w + plane - words, ahead_[static_cast<std::size_t>(w)]);
  }
}

// Parents come before children: one pass leaves every node with its root.
void RowSwendsenWang::resolve() {
  for (std::size_t w = 0; w < starts_.size(); ++w)
    for (std::uint64_t left = starts_[w]; left != 0; left &= left - 1) {
      const auto node = static_cast<Node>(w * 64 + static_cast<std::size_t>(std::countr_zero(left)));
      parent_[node] = parent_[parent_[node]];
    }
}

void RowSwendsenWang::join_ranks(const RowField& field) {
  merged_.clear();
  if (field.communicator().size() == 1) return;
  std::vector<LabelPair> links;
  if (field.ranks_used() > 1 && field.planes_here() > 0) {
    resolve();
    const std::int64_t plane = field.words_a_plane();
    const std::int64_t last = (field.planes_here() - 1) * plane;
    std::vector<std::int64_t> mine(static_cast<std::size_t>(plane * 64));
    std::vector<std::int64_t> theirs(mine.size());
    for (std::int64_t i = 0; i < plane * 64; ++i)
      mine[static_cast<std::size_t>(i)] = origin_ + parent_[node(i / 64, static_cast<int>(i % 64))];
    MPI_Sendrecv(mine.data(), static_cast<int>(mine.size()), MPI_INT64_T, field.previous_rank(), label_tag,
                 theirs.data(), static_cast<int>(theirs.size()), MPI_INT64_T, field.next_rank(), label_tag,
                 field.communicator().handle(), MPI_STATUS_IGNORE);
    for (std::int64_t w = 0; w < plane; ++w)
      for (std::uint64_t left = ahead_[static_cast<std::size_t>(last + w)]; left != 0; left &= left - 1) {
        const int bit = std::countr_zero(left);
        links.push_back(
            {origin_ + parent_[node(last + w, bit)], theirs[static_cast<std::size_t>(w * 64 + bit)]});
      }
  }
  merged_ = smallest_labels(field.communicator(), std::move(links));
}

ClusterSums RowSwendsenWang::turn_over(RowField& field, std::uint64_t step) {
  const RandomSource flips(flip_stream_, step);
  std::vector<Node> roots;
  std::uint64_t* spins = field.plane(0);
  for (std::size_t w = 0; w < starts_.size(); ++w) {
    std::uint64_t turned = 0;
    for (std::uint64_t left = starts_[w]; left != 0;) {
      const int bit = std::countr_zero(left);
      left &= left - 1;
      const auto name = static_cast<Node>(w * 64 + static_cast<std::size_t>(bit));
      const Node parent = parent_[name];
      if (parent == name) {
        std::int64_t label = origin_ + name;
        if (const auto found = merged_.find(label); !merged_.empty() && found != merged_.end())
          label = found->second;
        parent_[name] = name | (flips.fires(one_half, static_cast<std::uint64_t>(label)) ? flip_flag : 0);
        size_[name] = 0;
        roots.push_back(name);
      } else {
        parent_[name] = parent_[parent];
      }
      const Node resolved = parent_[name];
      const std::uint64_t from_here = ~std::uint64_t{0} << bit;
      const std::uint64_t beyond = left == 0 ? 0 : ~std::uint64_t{0} << std::countr_zero(left);
      if ((resolved & flip_flag) != 0) turned |= from_here ^ beyond;
      size_[resolved & ~flip_flag] +=
          static_cast<std::uint32_t>((left == 0 ? 64 : std::countr_zero(left)) - bit);
    }
    spins[w] ^= turned;
  }
  ClusterSizes sizes;
  for (const Node name : roots) {
    const auto found = merged_.find(origin_ + name);
    if (found == merged_.end())
      sizes.add_cluster(size_[name]);
    else
      sizes.add_part(found->second, size_[name]);
  }
  return sizes.total(field.communicator());
}

ClusterSums RowSwendsenWang::step(RowField& field, std::int64_t step) {
  const auto t = static_cast<std::uint64_t>(step);
  draw_bonds(field, t);
  join_runs(field);
  join_ranks(field);
  const ClusterSums sums = turn_over(field, t);
  field.refresh_ghost();
  return sums;
}

}  // namespace weiss
