#include "weiss/dmft/segment_stream.hpp"

#include <algorithm>
#include <cmath>

#include <Eigen/LU>

#include "weiss/base/error.hpp"
#include "weiss/rng/vector_ars.hpp"

namespace weiss {

namespace {

constexpr std::int64_t chunk = 256;  // updates that share a step of the random stream
constexpr std::int64_t refresh_interval = 65536;
constexpr int smallest_capacity = 24;
constexpr double largest_drift = 1e-4;

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
      bits_(2 * chunk) {
  check(problem_);
  if (settings_.shift_weight < 0 || settings_.shift_weight > 127 || settings_.window < 2 ||
      settings_.window > 1ULL << 32 || settings_.measure_interval < 1 || settings_.density_interval < 1 ||
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
  state.window = settings_.window;
  for (const std::vector<double>& table : problem_.hybridization)
    cubics_.push_back(hybridization_cubics(table));
  for (std::size_t a = 0; a < flavours; ++a) {
    SegmentLine& line = state.line[a];
    // Equal baths share one table, which then stays in the cache.
    const auto same = std::find(cubics_.begin(), cubics_.end(), cubics_[a]);
    line.hybridization = same->data();
    line.level = problem_.level[a] * step;
    for (std::size_t b = 0; b < flavours; ++b)
      line.interaction[b] = problem_.interaction[a * flavours + b] * step;
    reserve(static_cast<int>(a), smallest_capacity);
  }
  length_sum_.resize(flavours);
  overlap_sum_.resize(flavours * flavours);
  order_sum_.resize(flavours);
  histogram_sum_.resize(flavours * segment_histogram);
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

// Lengths, overlaps, sign and inverse matrices of the slots' times.
void SegmentStream::set_from_times() {
  SegmentState& state = *state_;
  const SegmentConfiguration times = configuration();
  state.sign = 1;
  for (std::size_t a = 0; a < times.size(); ++a) {
    SegmentLine& line = state.line[a];
    line.length = occupied_time(times[a]);
    for (std::size_t b = 0; b < times.size(); ++b) line.overlap[b] = b < a ? overlap(times[a], times[b]) : 0;
    state.sign *= determinant_weight({line.hybridization, 4 * hybridization_intervals}, times[a]).sign;
    Eigen::MatrixXd delta(line.order, line.order);
    for (int i = 0; i < line.order; ++i)
      for (int j = 0; j < line.order; ++j)
        delta(i, j) =
            hybridization_at({line.hybridization, 4 * hybridization_intervals}, line.end[i], line.start[j]);
    const Eigen::MatrixXd inverse = delta.inverse();
    for (int j = 0; j < line.order; ++j)
      for (int i = 0; i < line.order; ++i)
        line.inverse[j * line.capacity + i] = line.transpose[i * line.capacity + j] = inverse(j, i);
  }
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
    exact = exact && line.length == kept->line[a].length &&
            line.occupied_at_origin ==
                static_cast<int>(occupied_before_origin(configuration()[static_cast<std::size_t>(a)]));
    for (int b = 0; b < a; ++b)
      exact = exact && line.overlap[b] == kept->line[a].overlap[b] + kept->line[b].overlap[a];
    double largest = 0, deviation = 0;
    const std::vector<double>& fresh = storage_[static_cast<std::size_t>(a)].inverse;
    for (std::size_t i = 0; i < fresh.size(); ++i) {
      largest = std::max(largest, std::abs(fresh[i]));
      deviation = std::max(deviation, std::abs(fresh[i] - inverse[static_cast<std::size_t>(a)][i]));
    }
    if (largest > 0) drift_ = std::max(drift_, deviation / largest);
  }
  if (!exact)
    throw Error(ExitCode::internal,
                "segment solver: lengths, overlaps or the sign kept step by step differ from those of the "
                "configuration");
  if (!(drift_ < largest_drift))
    throw Error(ExitCode::internal,
                "segment solver: the inverse hybridisation matrix lost its accuracy "
                "between two refreshes; the bath is close to singular");
}

void SegmentStream::fill_bits() {
  const std::int64_t wanted = update_ / chunk;
  if (wanted == bits_chunk_) return;
  random_planes(target_, stream_, static_cast<std::uint64_t>(wanted), number_, 0, bits_);
  bits_chunk_ = wanted;
}

void SegmentStream::advance(std::int64_t updates, bool measured) {
  SegmentState& state = *state_;
  const std::int64_t last = update_ + updates;
  while (update_ < last) {
    fill_bits();
    const std::int64_t period =
        std::min({last - update_, until_multiple(update_, chunk),
                  measured ? until_multiple(update_, settings_.measure_interval) : chunk,
                  until_multiple(update_, settings_.exchange_interval)});
    if (measured) kernel_->add_to_sums(state, period);
    for (std::int64_t done = 0; done < period;) {
      const std::uint64_t* bits = bits_.data() + 2 * ((update_ + done) % chunk);
      done += kernel_->update(state, bits, static_cast<int>(period - done), measured ? period - done : 0);
      if (done == period) break;
      for (int a = 0; a < state.flavours; ++a)
        if (state.line[a].order == state.line[a].capacity) reserve(a, next_capacity(state.line[a].capacity));
    }
    update_ += period;
    if (settings_.exchange_interval != 0 && update_ % settings_.exchange_interval == 0) exchange();
    if (update_ % refresh_interval == 0) {
      refresh();
      if (measured) fold_sums();
    }
  }
}

void SegmentStream::warm_up(std::int64_t updates) {
  advance(updates, false);
  state_->sums = {};
}

void SegmentStream::run(std::int64_t updates) {
  advance(updates, true);
  block_updates_ += updates;
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
  state_->sums = {};
}

SegmentBlock SegmentStream::take_block() {
  fold_sums();
  const std::size_t flavours = problem_.flavours();
  const double norm = 1 / static_cast<double>(block_updates_);
  SegmentBlock block;
  block.updates = block_updates_;
  block.sign = {norm * static_cast<double>(sign_sum_)};
  for (std::size_t a = 0; a < flavours; ++a) {
    block.density.push_back(norm * length_sum_[a].value());
    block.order.push_back(norm * static_cast<double>(order_sum_[a]));
    for (std::size_t b = 0; b < flavours; ++b)
      block.overlap.push_back(
          a == b ? block.density[a]
                 : norm * (overlap_sum_[a * flavours + b].value() + overlap_sum_[b * flavours + a].value()));
  }
  for (const std::int64_t count : histogram_sum_)
    block.histogram.push_back(norm * static_cast<double>(count));
  block_updates_ = 0;
  sign_sum_ = 0;
  std::fill(length_sum_.begin(), length_sum_.end(), LongSum{});
  std::fill(overlap_sum_.begin(), overlap_sum_.end(), LongSum{});
  std::fill(order_sum_.begin(), order_sum_.end(), 0);
  std::fill(histogram_sum_.begin(), histogram_sum_.end(), 0);
  return block;
}

// Exchanges the configurations of two flavours, or of the two spins of every orbital; Metropolis.
void SegmentStream::exchange() {
  const std::size_t flavours = problem_.flavours();
  if (flavours < 2) return;
  const RandomSource source(exchange_stream_, static_cast<std::uint64_t>(update_));
  std::vector<std::size_t> image(flavours);
  for (std::size_t a = 0; a < flavours; ++a) image[a] = a;
  const bool all_spins = flavours % 2 == 0 && source.below(2, number_, 0) == 0;
  if (all_spins) {
    for (std::size_t a = 0; a < flavours; ++a) image[a] = a ^ 1;
  } else {
    const std::size_t a = source.below(flavours, number_, 64);
    const std::size_t b = (a + 1 + source.below(flavours - 1, number_, 128)) % flavours;
    std::swap(image[a], image[b]);
  }
  const SegmentConfiguration old = configuration();
  SegmentConfiguration changed;
  double exponent = 0;
  for (std::size_t a = 0; a < flavours; ++a) {
    changed.push_back(old[image[a]]);
    const SegmentLine& line = state_->line[a];
    if (line.hybridization == state_->line[image[a]].hybridization) continue;
    const std::span<const double> table(line.hybridization, 4 * hybridization_intervals);
    exponent += determinant_weight(table, changed[a]).logarithm - determinant_weight(table, old[a]).logarithm;
  }
  exponent += local_exponent(problem_, changed) - local_exponent(problem_, old);
  const double uniform =
      static_cast<double>(exchange_stream_.bits(static_cast<std::uint64_t>(update_), number_, 192) >> 11) *
      0x1p-53;
  if (uniform < std::exp(std::min(exponent, 0.0))) start_from(changed);
}

}  // namespace weiss
