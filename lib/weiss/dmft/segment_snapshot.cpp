// A chain's state as plain arrays, and back, bit for bit.
#include <algorithm>
#include <array>

#include "weiss/base/error.hpp"
#include "weiss/dmft/segment_stream.hpp"

namespace weiss {

SegmentSnapshot SegmentStream::snapshot() {
  fold_sums();
  SegmentSnapshot s;
  s.integers = {update_,           block_updates_,
                sign_sum_,         green_count_,
                density_count_,    measure_interval_,
                density_interval_, refresh_interval_,
                accurate_ ? 1 : 0, static_cast<std::int64_t>(state_->window),
                state_->sign};
  const auto append = [](auto& to, const auto& from) { to.insert(to.end(), from.begin(), from.end()); };
  for (const auto* sums : {&length_sum_, &overlap_sum_})
    for (const LongSum& sum : *sums) append(s.integers, std::array{sum.high, sum.low});
  for (const auto* sums : {&order_sum_, &histogram_sum_, &correlation_sum_, &proposed_, &accepted_})
    append(s.integers, *sums);
  for (const auto* sums : {&green_sum_, &product_sum_}) append(s.numbers, *sums);
  s.numbers.push_back(drift_);
  for (std::size_t a = 0; a < problem_.flavours(); ++a) {
    const SegmentLine& line = state_->line[a];
    append(s.times, std::array<std::int64_t, 2>{line.order, line.occupied_at_origin});
    append(s.times, std::span(line.start, static_cast<std::size_t>(line.order)));
    append(s.times, std::span(line.end, static_cast<std::size_t>(line.order)));
    for (int j = 0; j < line.order; ++j)
      append(s.inverse, std::span(line.inverse + j * line.capacity, static_cast<std::size_t>(line.order)));
  }
  return s;
}

void SegmentStream::restore(const SegmentSnapshot& s) {
  std::size_t at = 0;
  const auto require = [](bool good) {
    if (!good)
      throw Error(ExitCode::bad_file,
                  "the state of a segment solver's chain has the wrong size: the file "
                  "is damaged, or belongs to another problem");
  };
  const auto integer = [&]() -> std::int64_t {
    require(at < s.integers.size());
    return s.integers[at++];
  };
  for (std::int64_t* value : {&update_, &block_updates_, &sign_sum_, &green_count_, &density_count_,
                              &measure_interval_, &density_interval_, &refresh_interval_})
    *value = integer();
  accurate_ = integer() != 0;
  state_->window = static_cast<std::uint64_t>(integer());
  const auto sign = static_cast<int>(integer());
  require(update_ >= 0 && measure_interval_ > 0 && density_interval_ > 0 && refresh_interval_ > 0 &&
          state_->window >= 2 && state_->window <= 1ULL << 32);
  for (auto* sums : {&length_sum_, &overlap_sum_})
    for (LongSum& sum : *sums) sum = {integer(), integer()};
  for (auto* sums : {&order_sum_, &histogram_sum_, &correlation_sum_, &proposed_, &accepted_})
    for (std::int64_t& sum : *sums) sum = integer();
  require(at == s.integers.size() && s.numbers.size() == green_sum_.size() + product_sum_.size() + 1);
  std::copy_n(s.numbers.begin(), green_sum_.size(), green_sum_.begin());
  std::copy_n(s.numbers.begin() + static_cast<std::ptrdiff_t>(green_sum_.size()), product_sum_.size(),
              product_sum_.begin());
  SegmentConfiguration configuration(problem_.flavours());
  at = 0;
  for (SegmentTimes& line : configuration) {
    require(at + 2 <= s.times.size() && s.times[at] >= 0 &&
            s.times[at] <= static_cast<std::int64_t>(s.times.size()));
    const auto order = static_cast<std::size_t>(s.times[at]);
    line.full = order == 0 && s.times[at + 1] != 0;
    at += 2;
    require(at + 2 * order <= s.times.size());
    for (auto* list : {&line.start, &line.end})
      for (std::size_t i = 0; i < order; ++i) list->push_back(static_cast<std::uint32_t>(s.times[at++]));
  }
  require(at == s.times.size());
  start_from(configuration);
  // The matrices bit for bit as they were, with what had drifted.
  at = 0;
  for (std::size_t a = 0; a < configuration.size(); ++a) {
    SegmentLine& line = state_->line[a];
    require(at + static_cast<std::size_t>(line.order * line.order) <= s.inverse.size());
    for (int j = 0; j < line.order; ++j)
      for (int i = 0; i < line.order; ++i)
        line.inverse[j * line.capacity + i] = line.transpose[i * line.capacity + j] = s.inverse[at++];
  }
  require(at == s.inverse.size());
  state_->sign = sign;
  state_->sums = {};
  drift_ = s.numbers.back();
}

}  // namespace weiss
