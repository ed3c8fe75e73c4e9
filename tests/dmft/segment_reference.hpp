// The slow, obvious twin of the segment kernels: sorted times, every weight from scratch by LU decomposition
// and interval arithmetic, decisions by the definition of Metropolis, Rosenbluth, Teller. It reads the same
// random numbers in the same way, so it must walk through the same configurations.
#pragma once

#include <algorithm>
#include <cmath>

#include "weiss/dmft/segment_configuration.hpp"
#include "weiss/dmft/segment_stream.hpp"
#include "weiss/rng/stream.hpp"

namespace weiss {

class SegmentReference {
 public:
  SegmentReference(SegmentProblem problem, SegmentSettings settings, std::uint64_t seed, std::uint64_t task,
                   std::uint64_t number)
      : problem_(std::move(problem)),
        settings_(settings),
        stream_(seed, task, StreamId::segment_update),
        number_(number),
        configuration_(problem_.flavours()) {
    if (settings_.window == 0) settings_.window = 1ULL << 32;
    for (const auto& table : problem_.hybridization) cubics_.push_back(hybridization_cubics(table));
  }

  const SegmentConfiguration& configuration() const { return configuration_; }
  void start_from(const SegmentConfiguration& configuration) { configuration_ = configuration; }

  // Update t draws block t mod 256 of step t / 256.
  void update(std::uint64_t t) {
    const Block128 bits = stream_.block(t / 256, number_, static_cast<std::uint32_t>(t % 256));
    time_ = static_cast<std::uint32_t>(bits.low >> 32);
    second_ = static_cast<std::uint32_t>(bits.low);
    uniform_ = static_cast<double>(bits.high >> 11) * 0x1p-53;
    flavour_ = (bits.high >> 8 & 7) * problem_.flavours() / 8;
    if (static_cast<int>(bits.high & 127) < settings_.shift_weight)
      shift();
    else if ((bits.high >> 7 & 1) != 0)
      remove();
    else
      insert();
  }

 private:
  static constexpr std::int64_t circle = std::int64_t{1} << 32;
  SegmentTimes& line() { return configuration_[flavour_]; }
  static std::int64_t forward(std::uint32_t from, std::uint32_t to) {
    return from == to ? circle : std::int64_t{to - from};
  }
  // The distance from t to the nearest later time of the list, a whole circle where that is t itself.
  static std::int64_t to_next(const std::vector<std::uint32_t>& times, std::uint32_t t) {
    std::int64_t least = circle;
    for (const std::uint32_t x : times) least = std::min(least, forward(t, x));
    return least;
  }
  static std::int64_t uniform_below(std::uint32_t bits, std::int64_t n) {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(bits) * static_cast<std::uint64_t>(n) >> 32);
  }

  void insert() {
    const std::vector<TimeInterval> intervals = occupied_intervals(line());
    bool occupied = false;
    for (const TimeInterval& i : intervals) occupied = occupied || (i.first <= time_ && time_ < i.last);
    for (const auto* list : {&line().start, &line().end})
      if (std::find(list->begin(), list->end(), time_) != list->end()) return;
    const std::int64_t reach = std::min(to_next(occupied ? line().end : line().start, time_),
                                        static_cast<std::int64_t>(settings_.window));
    if (reach < 2) return;
    const auto other = static_cast<std::uint32_t>(time_ + 1 + uniform_below(second_, reach - 1));
    SegmentTimes changed = line();
    changed.full = false;
    changed.start.push_back(occupied ? other : time_);
    changed.end.push_back(occupied ? time_ : other);
    const double order = static_cast<double>(changed.start.size());
    decide(changed,
           std::log(problem_.beta * problem_.beta * static_cast<double>(reach) / 4294967296.0 / (2 * order)));
  }

  void remove() {
    const auto order = static_cast<std::int64_t>(line().start.size());
    if (order == 0) return;
    const std::int64_t picked = uniform_below(time_, 2 * order);
    const bool hole = picked >= order;
    SegmentTimes changed = line();
    auto& from = hole ? changed.end : changed.start;
    auto& to = hole ? changed.start : changed.end;
    const auto slot = static_cast<std::size_t>(hole ? picked - order : picked);
    const std::int64_t length = to_next(to, from[slot]);
    const std::int64_t reach =
        std::min(to_next(from, from[slot]), static_cast<std::int64_t>(settings_.window));
    if (length >= reach) return;
    const auto partner = static_cast<std::uint32_t>(from[slot] + length);
    const auto position = std::find(to.begin(), to.end(), partner);
    // Slots matter: the last one fills the gap.
    *position = to.back();
    to.pop_back();
    from[slot] = from.back();
    from.pop_back();
    changed.full = hole && changed.start.empty();
    decide(changed, std::log(2 * static_cast<double>(order) * 4294967296.0 /
                             (problem_.beta * problem_.beta * static_cast<double>(reach))));
  }

  void shift() {
    const auto order = static_cast<std::int64_t>(line().start.size());
    if (order == 0) return;
    const std::int64_t picked = uniform_below(time_, 2 * order);
    SegmentTimes changed = line();
    auto& moving = picked >= order ? changed.end : changed.start;
    const auto& fixed = picked >= order ? changed.start : changed.end;
    std::uint32_t& time = moving[static_cast<std::size_t>(picked >= order ? picked - order : picked)];
    std::int64_t back = circle;
    for (const std::uint32_t x : fixed) back = std::min(back, forward(x, time));
    const std::int64_t room = back + to_next(fixed, time);
    const auto moved = static_cast<std::uint32_t>(time - back + 1 + uniform_below(second_, room - 1));
    if (moved == time) return;
    time = moved;
    decide(changed, 0);
  }

  // Accepts with probability min(1, weight' / weight x exp(proposal)).
  void decide(const SegmentTimes& changed, double proposal) {
    SegmentConfiguration next = configuration_;
    next[flavour_] = changed;
    const double logarithm = determinant_weight(cubics_[flavour_], changed).logarithm -
                             determinant_weight(cubics_[flavour_], line()).logarithm +
                             local_exponent(problem_, next) - local_exponent(problem_, configuration_) +
                             proposal;
    if (std::log(uniform_) < logarithm) configuration_ = next;
  }

  SegmentProblem problem_;
  SegmentSettings settings_;
  Stream stream_;
  std::uint64_t number_;
  SegmentConfiguration configuration_;
  std::vector<std::vector<double>> cubics_;
  std::uint32_t time_ = 0, second_ = 0;
  double uniform_ = 0;
  std::size_t flavour_ = 0;
};

}  // namespace weiss
