#include "weiss/dmft/segment_solver.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>

#include "weiss/base/error.hpp"

namespace weiss {

namespace {

// Every array of a block that all ranks need, with its length.
auto arrays(auto& block, std::size_t flavours) {
  const std::size_t pairs = flavours * flavours;
  return std::array{std::pair(&block.sign, std::size_t{1}),
                    std::pair(&block.density, flavours),
                    std::pair(&block.overlap, pairs),
                    std::pair(&block.order, flavours),
                    std::pair(&block.histogram, flavours * segment_histogram),
                    std::pair(&block.density_correlation, pairs * (density_points / 2 + 1)),
                    std::pair(&block.density_product, pairs * density_frequencies),
                    std::pair(&block.proposed, std::size_t{segment_moves}),
                    std::pair(&block.accepted, std::size_t{segment_moves})};
}

std::vector<double> pack(const SegmentBlock& block) {
  std::vector<double> row{static_cast<double>(block.updates)};
  for (const auto& [array, length] : arrays(block, block.density.size()))
    row.insert(row.end(), array->begin(), array->end());
  return row;
}

SegmentBlock unpack_block(std::span<const double> row, std::size_t flavours) {
  SegmentBlock block;
  block.updates = static_cast<std::int64_t>(row[0]);
  auto at = row.begin() + 1;
  for (const auto& [array, length] : arrays(block, flavours)) {
    array->assign(at, at + static_cast<std::ptrdiff_t>(length));
    at += static_cast<std::ptrdiff_t>(length);
  }
  return block;
}

}  // namespace

namespace {

// From where chains start that have no other place: the states without hops of the lowest energy, in turn.
SegmentConfiguration ground_configuration(const SegmentProblem& problem, std::uint64_t number) {
  const std::size_t flavours = problem.flavours();
  double lowest = 0;
  std::vector<SegmentConfiguration> ground;
  for (std::size_t state = 0; state < std::size_t{1} << flavours; ++state) {
    const auto filled = [state](std::size_t a) { return (state >> a & 1) != 0; };
    double energy = 0;
    SegmentConfiguration lines(flavours);
    for (std::size_t a = 0; a < flavours; ++a) {
      lines[a].full = filled(a);
      if (!filled(a)) continue;
      energy -= problem.level[a] + problem.screening_slope;
      for (std::size_t b = 0; b < a; ++b)
        if (filled(b)) energy += problem.interaction[a * flavours + b] - 2 * problem.screening_slope;
    }
    const double margin = 1e-9 * std::abs(lowest);
    if (ground.empty() || energy < lowest - margin) {
      ground.clear();
      lowest = energy;
    }
    if (energy <= lowest + margin) ground.push_back(std::move(lines));
  }
  return ground[number % ground.size()];
}

// Measured again where the inverse matrices have lost their accuracy, as it happens on the way from a
// configuration that is far from typical; they are then computed afresh more often.
SegmentBlock measured_block(SegmentStream& stream, std::int64_t updates) {
  constexpr int attempts = 8;
  for (int i = 0; i < attempts; ++i) {
    stream.run(updates);
    stream.refresh();
    if (stream.accurate()) return stream.take_block();
    stream.discard_block();
  }
  throw Error(
      ExitCode::bad_deck,
      "segment solver: the inverse hybridisation matrices lose their accuracy again and again: Delta(tau) "
      "is too small on most of [0, beta]. Raise the temperature, or take another solver");
}

}  // namespace

std::vector<std::int64_t> pack(std::span<const SegmentConfiguration> configurations) {
  std::vector<std::int64_t> row;
  for (const SegmentConfiguration& configuration : configurations)
    for (const SegmentTimes& line : configuration) {
      row.push_back(line.full ? -1 : static_cast<std::int64_t>(line.start.size()));
      row.insert(row.end(), line.start.begin(), line.start.end());
      row.insert(row.end(), line.end.begin(), line.end.end());
    }
  return row;
}

std::vector<SegmentConfiguration> unpack_configurations(std::span<const std::int64_t> row,
                                                        std::size_t flavours) {
  std::vector<SegmentConfiguration> configurations;
  std::size_t at = 0;
  while (at < row.size()) {
    SegmentConfiguration configuration(flavours);
    for (SegmentTimes& line : configuration) {
      const std::int64_t count = at < row.size() ? row[at++] : -2;
      line.full = count == -1;
      const std::size_t order = count > 0 ? static_cast<std::size_t>(count) : 0;
      if (count < -1 || order > row.size() || at + 2 * order > row.size())
        throw Error(ExitCode::bad_file,
                    "configurations of a segment solver have the wrong size: the file is "
                    "damaged, or belongs to another problem");
      for (auto* list : {&line.start, &line.end})
        for (std::size_t i = 0; i < order; ++i) list->push_back(static_cast<std::uint32_t>(row[at++]));
    }
    check(configuration);
    configurations.push_back(std::move(configuration));
  }
  return configurations;
}

SegmentResults run_streams(const SegmentProblem& problem, const SegmentSettings& settings,
                           const SegmentPlan& plan, const Communicator& communicator,
                           std::vector<SegmentConfiguration>& configurations) {
  if (plan.streams == 0 || plan.blocks < 1 || plan.updates < 1 || plan.updates % plan.blocks != 0)
    throw Error(ExitCode::bad_deck,
                "segment solver: streams, blocks and updates must be positive, and blocks divide updates");
  if (!configurations.empty() && configurations.size() != plan.streams)
    throw Error(ExitCode::bad_deck,
                "segment solver: as many configurations as streams to start from, or none");
  const auto ranks = static_cast<std::uint64_t>(communicator.size());
  const auto rank = static_cast<std::uint64_t>(communicator.rank());
  // Neighbouring chains to a rank, so that ranks in order are chains in order.
  const std::uint64_t first = plan.streams * rank / ranks, last = plan.streams * (rank + 1) / ranks;
  std::vector<double> rows;
  std::vector<std::vector<double>> moments;  // of this rank's blocks, which others do not need
  std::vector<SegmentConfiguration> ends;
  for (std::uint64_t number = first; number < last; ++number) {
    SegmentStream stream(problem, settings, plan.seed, plan.task_key,
                         std::uint64_t{plan.iteration} << 32 | number);
    stream.start_from(configurations.empty() ? ground_configuration(problem, number)
                                             : configurations[number]);
    stream.warm_up_to_equilibrium(plan.most_warm_up);
    if (plan.updates / plan.blocks < stream.density_interval())
      throw Error(ExitCode::bad_deck, "segment solver: " + std::to_string(plan.updates / plan.blocks) +
                                          " updates a block, but " +
                                          std::to_string(stream.density_interval()) +
                                          " between measurements of densities: raise the updates, or take "
                                          "fewer blocks");
    for (std::int64_t b = 0; b < plan.blocks; ++b) {
      SegmentBlock block = measured_block(stream, plan.updates / plan.blocks);
      const std::vector<double> row = pack(block);
      rows.insert(rows.end(), row.begin(), row.end());
      moments.push_back(std::move(block.green));
    }
    ends.push_back(stream.configuration());
  }
  const std::vector<double> all_rows = communicator.all_gather_varying<double>(rows);
  const std::vector<std::int64_t> all_ends = communicator.all_gather_varying<std::int64_t>(pack(ends));
  configurations = unpack_configurations(all_ends, problem.flavours());
  std::vector<SegmentBlock> blocks;
  const std::size_t length = all_rows.size() / (plan.streams * static_cast<std::size_t>(plan.blocks));
  for (std::size_t at = 0; at < all_rows.size(); at += length)
    blocks.push_back(unpack_block(std::span(all_rows).subspan(at, length), problem.flavours()));
  for (std::size_t own = 0; own < moments.size(); ++own)
    blocks[first * static_cast<std::size_t>(plan.blocks) + own].green = std::move(moments[own]);
  return {problem, std::move(blocks), static_cast<std::size_t>(plan.blocks), &communicator};
}

}  // namespace weiss
