// Ensembles of Ising models on sparse random graphs by the cavity method,
//   H = -sum_(ij) J_ij s_i s_j - h sum_i s_i, s = +-1, k_B = 1:
// replica symmetric by population dynamics (weiss/cavity/field_population.hpp), at T = 0 also by exact
// integers and with one step of replica symmetry breaking in factorised form (integer_fields.hpp), and XORSAT
// (xorsat.hpp).
//
// A unit is one population; a step is one generation of all of them; averages: unit_averages.hpp.
//
// algorithm.find moves the temperature of each population by T <- T exp(g lambda) a generation, lambda the
// logarithm of the growth of a perturbation: the mean of T in time is the root of <lambda> (H. Robbins,
// S. Monro, Ann. Math. Stat. 22, 400 (1951), with a constant gain g and averages); or likewise the part
// 1 - p of antiferromagnetic bonds. Without magnetisation the plain perturbation of +-J grows by 2p - 1 times
// what it does at p = 1, and the fraction where it begins to magnetise is (1 + exp(-lambda(1)))/2.
//
// algorithm.population_study: units are trios of N, 2N and 4N members. Quantities are fitted with a + b/N by
// least squares whose weights are the noise's, proportional to N: a linear estimate, made sample by sample.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "weiss/simulation/model.hpp"
#include "weiss/simulation/unit_bytes.hpp"

#include "cavity/ensemble_parameters.hpp"
#include "cavity/unit_averages.hpp"

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
    for (std::size_t size = 0; size < sizes_; ++size)
      v.bits("populations" + (size == 0 ? std::string() : "_" + std::to_string(1 << size)),
             population_bytes_[size]);
    v.bits("ledgers", ledger_bytes_);
    averages_->visit_state(v);
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
    growth,  // of squared perturbations
    plain_growth,
    temperature,
    fraction,
    histogram,
    local_fields = histogram + distribution_parts,
    row_width = local_fields + local_field_parts
  };
  // Blocks of rows: a population of each size; of a study also the limit of infinite ones and the difference.
  enum Block : std::size_t { own_size, infinite = 3, bias };

  struct Unit {
    std::unique_ptr<FieldPopulation> population;  // or
    std::unique_ptr<SurveyPopulation> surveys;
    // Temperature and fraction where it is, sums of growth logarithms and their number.
    std::vector<double> ledger;
  };

  Unit make_unit(std::size_t number, std::size_t size, const TaskContext& context) const;
  static std::span<std::uint8_t> bytes_of(Unit& unit);
  double beta_of(const Unit& unit) const;
  void move(Unit& unit, const PerturbationGrowth& growth) const;
  bool moves_fraction() const {
    return variable_ == FindVariable::ferromagnetic_fraction && line_ == FindLine::spin_glass;
  }
  bool measures_at_root() const;
  std::vector<double> row_of(const Unit& unit) const;
  std::vector<double> with_limits(const std::vector<double>& rows) const;
  void set_unit_bytes();
  // Of ensemble_results.cpp.
  Result summary(const std::string& name, const ObservableInfo& info, std::size_t row, std::size_t block,
                 std::size_t entries = 1) const;
  double largest_part(std::size_t row, const std::vector<double>& mean) const;
  void add_distributions(std::vector<Result>& all) const;
  Result paramagnetic_fraction(std::size_t block) const;
  std::vector<Result> results_of(std::size_t block) const;
  std::vector<Result> thermal_results(std::size_t block) const;
  std::vector<Result> line_results(std::size_t block) const;
  std::vector<Result> closed_lines() const;
  std::vector<Result> survey_results(std::size_t block) const;
  void add_study(std::vector<Result>& all) const;

  const Communicator* communicator_;
  Parameters parameters_;
  EnsembleMethod method_;
  FindLine line_;
  FindVariable variable_;
  bool cold_, perturbed_;
  int ranks_;
  std::int64_t thermalization_;
  std::string kernel_;
  double updates_per_step_;
  std::int64_t solved_ = 0, generation_ = 0;
  std::size_t units_total_ = 0, first_unit_ = 0;
  std::size_t sizes_;        // of populations
  std::vector<Unit> units_;  // of this rank, all sizes of one number after another
  std::optional<UnitAverages> averages_;
  std::array<UnitBytes, 3> population_bytes_;
  UnitBytes ledger_bytes_;
};

}  // namespace weiss
