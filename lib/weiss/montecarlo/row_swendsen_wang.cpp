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
      folds_(field, target),
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

void RowSwendsenWang::grow_part(std::int64_t word, int bit) {
  Part part{items_.size(), 0, first_word_ * 64 + word * 64 + bit, 0, false};
  clusters_.grow(word, bit, items_);
  part.last_item = items_.size();
  for (std::size_t i = part.first_item; i < part.last_item; ++i) {
    part.size += folds_.size(items_[i]);
    part.coin ^= folds_.coin(items_[i]);
  }
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

void RowSwendsenWang::toss_shared(const RowField& field, const std::vector<std::uint64_t>& crossing,
                                  ClusterSizes& sizes) {
  std::vector<LabelPair> pairs;
  items_.clear();
  parts_.clear();
  if (!crossing.empty()) {
    grow_shared(field, crossing);
    pairs = links(field, crossing);
  }
  const std::map<std::int64_t, std::int64_t> merged = smallest_labels(field.communicator(), std::move(pairs));
  std::vector<LabelPair> coins;  // label, coin of a part
  for (Part& part : parts_) {
    const auto found = merged.find(part.label);
    if (found == merged.end()) {
      sizes.add_cluster(part.size);
      continue;
    }
    part.label = found->second;
    sizes.add_part(part.label, part.size);
    coins.push_back({part.label, part.coin ? 1 : 0});
  }
  std::map<std::int64_t, bool> total;
  for (const LabelPair& each : field.communicator().all_gather_varying(std::span<const LabelPair>(coins)))
    total[each.first] ^= each.second != 0;
  for (const Part& part : parts_) {
    const auto found = total.find(part.label);
    const bool coin = found == total.end() ? part.coin : found->second;
    for (std::size_t i = part.first_item; i < part.last_item; ++i) folds_.set_coin(items_[i], coin);
  }
}

// Takes the bonds to the next rank out: they would join the last plane to this rank's own first.
std::vector<std::uint64_t> RowSwendsenWang::take_crossing(const RowField& field) {
  if (field.ranks_used() == 1 || field.planes_here() == 0) return {};
  std::vector<std::uint64_t>& ahead = bonds_.active(field.dimension() - 1);
  std::vector<std::uint64_t> crossing(ahead.end() - field.words_a_plane(), ahead.end());
  std::fill(ahead.end() - field.words_a_plane(), ahead.end(), std::uint64_t{0});
  return crossing;
}

ClusterSums RowSwendsenWang::step(RowField& field, std::int64_t step) {
  const auto t = static_cast<std::uint64_t>(step);
  ClusterSizes sizes;
  FloodTotals totals;
  bonds_.draw_all(field, t);
  draw_coins(t);
  const std::vector<std::uint64_t> crossing = take_crossing(field);
  const std::vector<std::uint64_t> first_plane(crossing.size(), ~std::uint64_t{0});
  folds_.fold(bonds_, std::span(coins_).subspan(static_cast<std::size_t>(first_word_ % group_words)),
              first_plane, crossing, totals);
  clusters_.leave(folds_.left());
  if (field.communicator().size() > 1) toss_shared(field, crossing, sizes);
  clusters_.toss(folds_.arrays(), totals);
  folds_.turn(field.plane(0));
  sizes.add_clusters(totals.clusters, totals.largest, totals.sum_2, totals.sum_4);
  field.refresh_ghost();
  return sizes.total(field.communicator());
}

}  // namespace weiss
