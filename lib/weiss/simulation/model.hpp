// What the driver asks of a model, and how a model answers: a value type with these members, no base class.
//
// clang-format off
//   static constexpr std::string_view program;           "weiss-ising"
//   static constexpr std::string_view description;       one line for --help
//   static void declare(Schema&);                        every parameter once
//   static void validate(const Parameters&, Problems&);  what the schema alone cannot say
//   static int usable_ranks(const Parameters&, int ranks);
//   static TaskPlan plan(const Parameters&, int ranks);  kernel, memory and cost, without building anything
//   static bool thermalizes(const Parameters&);          optional: false where run.thermalization means nothing
//   explicit Model(const TaskContext&);
//   void declare_observables(Measurements&);
//   void step(std::int64_t t);                           a pure function of (state, parameters, seed, t)
//   void measure(Measurements&);                         every run.measure_every steps, and when finished
//   template <class V> void visit_state(V&);             each field once
//   void start_from(Model& previous);                    a chain's next task takes over the configuration
//   void check();                                        recomputes what is kept incrementally, throws on drift
//   bool finished() const;                               true stops the task early
//   std::string kernel() const;
//   std::vector<int> grid() const;
//   double updates_per_step() const;
//   std::vector<Result> own_results() const;             optional, collective: what is no mean of samples
//   std::vector<GreenFunction> green_functions() const;  optional, collective: stored in the layout of TRIQS
// clang-format on
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "weiss/deck/deck.hpp"
#include "weiss/parallel/communicator.hpp"
#include "weiss/simulation/measurements.hpp"
#include "weiss/simulation/state.hpp"
#include "weiss/storage/green_function.hpp"

namespace weiss {

struct TaskContext {
  const Parameters& parameters;
  const Communicator& communicator;  // the ranks that work on this task
  std::uint64_t seed;
  std::uint64_t task_key;  // 64-bit hash of the task's id
};

struct TaskPlan {
  std::string kernel;
  double bytes = 0;              // of state, on all ranks together
  double updates_per_step = 1;   // elementary updates
  double updates_per_ns = 0.05;  // rough rate of one core, for the estimate of --plan and the order of tasks
  std::int64_t expected_steps = 0;  // after about which a task ends by itself; 0: it takes all of run.sweeps

  // Of so many of the task's steps: rough, on one core.
  double seconds(std::int64_t steps) const {
    if (expected_steps > 0) steps = std::min(steps, expected_steps);
    return static_cast<double>(steps) * updates_per_step / (updates_per_ns * 1e9);
  }
};

struct TaskFacts {
  std::string kernel;
  std::vector<int> grid;
  double updates_per_step = 1;
};

// The driver's view of a model of any type.
class AnyModel {
 public:
  virtual ~AnyModel() = default;
  virtual void declare_observables(Measurements&) = 0;
  virtual void step(std::int64_t t) = 0;
  virtual void measure(Measurements&) = 0;
  virtual void visit(SaveVisitor&) = 0;
  virtual void visit(LoadVisitor&) = 0;
  virtual void visit(HashVisitor&) = 0;
  virtual void start_from(AnyModel& previous) = 0;
  virtual void check() = 0;
  virtual bool finished() const = 0;
  virtual TaskFacts facts() const = 0;
  virtual std::vector<Result> own_results() const = 0;
  virtual std::vector<GreenFunction> green_functions() const = 0;
};

template <class Model>
class WrappedModel final : public AnyModel {
 public:
  explicit WrappedModel(const TaskContext& context) : model_(context) {}
  void declare_observables(Measurements& m) override { model_.declare_observables(m); }
  void step(std::int64_t t) override { model_.step(t); }
  void measure(Measurements& m) override { model_.measure(m); }
  void visit(SaveVisitor& v) override { model_.visit_state(v); }
  void visit(LoadVisitor& v) override { model_.visit_state(v); }
  void visit(HashVisitor& v) override { model_.visit_state(v); }
  void start_from(AnyModel& previous) override {
    model_.start_from(dynamic_cast<WrappedModel&>(previous).model_);
  }
  void check() override { model_.check(); }
  bool finished() const override { return model_.finished(); }
  TaskFacts facts() const override { return {model_.kernel(), model_.grid(), model_.updates_per_step()}; }
  std::vector<Result> own_results() const override {
    if constexpr (requires(const Model& model) { model.own_results(); })
      return model_.own_results();
    else
      return {};
  }
  std::vector<GreenFunction> green_functions() const override {
    if constexpr (requires(const Model& model) { model.green_functions(); })
      return model_.green_functions();
    else
      return {};
  }

 private:
  Model model_;
};

struct ModelType {
  std::string program;
  std::string description;
  void (*declare)(Schema&);
  void (*validate)(const Parameters&, Problems&);
  int (*usable_ranks)(const Parameters&, int ranks);
  TaskPlan (*plan)(const Parameters&, int ranks);
  bool (*thermalizes)(const Parameters&);
  std::unique_ptr<AnyModel> (*make)(const TaskContext&);
};

template <class Model>
ModelType model_type() {
  return {std::string(Model::program),
          std::string(Model::description),
          &Model::declare,
          &Model::validate,
          &Model::usable_ranks,
          &Model::plan,
          [](const Parameters& parameters) {
            if constexpr (requires { Model::thermalizes(parameters); })
              return Model::thermalizes(parameters);
            else
              return true;
          },
          [](const TaskContext& context) -> std::unique_ptr<AnyModel> {
            return std::make_unique<WrappedModel<Model>>(context);
          }};
}

// Steps of a task: before the first measurement, and in all.
std::int64_t thermalization_of(const ModelType& type, const Parameters& parameters);
std::int64_t total_steps_of(const ModelType& type, const Parameters& parameters);

// The whole program: command line, deck, run, files; returns the exit code of design section 5.
int run_program(const ModelType& type, int argc, char** argv);

template <class Model>
int run_app(int argc, char** argv) {
  return run_program(model_type<Model>(), argc, argv);
}

}  // namespace weiss
