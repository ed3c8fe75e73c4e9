// The kernels behind weiss-ising, one struct a representation of the spins. Each offers the moves it can do,
// its sums, and its spins as bits in site order; ising.cpp combines moves into steps.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "weiss/montecarlo/local_update.hpp"
#include "weiss/montecarlo/mean_field.hpp"
#include "weiss/montecarlo/packed_field.hpp"
#include "weiss/montecarlo/packed_heat_bath.hpp"
#include "weiss/montecarlo/row_field.hpp"
#include "weiss/montecarlo/row_swendsen_wang.hpp"
#include "weiss/montecarlo/row_wolff.hpp"
#include "weiss/montecarlo/swendsen_wang.hpp"
#include "weiss/montecarlo/wolff.hpp"
#include "weiss/parallel/local_lattice.hpp"
#include "weiss/simulation/model.hpp"

#include "ising/parameters.hpp"

namespace weiss {

// The random streams of a task.
struct IsingStreams {
  IsingStreams(std::uint64_t seed, std::uint64_t task_key)
      : heat_bath(seed, task_key, StreamId::heat_bath),
        metropolis(seed, task_key, StreamId::metropolis),
        cluster_bond(seed, task_key, StreamId::cluster_bond),
        cluster_flip(seed, task_key, StreamId::cluster_flip),
        wolff(seed, task_key, StreamId::wolff) {}
  Stream heat_bath, metropolis, cluster_bond, cluster_flip, wolff;
};

// Bit-packed heat bath: square and cubic, periodic, one coupling, no field.
class PackedEngine {
 public:
  static bool fits(const Parameters& parameters);
  PackedEngine(const TaskContext& context, const IsingInteractions& interactions);

  void local_sweep(LocalRule, std::int64_t step) { update_.sweep(field_, step); }
  ClusterSums swendsen_wang(std::int64_t) { return {}; }
  std::int64_t wolff(std::int64_t) { return 0; }
  SpinSums local_sums(bool with_slices) const { return field_.local_sums(with_slices); }
  PackedField& field() { return field_; }
  void check() const {}
  std::vector<int> grid() const { return {field_.grid().begin(), field_.grid().end()}; }

 private:
  PackedField field_;
  PackedHeatBath update_;
};

// Cluster updates on rows of bits: square and cubic, periodic, 64 | Lx, one coupling, no field. Ranks cut the
// last direction.
class RowEngine {
 public:
  static bool fits(const Parameters& parameters);
  RowEngine(const TaskContext& context, const IsingInteractions& interactions,
            const IsingAlgorithm& algorithm);

  void local_sweep(LocalRule, std::int64_t) {}
  ClusterSums swendsen_wang(std::int64_t step) { return swendsen_wang_->step(field_, step); }
  std::int64_t wolff(std::int64_t step) { return wolff_->step(field_, step); }
  SpinSums local_sums(bool with_slices) const { return field_.local_sums(with_slices); }
  RowField& field() { return field_; }
  void check() const {}
  std::vector<int> grid() const;

 private:
  RowField field_;
  std::optional<RowSwendsenWang> swendsen_wang_;
  std::optional<RowWolff> wolff_;
};

// Hybrid of the two: the spins change layout between a heat bath and a cluster update.
class PackedRowEngine {
 public:
  static bool fits(const Parameters& parameters);
  PackedRowEngine(const TaskContext& context, const IsingInteractions& interactions,
                  const IsingAlgorithm& algorithm);

  void local_sweep(LocalRule, std::int64_t step);
  ClusterSums swendsen_wang(std::int64_t step);
  std::int64_t wolff(std::int64_t step);
  SpinSums local_sums(bool with_slices) const { return rows_.local_sums(with_slices); }
  RowField& field() { return rows_.field(); }  // the last part of a step is a cluster update
  void check() const {}
  std::vector<int> grid() const { return rows_.grid(); }

 private:
  void spins_to_rows();

  const Communicator* communicator_;
  PackedField packed_;
  PackedHeatBath heat_bath_;
  RowEngine rows_;
  bool in_rows_ = true;
};

// Table-driven moves on any lattice or graph.
class TableEngine {
 public:
  TableEngine(const TaskContext& context, const Lattice& lattice, const IsingInteractions& interactions,
              const IsingAlgorithm& algorithm);
  TableEngine(const TableEngine&) = delete;
  TableEngine& operator=(const TableEngine&) = delete;

  void local_sweep(LocalRule rule, std::int64_t step);
  ClusterSums swendsen_wang(std::int64_t step);
  std::int64_t wolff(std::int64_t step);
  SpinSums local_sums(bool with_slices) const { return field_.local_sums(with_slices); }
  TableField& field() { return field_; }
  void check() const {}
  std::vector<int> grid() const { return partition_.grid(); }

 private:
  IsingStreams streams_;
  Partition partition_;
  Colouring colouring_;
  LocalLattice local_;
  TableField field_;
  std::optional<LocalUpdate> heat_bath_, metropolis_;
  std::optional<SwendsenWang> swendsen_wang_;
  std::optional<Wolff> wolff_;
};

// The complete graph.
class MeanFieldEngine {
 public:
  MeanFieldEngine(const TaskContext& context, const IsingInteractions& interactions,
                  const IsingAlgorithm& algorithm);
  MeanFieldEngine(const MeanFieldEngine&) = delete;
  MeanFieldEngine& operator=(const MeanFieldEngine&) = delete;

  void local_sweep(LocalRule rule, std::int64_t step);
  ClusterSums swendsen_wang(std::int64_t step);
  std::int64_t wolff(std::int64_t step);
  SpinSums local_sums(bool) const { return field_.local_sums(); }
  MeanField& field() { return field_; }
  void check() const;
  std::vector<int> grid() const { return {1}; }

 private:
  IsingStreams streams_;
  MeanField field_;
  MeanFieldUpdate heat_bath_, metropolis_;
  std::optional<MeanFieldSwendsenWang> swendsen_wang_;
  std::optional<Wolff> wolff_;
};

using Engine =
    std::variant<std::unique_ptr<PackedEngine>, std::unique_ptr<RowEngine>, std::unique_ptr<PackedRowEngine>,
                 std::unique_ptr<TableEngine>, std::unique_ptr<MeanFieldEngine>>;

enum class EngineKind { packed, row, packed_row, table, mean_field };
// A function of the deck alone, never of ranks or the machine.
EngineKind engine_kind(const Parameters& parameters);
std::string_view name(EngineKind kind);
// Single clusters, and the complete graph.
bool runs_on_one_rank(const Parameters& parameters);
// run.process_grid, where the kernel restricts it.
void validate_grid(const Parameters& parameters, Problems& problems);
Engine make_engine(const TaskContext& context, const Lattice& lattice, const IsingInteractions& interactions,
                   const IsingAlgorithm& algorithm);

}  // namespace weiss
