// Any disordered system on the lane kernel: a unit is one sample at up to eight temperatures, which are the
// lanes of an octet for each replica. Configurations are numbered 8 (R k + r) + lane in block k of
// temperatures.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "weiss/montecarlo/isoenergetic_cluster.hpp"
#include "weiss/montecarlo/lane_field.hpp"
#include "weiss/montecarlo/lane_heat_bath.hpp"
#include "weiss/simulation/model.hpp"
#include "weiss/simulation/unit_bytes.hpp"

#include "spinglass/lane_measurement.hpp"
#include "spinglass/observables.hpp"
#include "spinglass/units.hpp"

namespace weiss {

std::vector<GlassUnit> lane_units(const GlassShape& shape);

class LanesEngine {
 public:
  LanesEngine(const TaskContext& context, const GlassShape& shape);
  LanesEngine(const LanesEngine&) = delete;
  LanesEngine& operator=(const LanesEngine&) = delete;

  const GlassUnits& units() const { return units_; }
  std::int64_t sites() const { return sites_; }
  std::vector<double> interactions() const { return interactions_; }
  std::vector<double> field_sums() const { return field_sums_; }
  UnitBytes& spins() { return bytes_; }

  void sweep(std::int64_t step);
  // Fills (sample, temperature, replica) of this rank's units.
  void energies(std::span<double> out);
  // Fills (sample, temperature) x width of this rank's units.
  void measure(std::span<double> raw);
  // swaps: (sample, pair, replica) as ReplicaExchange::decide gives them; collective.
  void exchange(std::span<const std::uint8_t> swaps);
  // Isoenergetic cluster moves of neighbouring replicas at the first `temperatures` temperatures: 0 with 1, 2
  // with 3,
  // ... in even rounds, 1 with 2, ... in odd ones. Adds the sizes of clusters to those of their (sample,
  // temperature).
  void move_clusters(std::int64_t step, std::int64_t round, std::size_t temperatures,
                     std::span<std::int64_t> sizes);

 private:
  struct Sample {
    InteractionGraph graph;
    LaneHeatBath heat_bath;
    Stream cluster_stream;
    std::optional<IsoenergeticCluster> clusters;  // made when first asked for
  };
  struct Own {  // a unit of this rank
    std::size_t unit;
    Sample* sample;
    LaneField field;            // an octet a replica
    std::vector<double> betas;  // a lane each
  };

  void start(const Parameters& parameters, std::uint64_t seed);
  std::span<std::uint8_t> octet(Own& own, std::size_t replica) {
    return own.field.octet(static_cast<std::int64_t>(replica));
  }
  void move_pair(Own& own, std::size_t replica, std::int64_t step, std::size_t temperatures,
                 std::span<std::int64_t> sizes);
  void swap_inside(Own& own, std::size_t replica, std::span<const std::uint8_t> swaps);
  void swap_across(std::size_t unit, std::size_t replica);
  bool swaps_across(std::size_t unit, std::size_t replica, std::span<const std::uint8_t> swaps) const;
  void measure_unit(Own& own, std::span<double> raw) const;
  void measure_pair(const Own& own, const LanePlanes& planes, std::size_t a, std::size_t b, std::size_t pair,
                    std::span<double> raw) const;

  GlassShape shape_;
  std::int64_t sites_ = 0;
  LaneMeasurement measurement_;
  GlassUnits units_;
  std::vector<double> interactions_, field_sums_;  // a sample each
  std::vector<std::unique_ptr<Sample>> samples_;
  std::vector<Own> own_;
  UnitBytes bytes_;
};

}  // namespace weiss
