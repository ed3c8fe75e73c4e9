#include "weiss/montecarlo/row_swendsen_wang.hpp"

#include <algorithm>
#include <bit>
#include <map>

#include "weiss/rng/vector_ars.hpp"

namespace weiss {

namespace {

constexpr int label_tag = 22;
constexpr std::int64_t group_words = 8;  // 512 sites

}  // namespace

RowSwendsenWang::RowSwendsenWang(const IsingInteractions& interactions, const RowField& field,
                                 const Stream& bonds, const Stream& flips, SimdTarget target)
    : bonds_(interactions, field, bonds, target),
      clusters_(field, bonds_, target),
      flip_stream_(flips),
      target_(target),
      first_word_(field.first_plane() * field.words_a_plane()) {
  const auto words = static_cast<std::size_t>(field.planes_here() * field.words_a_plane());
  // Whole groups, from the one that holds the first own word.
  coins_.resize((words / group_words + 2) * group_words);
}

void RowSwendsenWang::draw_coins(std::uint64_t step) {
  const std::int64_t first = first_word_ / group_words;
  for (std::size_t i = 0; i < coins_.size(); i += group_words)
    random_planes(target_, flip_stream_, step, static_cast<std::uint64_t>(first) + i / group_words, 0,
                  std::span(coins_).subspan(i, group_words));
}

bool RowSwendsenWang::coin(std::uint64_t step, std::int64_t label) const {
  const auto lane = static_cast<std::uint32_t>(label % 512);
  return (flip_stream_.bits(step, static_cast<std::uint64_t>(label / 512), lane / 64) >> (lane % 64) & 1) !=
         0;
}

void RowSwendsenWang::grow_part(std::int64_t word, int bit) {
  Part part{items_.size(), 0, 0, 0};
  clusters_.grow(word, bit, items_);
  part.last_item = items_.size();
  std::int64_t smallest = first_word_ * 64 + word * 64 + bit;
  for (std::size_t i = part.first_item; i < part.last_item; ++i) {
    const FloodItem& item = items_[i];
    smallest = std::min(smallest, (first_word_ + item.word) * 64 + std::countr_zero(item.sites));
    part.size += std::popcount(item.sites);
  }
  part.label = smallest;
  parts_.push_back(part);
}

void RowSwendsenWang::grow_shared(const RowField& field, const std::vector<std::uint64_t>& crossing) {
  items_.clear();
  parts_.clear();
  const std::int64_t plane = field.words_a_plane();
  const std::int64_t last = (field.planes_here() - 1) * plane;
  const auto grow_all = [&](std::int64_t word, std::uint64_t sites) {
    while ((sites &= clusters_.unvisited(word)) != 0) grow_part(word, std::countr_zero(sites));
  };
  for (std::int64_t w = 0; w < plane; ++w) grow_all(w, ~std::uint64_t{0});
  for (std::int64_t w = 0; w < plane; ++w) grow_all(last + w, crossing[static_cast<std::size_t>(w)]);
}

// Labels at both ends of the bonds from the last plane to the next rank's first.
std::vector<LabelPair> RowSwendsenWang::links(const RowField& field,
                                              const std::vector<std::uint64_t>& crossing) const {
  const std::int64_t plane = field.words_a_plane();
  const std::int64_t last = (field.planes_here() - 1) * plane;
  std::vector<std::int64_t> first_labels(static_cast<std::size_t>(plane * 64));
  std::vector<std::int64_t> last_labels(first_labels.size());
  std::vector<std::int64_t> next_labels(first_labels.size());
  for (const Part& part : parts_)
    for (std::size_t i = part.first_item; i < part.last_item; ++i) {
      const std::int64_t word = items_[i].word;
      for (std::uint64_t left = items_[i].sites; left != 0 && (word < plane || word >= last);
           left &= left - 1) {
        const int bit = std::countr_zero(left);
        if (word < plane) first_labels[static_cast<std::size_t>(word * 64 + bit)] = part.label;
        if (word >= last) last_labels[static_cast<std::size_t>((word - last) * 64 + bit)] = part.label;
      }
    }
  const int count = static_cast<int>(first_labels.size());
  MPI_Sendrecv(first_labels.data(), count, MPI_INT64_T, field.previous_rank(), label_tag, next_labels.data(),
               count, MPI_INT64_T, field.next_rank(), label_tag, field.communicator().handle(),
               MPI_STATUS_IGNORE);
  std::vector<LabelPair> pairs;
  for (std::size_t w = 0; w < crossing.size(); ++w)
    for (std::uint64_t left = crossing[w]; left != 0; left &= left - 1) {
      const std::size_t site = w * 64 + static_cast<std::size_t>(std::countr_zero(left));
      pairs.push_back({last_labels[site], next_labels[site]});
    }
  return pairs;
}

void RowSwendsenWang::turn_shared(RowField& field, std::uint64_t step, ClusterSizes& sizes) {
  std::vector<LabelPair> pairs;
  items_.clear();
  parts_.clear();
  if (field.ranks_used() > 1 && field.planes_here() > 0) {
    // Bonds out of the last plane would join it to this rank's own first plane.
    std::vector<std::uint64_t>& ahead = bonds_.active(field.dimension() - 1);
    std::vector<std::uint64_t> crossing(ahead.end() - field.words_a_plane(), ahead.end());
    std::fill(ahead.end() - field.words_a_plane(), ahead.end(), std::uint64_t{0});
    grow_shared(field, crossing);
    pairs = links(field, crossing);
  }
  const std::map<std::int64_t, std::int64_t> merged = smallest_labels(field.communicator(), std::move(pairs));
  std::uint64_t* spins = field.plane(0);
  for (const Part& part : parts_) {
    const auto found = merged.find(part.label);
    const std::int64_t label = found == merged.end() ? part.label : found->second;
    if (found == merged.end())
      sizes.add_cluster(part.size);
    else
      sizes.add_part(label, part.size);
    if (coin(step, label))
      for (std::size_t i = part.first_item; i < part.last_item; ++i) spins[items_[i].word] ^= items_[i].sites;
  }
}

ClusterSums RowSwendsenWang::step(RowField& field, std::int64_t step) {
  const auto t = static_cast<std::uint64_t>(step);
  ClusterSizes sizes;
  bonds_.draw_all(field, t);
  draw_coins(t);
  clusters_.forget();
  if (field.communicator().size() > 1) turn_shared(field, t, sizes);
  FloodTotals totals;
  clusters_.turn(field.plane(0), coins_.data() + first_word_ % group_words, totals);
  sizes.add_clusters(totals.clusters, totals.largest, totals.sum_2, totals.sum_4);
  field.refresh_ghost();
  return sizes.total(field.communicator());
}

}  // namespace weiss
