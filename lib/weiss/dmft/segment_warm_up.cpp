// What a chain of the segment picture does before anything is measured, and chooses meanwhile.
#include <algorithm>
#include <numeric>

#include "weiss/dmft/segment_stream.hpp"
#include "weiss/statistics/autocovariance.hpp"

namespace weiss {

// Where the settings leave it open: green functions every 2.5 times the mean number of segments, where the
// error of a self-energy is within 3 % of that of four times as many measurements; densities at a twentieth.
void SegmentStream::choose_intervals(std::int64_t updates) {
  std::int64_t orders = 0;
  for (const std::int64_t sum : order_sum_) orders += sum;
  const std::int64_t interval =
      std::clamp<std::int64_t>(5 * orders / (2 * std::max<std::int64_t>(updates, 1)), 10, 1000);
  measure_interval_ = settings_.measure_interval != 0 ? settings_.measure_interval : interval;
  density_interval_ = settings_.density_interval != 0 ? settings_.density_interval : 20 * measure_interval_;
}

// Of segments and of what is between them.
void SegmentStream::add_lengths(std::vector<double>& lengths) const {
  for (int a = 0; a < state_->flavours; ++a) {
    const SegmentLine& line = state_->line[a];
    std::vector<std::uint32_t> times(line.start, line.start + line.order);
    times.insert(times.end(), line.end, line.end + line.order);
    std::sort(times.begin(), times.end());
    for (std::size_t i = 0; i < times.size(); ++i)
      lengths.push_back(static_cast<double>(times[(i + 1) % times.size()] - times[i]));
  }
}

// Where the settings leave it open: 8 times the mean length of the shorter half. In an insulator, whose
// electrons stay long and leave for short times, that is far less than beta, and the double occupancy of as
// many updates is half again as certain; in a metal it is more than the distance of most neighbours, and
// costs nothing.
void SegmentStream::choose_window(std::vector<double>& lengths) {
  constexpr std::size_t least = 64;
  constexpr double factor = 12, whole = 4294967296.0, shortest = 65536;
  if (settings_.window != 0) return;
  state_->window = 1ULL << 32;
  if (lengths.size() < least) return;
  const auto middle = lengths.begin() + static_cast<std::ptrdiff_t>(lengths.size() / 2);
  std::nth_element(lengths.begin(), middle, lengths.end());
  const double mean = std::accumulate(lengths.begin(), middle, 0.0) / static_cast<double>(lengths.size() / 2);
  state_->window = static_cast<std::uint64_t>(std::clamp(factor * mean, shortest, whole));
}

void SegmentStream::warm_up(std::int64_t updates) {
  // The second half tells the typical order.
  advance(updates / 2, Measured::nothing);
  advance(updates - updates / 2, Measured::sums);
  fold_sums();
  choose_intervals(updates - updates / 2);
  refresh();
  discard_block();
}

// Successive stretches of 64 bins, each twice as long as the one before, until one is longer than 32 times
// the autocorrelation time of orders and overlaps that it shows itself.
std::int64_t SegmentStream::warm_up_to_equilibrium(std::int64_t most) {
  constexpr std::int64_t bins = 64;
  std::int64_t done = 0;
  for (std::int64_t length = 64; done < most; length *= 2) {
    length = std::min(length, (most - done + bins - 1) / bins);
    std::vector<double> order, overlap, lengths;
    fold_sums();
    clear_block();
    std::int64_t orders = 0;
    double overlaps = 0;
    for (std::int64_t bin = 0; bin < bins; ++bin) {
      advance(length, Measured::sums);
      fold_sums();
      add_lengths(lengths);
      std::int64_t next_orders = 0;
      double next_overlaps = 0;
      for (const std::int64_t sum : order_sum_) next_orders += sum;
      for (const LongSum& sum : overlap_sum_) next_overlaps += sum.value();
      order.push_back(static_cast<double>(next_orders - orders));
      overlap.push_back(next_overlaps - overlaps);
      orders = next_orders;
      overlaps = next_overlaps;
    }
    done += bins * length;
    choose_intervals(bins * length);
    choose_window(lengths);
    refresh();
    if (error_of_mean(order).tau <= 2 && error_of_mean(overlap).tau <= 2) break;
  }
  discard_block();
  return done;
}

void SegmentStream::discard_block() {
  fold_sums();
  clear_block();
  accurate_ = true;
}

}  // namespace weiss
