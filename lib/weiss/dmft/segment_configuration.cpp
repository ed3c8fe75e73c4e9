#include "weiss/dmft/segment_configuration.hpp"

#include <algorithm>
#include <cmath>

#include <Eigen/LU>

#include "weiss/base/error.hpp"
#include "weiss/dmft/segment_kernel.hpp"

namespace weiss {

namespace {

constexpr std::int64_t circle = std::int64_t{1} << 32;

std::vector<std::uint32_t> sorted(std::vector<std::uint32_t> times) {
  std::sort(times.begin(), times.end());
  return times;
}

}  // namespace

bool occupied_before_origin(const SegmentTimes& line) {
  if (line.start.empty()) return line.full;
  // The last operator before time 0 is a start.
  return *std::max_element(line.start.begin(), line.start.end()) >
         *std::max_element(line.end.begin(), line.end.end());
}

void check(const SegmentConfiguration& configuration) {
  for (const SegmentTimes& line : configuration) {
    const std::vector<std::uint32_t> start = sorted(line.start), end = sorted(line.end);
    bool good = start.size() == end.size() && (start.empty() || !line.full);
    const std::size_t turn = good && occupied_before_origin(line) && !start.empty() ? 1 : 0;
    for (std::size_t i = 0; good && i < start.size(); ++i) {
      // Before the origin occupied: end 0 < start 0 < end 1 ...; else start 0 < end 0 < start 1 ...
      good = turn == 1 ? end[i] < start[i] && (i == 0 || start[i - 1] < end[i])
                       : start[i] < end[i] && (i == 0 || end[i - 1] < start[i]);
    }
    if (!good)
      throw Error(ExitCode::bad_file,
                  "a configuration of segments whose starts and ends do not alternate: the file is damaged, "
                  "or belongs to another program");
  }
}

std::vector<TimeInterval> occupied_intervals(const SegmentTimes& line) {
  if (line.start.empty())
    return line.full ? std::vector<TimeInterval>{{0, circle}} : std::vector<TimeInterval>{};
  const std::vector<std::uint32_t> start = sorted(line.start), end = sorted(line.end);
  std::vector<TimeInterval> intervals;
  std::size_t next_end = 0;
  if (occupied_before_origin(line)) intervals.push_back({0, end[next_end++]});
  for (const std::uint32_t s : start)
    intervals.push_back({s, next_end < end.size() ? std::int64_t{end[next_end++]} : circle});
  return intervals;
}

std::int64_t occupied_time(const SegmentTimes& line) {
  std::int64_t sum = 0;
  for (const TimeInterval& i : occupied_intervals(line)) sum += i.last - i.first;
  return sum;
}

std::int64_t overlap(const SegmentTimes& a, const SegmentTimes& b) {
  std::int64_t sum = 0;
  const std::vector<TimeInterval> others = occupied_intervals(b);
  for (const TimeInterval& i : occupied_intervals(a))
    for (const TimeInterval& j : others)
      sum += std::max<std::int64_t>(0, std::min(i.last, j.last) - std::max(i.first, j.first));
  return sum;
}

double hybridization_at(std::span<const double> cubics, std::uint32_t end, std::uint32_t start) {
  const double position = static_cast<double>(end - start) * (hybridization_intervals / 4294967296.0);
  const auto interval = static_cast<std::size_t>(position);
  const double x = position - static_cast<double>(interval);
  const double* c = &cubics[4 * interval];
  const double value = c[0] + x * (c[1] + x * (c[2] + x * c[3]));
  return end < start ? -value : value;
}

SegmentWeight determinant_weight(std::span<const double> cubics, const SegmentTimes& line) {
  const auto order = static_cast<Eigen::Index>(line.start.size());
  if (order == 0) return {0, 1};
  const std::vector<std::uint32_t> start = sorted(line.start), end = sorted(line.end);
  Eigen::MatrixXd delta(order, order);
  for (Eigen::Index i = 0; i < order; ++i)
    for (Eigen::Index j = 0; j < order; ++j)
      delta(i, j) =
          hybridization_at(cubics, end[static_cast<std::size_t>(i)], start[static_cast<std::size_t>(j)]);
  const Eigen::PartialPivLU<Eigen::MatrixXd> lu(delta);
  SegmentWeight weight{0, lu.permutationP().determinant() < 0 ? -1 : 1};
  for (Eigen::Index i = 0; i < order; ++i) {
    const double pivot = lu.matrixLU()(i, i);
    weight.logarithm += std::log(std::abs(pivot));
    if (pivot < 0) weight.sign = -weight.sign;
  }
  // The segment across the origin carries the sign of antiperiodicity, and its end, the first in time,
  // belongs to the last start.
  if (occupied_before_origin(line) && order % 2 == 1) weight.sign = -weight.sign;
  return weight;
}

namespace {

// 1/2 sum_ij s_i s_j K(t_i - t_j).
double retarded_exponent(std::span<const double> cubics, const SegmentConfiguration& configuration) {
  std::vector<std::pair<std::uint32_t, int>> charges;
  for (const SegmentTimes& line : configuration) {
    for (const std::uint32_t t : line.start) charges.emplace_back(t, 1);
    for (const std::uint32_t t : line.end) charges.emplace_back(t, -1);
  }
  double sum = 0;
  for (const auto& [t, s] : charges)
    for (const auto& [u, r] : charges) {
      const double position = static_cast<double>(t - u) * (hybridization_intervals / 4294967296.0);
      const double x = position - std::floor(position);
      const double* c = &cubics[4 * static_cast<std::size_t>(position)];
      sum += s * r * (c[0] + x * (c[1] + x * (c[2] + x * c[3])));
    }
  return sum / 2;
}

}  // namespace

double local_exponent(const SegmentProblem& problem, const SegmentConfiguration& configuration) {
  const bool retarded = !problem.screening.empty();
  const double slope = problem.screening_slope;
  double sum = 0;
  for (std::size_t a = 0; a < configuration.size(); ++a) {
    sum += (problem.level[a] + slope) * static_cast<double>(occupied_time(configuration[a]));
    for (std::size_t b = 0; b < a; ++b)
      sum -= (problem.interaction[a * configuration.size() + b] - 2 * slope) *
             static_cast<double>(overlap(configuration[a], configuration[b]));
  }
  return sum * problem.beta / 4294967296.0 +
         (retarded ? retarded_exponent(screening_cubics(problem.screening), configuration) : 0);
}

}  // namespace weiss
