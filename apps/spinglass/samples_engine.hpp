// +-J spin glasses on the kernel of 512 realisations a word: a unit is the realisations of one word, those
// whose numbers have the same quotient by 512, at one temperature. All 512 of them are simulated, those of
// the task are measured. Configuration R t + r belongs to temperature t and replica r.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "weiss/lattice/wave_vectors.hpp"
#include "weiss/montecarlo/isoenergetic_cluster.hpp"
#include "weiss/montecarlo/sample_heat_bath.hpp"
#include "weiss/montecarlo/sample_measurement.hpp"
#include "weiss/simulation/model.hpp"
#include "weiss/simulation/unit_bytes.hpp"

#include "spinglass/observables.hpp"
#include "spinglass/units.hpp"

namespace weiss {

std::vector<GlassUnit> sample_units(const Parameters& parameters, const GlassShape& shape);

class SamplesEngine {
 public:
  SamplesEngine(const TaskContext& context, const GlassShape& shape);
  SamplesEngine(const SamplesEngine&) = delete;
  SamplesEngine& operator=(const SamplesEngine&) = delete;

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
  struct Block {
    std::uint64_t number;
    SampleWords couplings;
    SampleHeatBath heat_bath;
    std::vector<SampleConfiguration> configurations;  // of this rank
    std::vector<Stream> cluster_streams;              // a lane each
  };
  struct Own {  // a unit of this rank
    std::size_t unit;
    Block* block;
    std::vector<SampleWords> replicas;
  };

  std::uint64_t block_of(std::size_t unit) const;
  std::unique_ptr<Block> make_block(const TaskContext& context, std::uint64_t number) const;
  // f(sample, lane) for the realisations of a unit.
  template <class F>
  void for_each_sample(std::size_t unit, F&& f) const;
  void start(const Parameters& parameters, std::uint64_t seed);
  std::size_t row(std::size_t sample, std::size_t unit) const {
    return sample * shape_.temperatures + units_[unit].first_temperature;
  }
  void measure_pair(const Own& own, std::size_t a, std::size_t b, std::size_t pair,
                    std::span<double> raw) const;
  void move_pair(Own& own, std::size_t replica, std::int64_t step, std::span<std::int64_t> sizes);
  void swap_with_next(std::size_t unit, std::size_t replica, const SampleWord& mask);

  GlassShape shape_;
  std::int64_t first_realisation_;
  double coupling_;
  Lattice lattice_;
  SampleTopology topology_;
  SampleMeasurement measurement_;
  std::optional<IsoenergeticCluster> clusters_;  // where the deck asks for moves
  GlassUnits units_;
  std::vector<std::unique_ptr<Block>> blocks_;  // that this rank has units of
  std::vector<Own> own_;
  UnitBytes bytes_;
  std::vector<SampleSlices> slices_;  // of the longest periodic directions
  std::vector<PhaseTable> phases_;
};

}  // namespace weiss
