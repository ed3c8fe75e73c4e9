#include "weiss/dmft/segment_stream.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include <Eigen/LU>

#include "weiss/base/error.hpp"
#include "weiss/rng/vector_ars.hpp"

namespace weiss {

namespace {

constexpr std::int64_t chunk = 256;  // updates that share a step of the random stream
constexpr std::int64_t longest_refresh_interval = 65536, shortest_refresh_interval = 256;
constexpr int smallest_capacity = 24;
constexpr std::size_t correlation_length = density_points / 2 + 1;
constexpr double largest_drift = 1e-4, noticed_drift = 1e-8;

// Odd multiples of 8.
int next_capacity(int capacity) { return 8 * (2 * (capacity / 8) - 1); }

// Updates up to the next multiple of interval; 0 stands for never.
std::int64_t until_multiple(std::int64_t update, std::int64_t interval) {
  return interval == 0 ? std::int64_t{1} << 62 : interval - update % interval;
}

}  // namespace

SegmentStream::SegmentStream(const SegmentProblem& problem, const SegmentSettings& settings,
                             std::uint64_t seed, std::uint64_t task_key, std::uint64_t stream_number,
                             SimdTarget target)
    : problem_(problem),
      settings_(settings),
      number_(stream_number),
      target_(target),
      kernel_(&segment_kernel(target)),
      stream_(seed, task_key, StreamId::segment_update),
      exchange_stream_(seed, task_key, StreamId::segment_exchange),
      state_(std::make_unique<SegmentState>()),
      storage_(problem.flavours()),
      bits_(2 * chunk),
      refresh_interval_(longest_refresh_interval) {
  check(problem_);
  if (settings_.shift_weight < 0 || settings_.shift_weight > 127 || settings_.window == 1 ||
      settings_.window > 1ULL << 32 || settings_.measure_interval < 0 || settings_.density_interval < 0 ||
      settings_.exchange_interval < 0)
    throw Error(ExitCode::bad_deck, "segment solver: settings out of range");
  SegmentState& state = *state_;
  const std::size_t flavours = problem_.flavours();
  const double step = problem_.beta / 4294967296.0;
  state.flavours = static_cast<int>(flavours);
  state.sign = 1;
  state.shift_weight = settings_.shift_weight;
  state.beta = problem_.beta;
  state.time_measure = problem_.beta * step;
  state.window = settings_.window == 0 ? 1ULL << 32 : settings_.window;
  state.phase = phase_table().data();
  for (const std::vector<double>& table : problem_.hybridization)
    cubics_.push_back(hybridization_cubics(table));
  if (!problem_.screening.empty()) screening_ = screening_cubics(problem_.screening);
  state.screening = screening_.empty() ? nullptr : screening_.data();
  state.screening_slope = problem_.screening_slope;
  for (std::size_t a = 0; a < flavours; ++a) {
    SegmentLine& line = state.line[a];
    // Equal baths share one table, which then stays in the cache.
    line.hybridization = std::find(cubics_.begin(), cubics_.end(), cubics_[a])->data();
    line.level = (problem_.level[a] + state.screening_slope) * step;
    for (std::size_t b = 0; b < flavours; ++b) {
      const double screened =
          problem_.interaction[a * flavours + b] - (a == b ? 0 : 2 * state.screening_slope);
      line.interaction[b] = screened * step;
      state.half_interaction[a][b] = screened / 2;
    }
    reserve(static_cast<int>(a), smallest_capacity);
  }
  choose_intervals(0);
  length_sum_.resize(flavours);
  overlap_sum_.resize(flavours * flavours);
  order_sum_.resize(flavours);
  histogram_sum_.resize(flavours * segment_histogram);
  proposed_.resize(segment_moves);
  accepted_.resize(segment_moves);
  green_sum_.resize(flavours * hybridization_intervals * 4);
  product_sum_.resize(flavours * flavours * density_frequencies);
  correlation_sum_.resize(flavours * flavours * correlation_length);
}

void SegmentStream::reserve(int flavour, int capacity) {
  SegmentLine& line = state_->line[flavour];
  const auto slots = static_cast<std::size_t>(capacity);
  Storage grown{std::vector<std::uint32_t>(slots + 16), std::vector<std::uint32_t>(slots + 16),
                std::vector<double>(slots * slots), std::vector<double>(slots * slots)};
  for (int i = 0; i < line.order; ++i) {
    grown.start[static_cast<std::size_t>(i)] = line.start[i];
    grown.end[static_cast<std::size_t>(i)] = line.end[i];
    for (int j = 0; j < line.order; ++j) {
      grown.inverse[static_cast<std::size_t>(i * capacity + j)] = line.inverse[i * line.capacity + j];
      grown.transpose[static_cast<std::size_t>(i * capacity + j)] = line.transpose[i * line.capacity + j];
    }
  }
  Storage& storage = storage_[static_cast<std::size_t>(flavour)];
  storage = std::move(grown);
  line.capacity = capacity;
  line.start = storage.start.data();
  line.end = storage.end.data();
  line.inverse = storage.inverse.data();
  line.transpose = storage.transpose.data();
  if (work_.size() < 4 * slots) {
    work_.assign(4 * slots, 0.0);
    state_->column = work_.data();
    state_->row = state_->column + capacity;
    state_->left = state_->row + capacity;
    state_->right = state_->left + capacity;
  }
}

SegmentConfiguration SegmentStream::configuration() const {
  SegmentConfiguration result;
  for (int a = 0; a < state_->flavours; ++a) {
    const SegmentLine& line = state_->line[a];
    result.push_back({{line.start, line.start + line.order},
                      {line.end, line.end + line.order},
                      line.order == 0 && line.occupied_at_origin != 0});
  }
  return result;
}

void SegmentStream::start_from(const SegmentConfiguration& configuration) {
  weiss::check(configuration);
  if (configuration.size() != problem_.flavours())
    throw Error(ExitCode::bad_file, "segment solver: a configuration of " +
                                        std::to_string(configuration.size()) + " flavours for a problem of " +
                                        std::to_string(problem_.flavours()));
  for (std::size_t a = 0; a < configuration.size(); ++a) {
    const SegmentTimes& times = configuration[a];
    SegmentLine& line = state_->line[a];
    line.order = 0;
    int capacity = smallest_capacity;
    while (capacity < static_cast<int>(times.start.size())) capacity = next_capacity(capacity);
    reserve(static_cast<int>(a), capacity);
    std::copy(times.start.begin(), times.start.end(), line.start);
    std::copy(times.end.begin(), times.end.end(), line.end);
    line.order = static_cast<int>(times.start.size());
    line.occupied_at_origin = occupied_before_origin(times) ? 1 : 0;
  }
  set_from_times();
}

std::span<const double> SegmentStream::cubics(std::size_t flavour) const {
  return {state_->line[flavour].hybridization, 4 * hybridization_intervals};
}

// The inverse matrix of the slots' times.
void SegmentStream::set_inverse(std::size_t flavour) {
  SegmentLine& line = state_->line[flavour];
  Eigen::MatrixXd delta(line.order, line.order);
  for (int i = 0; i < line.order; ++i)
    for (int j = 0; j < line.order; ++j)
      delta(i, j) = hybridization_at(cubics(flavour), line.end[i], line.start[j]);
  const Eigen::MatrixXd inverse = delta.inverse();
  for (int j = 0; j < line.order; ++j)
    for (int i = 0; i < line.order; ++i)
      line.inverse[j * line.capacity + i] = line.transpose[i * line.capacity + j] = inverse(j, i);
}

// Lengths, overlaps, sign and inverse matrices of the slots' times.
void SegmentStream::set_from_times() {
  SegmentState& state = *state_;
  const SegmentConfiguration times = configuration();
  state.sign = 1;
  for (std::size_t a = 0; a < times.size(); ++a) {
    SegmentLine& line = state.line[a];
    line.length = occupied_time(times[a]);
    for (std::size_t b = 0; b < times.size(); ++b) line.overlap[b] = b < a ? overlap(times[a], times[b]) : 0;
    state.sign *= determinant_weight(cubics(a), times[a]).sign;
    set_inverse(a);
  }
}

// Of a flavour's inverse matrix from the one that its times have, relative to its largest element.
double SegmentStream::drift_from(const std::vector<double>& inverse, std::size_t flavour) const {
  const std::vector<double>& fresh = storage_[flavour].inverse;
  double largest = 0, deviation = 0;
  for (std::size_t i = 0; i < fresh.size(); ++i) {
    if (!std::isfinite(fresh[i]) || !std::isfinite(inverse[i]))
      return std::numeric_limits<double>::infinity();
    largest = std::max(largest, std::abs(fresh[i]));
    deviation = std::max(deviation, std::abs(fresh[i] - inverse[i]));
  }
  return largest > 0 ? deviation / largest : 0;
}

void SegmentStream::refresh() {
  SegmentState& state = *state_;
  const auto kept = std::make_unique<SegmentState>(state);
  std::vector<std::vector<double>> inverse;
  for (const Storage& storage : storage_) inverse.push_back(storage.inverse);
  set_from_times();
  bool exact = state.sign == kept->sign;
  drift_ = 0;
  for (int a = 0; a < state.flavours; ++a) {
    const SegmentLine& line = state.line[a];
    const auto flavour = static_cast<std::size_t>(a);
    exact = exact && line.length == kept->line[a].length &&
            line.occupied_at_origin == static_cast<int>(occupied_before_origin(configuration()[flavour]));
    for (int b = 0; b < a; ++b)
      exact = exact && line.overlap[b] == kept->line[a].overlap[b] + kept->line[b].overlap[a];
    drift_ = std::max(drift_, drift_from(inverse[flavour], flavour));
  }
  accurate_ = accurate_ && drift_ < largest_drift;
  if (drift_ > noticed_drift) refresh_interval_ = std::max(refresh_interval_ / 4, shortest_refresh_interval);
  // A sign that differs is an inaccurate ratio of determinants.
  if (!exact && accurate_)
    throw Error(ExitCode::internal,
                "segment solver: lengths, overlaps or the sign kept step by step differ from those of the "
                "configuration");
}

void SegmentStream::fill_bits() {
  const std::int64_t wanted = update_ / chunk;
  if (wanted == bits_chunk_) return;
  random_planes(target_, stream_, static_cast<std::uint64_t>(wanted), number_, 0, bits_);
  bits_chunk_ = wanted;
}

void SegmentStream::advance(std::int64_t updates, Measured measured) {
  SegmentState& state = *state_;
  const std::int64_t last = update_ + updates;
  while (update_ < last) {
    fill_bits();
    std::int64_t period = std::min({last - update_, until_multiple(update_, chunk),
                                    until_multiple(update_, settings_.exchange_interval)});
    if (measured == Measured::all)
      period = std::min(
          {period, until_multiple(update_, measure_interval_), until_multiple(update_, density_interval_)});
    const bool summed = measured != Measured::nothing;
    if (summed) kernel_->add_to_sums(state, state.sign * period);
    for (std::int64_t done = 0; done < period;) {
      const std::uint64_t* bits = bits_.data() + 2 * ((update_ + done) % chunk);
      done += kernel_->update(state, bits, static_cast<int>(period - done), summed ? period - done : 0);
      if (done == period) break;
      for (int a = 0; a < state.flavours; ++a)
        if (state.line[a].order == state.line[a].capacity) reserve(a, next_capacity(state.line[a].capacity));
    }
    update_ += period;
    if (measured == Measured::all) measure();
    if (settings_.exchange_interval != 0 && update_ % settings_.exchange_interval == 0) exchange();
    if (update_ % refresh_interval_ == 0) {
      refresh();
      if (summed) fold_sums();
    }
  }
}

void SegmentStream::run(std::int64_t updates) {
  advance(updates, Measured::all);
  block_updates_ += updates;
}

// What is due at this update.
void SegmentStream::measure() {
  if (update_ % measure_interval_ == 0) {
    kernel_->measure_green(*state_, green_sum_.data());
    ++green_count_;
  }
  if (update_ % density_interval_ == 0) {
    kernel_->measure_densities(*state_, correlation_sum_.data(), product_sum_.data());
    ++density_count_;
  }
}

void SegmentStream::fold_sums() {
  const SegmentSums& sums = state_->sums;
  const std::size_t flavours = problem_.flavours();
  sign_sum_ += sums.sign;
  for (std::size_t a = 0; a < flavours; ++a) {
    length_sum_[a].add(sums.length[a]);
    order_sum_[a] += sums.order[a];
    for (std::size_t b = 0; b < flavours; ++b) overlap_sum_[a * flavours + b].add(sums.overlap[a][b]);
    for (std::size_t k = 0; k < segment_histogram; ++k)
      histogram_sum_[a * segment_histogram + k] += sums.histogram[a][k];
  }
  for (std::size_t m = 0; m < segment_moves; ++m) {
    proposed_[m] += sums.proposed[m];
    accepted_[m] += sums.accepted[m];
  }
  state_->sums = {};
}

SegmentBlock SegmentStream::take_block() {
  if (!accurate_)
    throw Error(
        ExitCode::internal,
        "segment solver: the inverse hybridisation matrices lost their accuracy between two refreshes");
  fold_sums();
  const std::size_t flavours = problem_.flavours();
  const double norm = 1 / static_cast<double>(block_updates_);
  SegmentBlock block;
  block.updates = block_updates_;
  block.sign = {norm * static_cast<double>(sign_sum_)};
  for (std::size_t a = 0; a < flavours; ++a) {
    block.density.push_back(norm * length_sum_[a].value());
    block.order.push_back(norm * static_cast<double>(order_sum_[a]));
  }
  for (std::size_t a = 0; a < flavours; ++a)
    for (std::size_t b = 0; b < flavours; ++b)
      block.overlap.push_back(
          a == b ? block.density[a]
                 : norm * (overlap_sum_[a * flavours + b].value() + overlap_sum_[b * flavours + a].value()));
  for (const std::int64_t count : histogram_sum_)
    block.histogram.push_back(norm * static_cast<double>(count));
  block.proposed.assign(proposed_.begin(), proposed_.end());
  block.accepted.assign(accepted_.begin(), accepted_.end());
  add_measurements(block);
  clear_block();
  return block;
}

void SegmentStream::add_measurements(SegmentBlock& block) const {
  const double green_norm = 1 / static_cast<double>(green_count_);
  for (const double sum : green_sum_) block.green.push_back(green_norm * sum);
  const std::size_t flavours = problem_.flavours();
  const double norm = 1 / static_cast<double>(density_count_);
  // Kept for a >= b; <n_a(tau) n_b> = <n_b(tau) n_a>, for everything is real.
  for (std::size_t a = 0; a < flavours; ++a)
    for (std::size_t b = 0; b < flavours; ++b) {
      const std::size_t pair = a >= b ? a * flavours + b : b * flavours + a;
      for (std::size_t r = 0; r < correlation_length; ++r)
        block.density_correlation.push_back(
            norm / density_points * static_cast<double>(correlation_sum_[pair * correlation_length + r]));
      for (std::size_t m = 0; m < density_frequencies; ++m)
        block.density_product.push_back(norm * product_sum_[pair * density_frequencies + m]);
    }
}

void SegmentStream::clear_block() {
  block_updates_ = 0;
  sign_sum_ = 0;
  green_count_ = 0;
  density_count_ = 0;
  const auto clear = [](auto& sums) {
    std::fill(sums.begin(), sums.end(), typename std::decay_t<decltype(sums)>::value_type{});
  };
  clear(length_sum_);
  clear(overlap_sum_);
  clear(order_sum_);
  clear(histogram_sum_);
  clear(proposed_);
  clear(accepted_);
  clear(green_sum_);
  clear(product_sum_);
  clear(correlation_sum_);
}

}  // namespace weiss
