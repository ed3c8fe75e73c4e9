// Annealing from infinite temperature: population annealing, or, without resampling, simulated annealing (S.
// Kirkpatrick, C. D. Gelatt, M. P. Vecchi, Science 220, 671 (1983)) of many configurations at once. A unit is
// one population of one realisation on one rank; its configurations are the lanes of the lane kernel.
//
// Population annealing stops at every temperature of the deck, and wherever between them its adaptive steps
// need; simulated annealing visits the temperatures of the deck. Observables are measured at those, over
// pairs of configurations of different families. In the end sweeps at temperature zero look for the lowest
// energy.
//
// Means: of one realisation over its populations with weights Z (J. Machta, Phys. Rev. E 82, 026704 (2010)),
// then over realisations, whose spread gives errors. Of a single realisation errors come from the jackknife
// over populations.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "weiss/montecarlo/lane_field.hpp"
#include "weiss/montecarlo/lane_heat_bath.hpp"
#include "weiss/simulation/model.hpp"
#include "weiss/simulation/unit_bytes.hpp"

#include "spinglass/lane_measurement.hpp"
#include "spinglass/observables.hpp"
#include "spinglass/parameters.hpp"

namespace weiss {

class AnnealedGlass {
 public:
  static int usable_ranks(const Parameters& parameters, int ranks);
  static TaskPlan plan(const Parameters& parameters);

  explicit AnnealedGlass(const TaskContext& context);
  AnnealedGlass(const AnnealedGlass&) = delete;
  AnnealedGlass& operator=(const AnnealedGlass&) = delete;

  void declare_observables(Measurements& measurements);
  void step(std::int64_t t);
  void measure(Measurements& measurements);
  template <class Visitor>
  void visit_state(Visitor& v) {
    v.scalar("finished", finished_);
    v.bits("spins", spin_bytes_);
    v.bits("families", family_bytes_);
    v.bits("ledgers", ledger_bytes_);
    v.bits("lowest", lowest_bytes_);
  }
  bool finished() const { return finished_ != 0; }
  double updates_per_step() const;
  std::vector<Result> own_results() const;

 private:
  // What a unit knows beside its spins, as doubles so that a checkpoint can hold it with its rank's share:
  // these, then (temperature) x width() averages.
  enum Ledger : std::size_t {
    stage,          // how many temperatures are behind it; the last one is zero
    beta,           // the present one
    sweeps,         // done at it
    log_partition,  // ln Z
    lowest_energy,
    lowest_count,  // configurations that end there
    averages
  };
  // Own averages, after those of the observables.
  enum Own : std::size_t { free_energy, family_entropy, family_size, families_left, own_averages };

  struct Unit {
    std::size_t realisation, population;
    const InteractionGraph* graph;
    std::unique_ptr<LaneHeatBath> heat_bath;
    LaneField field;
    std::vector<std::int32_t> families;
    std::vector<double> ledger;
    std::vector<std::uint8_t> lowest;  // spins of the lowest energy, a byte each
    std::vector<double> energies;      // of the configurations as they are; empty: to be computed
    Stream resampling;
  };

  std::size_t width() const { return observables_->values() + own_averages; }
  std::size_t ledger_length() const { return averages + temperatures() * width(); }
  std::size_t temperatures() const { return algorithm_.temperatures.size(); }
  // The temperature that a stage leads to; stages run from the highest.
  std::size_t temperature_of(double stage) const {
    return temperatures() - 1 - static_cast<std::size_t>(stage);
  }
  bool quenches(const Unit& unit) const { return unit.ledger[stage] == static_cast<double>(temperatures()); }
  bool done(const Unit& unit) const { return unit.ledger[stage] > static_cast<double>(temperatures()); }
  std::vector<double> of_samples(double (*f)(const InteractionGraph&)) const;
  const std::vector<double>& energies(Unit& unit);
  void start(Unit& unit, const Stream& stream);
  void advance(Unit& unit, std::int64_t t);
  void change_temperature(Unit& unit, std::int64_t t);
  void note_lowest(Unit& unit);
  void measure_unit(Unit& unit);
  void measure_pairs(Unit& unit, std::span<double> averages);
  // (sample, temperature) x width(), a sample being a realisation or, of a single one, a population.
  std::vector<double> combined(std::span<const double> ledgers) const;
  std::vector<double> combined_column(std::span<const double> ledgers, std::size_t realisation,
                                      std::size_t temperature, std::size_t column) const;
  std::vector<double> all_ledgers() const;  // of every rank, unit by unit; collective
  void free_energy_results(std::span<const double> ledgers, std::vector<Result>& all) const;
  void lowest_energy_results(std::span<const double> ledgers, std::span<const std::uint8_t> unit_spins,
                             std::vector<Result>& all) const;

  const Communicator* communicator_;
  AnnealingAlgorithm algorithm_;
  std::size_t realisations_, samples_;
  GlassShape shape_;  // of a pair of configurations
  std::vector<std::unique_ptr<InteractionGraph>> graphs_;
  double sites_;
  bool keep_spins_;
  LaneMeasurement measurement_;
  std::vector<Unit> units_;  // of this rank
  std::size_t first_unit_ = 0;
  std::optional<GlassObservables> observables_;
  std::vector<Measurements::Handle> own_handles_;
  UnitBytes spin_bytes_, family_bytes_, ledger_bytes_, lowest_bytes_;
  std::int64_t finished_ = 0;
};

}  // namespace weiss
