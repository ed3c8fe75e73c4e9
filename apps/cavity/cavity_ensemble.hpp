// Ensembles of Ising models on sparse random graphs by the cavity method,
//   H = -sum_(ij) J_ij s_i s_j - h sum_i s_i, s = +-1, k_B = 1:
// replica symmetric by population dynamics (weiss/cavity/field_population.hpp), at T = 0 also by exact
// integers and with one step of replica symmetry breaking in factorised form (integer_fields.hpp), and XORSAT
// (xorsat.hpp).
//
// A unit is one population; a step is one generation of all of them. Means are over populations and time;
// errors are the larger of that of the series in time and that from the spread of populations, but not
// below 2^-22 of the value, for members are single precision. bins are the means of the populations.
//
// algorithm.find moves the temperature of each population by T <- T exp(g lambda) a generation, lambda the
// logarithm of the growth of a perturbation: the mean of T in time is the root of <lambda> (H. Robbins,
// S. Monro, Ann. Math. Stat. 22, 400 (1951), with a constant gain g and averages).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "weiss/simulation/model.hpp"
#include "weiss/simulation/unit_bytes.hpp"
#include "weiss/statistics/accumulator.hpp"

#include "cavity/ensemble_parameters.hpp"

namespace weiss {

class CavityEnsemble {
 public:
  static constexpr std::string_view program = "weiss-cavity";
  static constexpr std::string_view description = "Cavity method for ensembles of sparse random graphs";
  static void declare(Schema& schema) { declare_ensemble_keys(schema); }
  static void validate(const Parameters& parameters, Problems& problems) {
    validate_ensemble(parameters, problems);
  }
  static bool thermalizes(const Parameters& parameters) {
    return has_populations(ensemble_method_of(parameters));
  }
  static int usable_ranks(const Parameters& parameters, int ranks);
  static TaskPlan plan(const Parameters& parameters, int ranks);

  explicit CavityEnsemble(const TaskContext& context);
  CavityEnsemble(const CavityEnsemble&) = delete;
  CavityEnsemble& operator=(const CavityEnsemble&) = delete;

  void declare_observables(Measurements&) {}
  void step(std::int64_t t);
  void measure(Measurements&);
  template <class Visitor>
  void visit_state(Visitor& v) {
    v.scalar("solved", solved_);
    v.scalar("generation", generation_);
    if (units_total_ == 0) return;
    set_unit_bytes();
    v.bits("populations", population_bytes_);
    v.bits("ledgers", ledger_bytes_);
    v.group("series", *series_);
    v.vector("sums", sums_);
  }
  // The next temperature of a chain begins with the populations of the last one.
  void start_from(CavityEnsemble& previous);
  void check() {}
  bool finished() const { return solved_ != 0; }
  std::string kernel() const { return kernel_; }
  std::vector<int> grid() const { return {ranks_}; }
  double updates_per_step() const { return updates_per_step_; }
  std::vector<Result> own_results() const;

 private:
  // What a population's row of averages holds; the parts of the histograms of messages and of local fields
  // follow. Of surveys: complexity in
  // place of the entropy, probability of no sign and polarisation in place of magnetisation and overlap.
  // Odd: 0 is the middle of one.
  static constexpr std::size_t distribution_parts = 65, local_field_parts = 129;
  enum Row : std::size_t {
    free_energy,
    energy,
    entropy,
    magnetisation,
    overlap,
    growth,
    temperature,
    histogram,
    local_fields = histogram + distribution_parts,
    row_length = local_fields + local_field_parts
  };

  struct Unit {
    std::unique_ptr<FieldPopulation> population;  // or
    std::unique_ptr<SurveyPopulation> surveys;
    std::vector<double> ledger;  // temperature, sum of growth logarithms and their number
  };

  Unit make_unit(std::size_t number, const TaskContext& context) const;
  static std::span<std::uint8_t> bytes_of(Unit& unit);
  double beta_of(const Unit& unit) const;
  std::vector<double> row_of(const Unit& unit) const;
  void set_unit_bytes();
  Result summary(const std::string& name, const ObservableInfo& info, std::size_t row,
                 std::size_t entries = 1) const;
  double largest_part(std::size_t row, const std::vector<double>& mean) const;
  void add_distributions(std::vector<Result>& all) const;
  std::vector<Result> thermal_results() const;
  std::vector<Result> line_results() const;
  std::vector<Result> survey_results() const;

  const Communicator* communicator_;
  Parameters parameters_;
  EnsembleMethod method_;
  FindLine line_;
  bool cold_, perturbed_;
  int ranks_;
  std::int64_t thermalization_;
  std::string kernel_;
  double updates_per_step_;
  std::int64_t solved_ = 0, generation_ = 0;
  std::size_t units_total_ = 0, first_unit_ = 0;
  std::vector<Unit> units_;  // of this rank
  std::optional<Accumulator> series_;
  std::vector<double> sums_;  // populations x width, over measurements
  UnitBytes population_bytes_, ledger_bytes_;
};

}  // namespace weiss
