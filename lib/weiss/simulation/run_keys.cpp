#include "weiss/simulation/run_keys.hpp"

#include "weiss/deck/deck.hpp"

namespace weiss {

namespace {

// A key that steers the machine and can never change a result.
KeyOptions steering(std::string fallback, std::string unit, std::string help, double minimum) {
  KeyOptions options;
  options.fallback = std::move(fallback);
  options.unit = std::move(unit);
  options.help = std::move(help);
  options.minimum = minimum;
  options.affects_result = false;
  options.on_resume = OnResume::free;
  return options;
}

}  // namespace

void declare_run_keys(Schema& schema) {
  schema.integer(
      "run.thermalization",
      {.fallback = "1000", .unit = "steps", .help = "steps before the first measurement", .minimum = 0});
  schema.integer("run.sweeps",
                 {.unit = "steps",
                  .help = "steps after thermalization; may be raised to continue a finished run",
                  .minimum = 1,
                  .on_resume = OnResume::may_grow});
  schema.exactly_one_of({"run.sweeps"});
  schema.integer("run.measure_every",
                 {.fallback = "1", .unit = "steps", .help = "steps between two measurements", .minimum = 1});
  schema.choice(
      chain_direction_key, {"forward", "backward"},
      {.fallback = "forward",
       .help = "along sweep.chain, as its values are listed or the other way round; swept itself it "
               "gives both branches of a hysteresis"});
  schema.integer("run.seed", {.fallback = "1", .help = "seed of every random stream", .minimum = 0});
  schema.integer("run.ranks_per_task",
                 steering("0", "ranks", "ranks that share one task; 0 chooses; never changes a result", 0));
  schema.integers(
      "run.process_grid",
      steering("", "ranks", "ranks along each direction of the lattice, such as 2,2; empty chooses", 1));
  schema.duration("run.time_limit",
                  steering("0", "s", "stop and save after this time, seconds or hh:mm:ss; 0 is no limit", 0));
  schema.duration("run.checkpoint_interval",
                  steering("300", "s", "time between checkpoints, seconds or hh:mm:ss", 0));
  schema.text("output.file", steering("", "1", "stem of the output files; default: the deck's stem", 0));
  KeyOptions keep_state =
      steering("true", "1", "keep the final state of finished tasks in the checkpoint", 0);
  schema.boolean("output.keep_state", keep_state);
  schema.boolean("output.time_series",
                 {.fallback = "false", .help = "keep every sample of each scalar observable in the file"});
}

}  // namespace weiss
