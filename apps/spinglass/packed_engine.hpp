// One large +-J lattice a realisation on the packed kernel, 512 of its sites a word: a unit is one sample at
// one temperature with its replicas. Configuration R t + r belongs to temperature t and replica r.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "weiss/lattice/wave_vectors.hpp"
#include "weiss/montecarlo/isoenergetic_cluster.hpp"
#include "weiss/montecarlo/packed_glass_heat_bath.hpp"
#include "weiss/montecarlo/packed_glass_measurement.hpp"
#include "weiss/simulation/model.hpp"
#include "weiss/simulation/unit_bytes.hpp"

#include "spinglass/observables.hpp"
#include "spinglass/units.hpp"

namespace weiss {

std::vector<GlassUnit> packed_units(const GlassShape& shape);

class PackedGlassEngine {
 public:
  PackedGlassEngine(const TaskContext& context, const GlassShape& shape);
  PackedGlassEngine(const PackedGlassEngine&) = delete;
  PackedGlassEngine& operator=(const PackedGlassEngine&) = delete;

  const GlassUnits& units() const { return units_; }
  std::int64_t sites() const { return topology_.sites(); }
  std::vector<double> interactions() const;
  std::vector<double> field_sums() const { return std::vector<double>(shape_.samples); }
  UnitBytes& spins() { return bytes_; }

  void sweep(std::int64_t step);
  // As LanesEngine.
  void energies(std::span<double> out);
  void measure(std::span<double> raw);
  void exchange(std::span<const std::uint8_t> swaps);
  void move_clusters(std::int64_t step, std::int64_t round, std::size_t temperatures,
                     std::span<std::int64_t> sizes);

 private:
  struct Sample {
    std::uint64_t realisation;
    SampleWords couplings;
    PackedGlassHeatBath heat_bath;
    Stream cluster_stream;
  };
  struct Own {  // a unit of this rank
    std::size_t unit;
    Sample* sample;
    SampleThresholds thresholds;
    std::vector<SampleWords> replicas;
  };

  std::unique_ptr<Sample> make_sample(const TaskContext& context, std::int64_t realisation) const;
  // Of the random numbers of a configuration.
  std::uint64_t first_index(const Own& own, std::size_t replica) const;
  void start(const Parameters& parameters, std::uint64_t seed);
  std::size_t row(const Own& own) const {
    return units_[own.unit].first_sample * shape_.temperatures + units_[own.unit].first_temperature;
  }
  double energy(const Own& own, std::size_t replica) const;
  void measure_pair(const Own& own, std::size_t a, std::size_t b, std::size_t pair, double* values);
  std::int64_t move_pair(Own& own, std::size_t replica, std::int64_t step);
  void swap_with_next(std::size_t unit, std::size_t replica);
  void bind_bytes();

  GlassShape shape_;
  double coupling_;
  PackedGlassTopology topology_;
  PackedGlassMeasurement measurement_;
  GlassUnits units_;
  std::vector<std::unique_ptr<Sample>> samples_;  // that this rank has units of
  std::vector<Own> own_;
  UnitBytes bytes_;
  std::optional<IsoenergeticCluster> clusters_;  // where the deck asks for moves
  std::vector<int> directions_;                  // the longest periodic ones
  std::vector<PhaseTable> phases_;
};

}  // namespace weiss
