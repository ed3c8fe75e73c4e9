// Every path and attribute name of the files of a run, in one place.
//   /                      attributes below: what ran, where, from which deck
//   /tasks/<id>/           attributes: status (pending, running, done), steps, wall_seconds, updates_per_ns,
//                          kernel, grid, state_hash, enough_samples, ended_early (where it was)
//   /tasks/<id>/parameters/<section.key>             one scalar each, attribute unit
//   /tasks/<id>/results/<observable>/                mean, error, tau_int, count, bins; attributes long_name,
//   unit, formula
//   /tasks/<id>/green_functions/<name>               where a model has some: in the layout of TRIQS, see
//   green_function.hpp
// The checkpoint has /tasks/<id>/ with status and steps, `record` (small fields, packed) and one dataset of
// bits a distributed field, in global site order.
#pragma once

#include <cstdint>

namespace weiss::layout {

inline constexpr std::int64_t current_schema_version = 1;

inline constexpr const char* tasks = "tasks";
inline constexpr const char* parameters = "parameters";
inline constexpr const char* results = "results";
inline constexpr const char* green_functions = "green_functions";

inline constexpr const char* schema_version = "schema_version";
inline constexpr const char* software = "software";
inline constexpr const char* version = "version";
inline constexpr const char* git = "git";
inline constexpr const char* deck = "deck";
inline constexpr const char* deck_hash = "deck_hash";
inline constexpr const char* overrides = "overrides";
inline constexpr const char* command = "command";
inline constexpr const char* seed = "seed";
inline constexpr const char* host = "host";
inline constexpr const char* cpu = "cpu";
inline constexpr const char* simd = "simd";
inline constexpr const char* ranks = "ranks";
inline constexpr const char* grid = "grid";
inline constexpr const char* compiler = "compiler";
inline constexpr const char* flags = "flags";
inline constexpr const char* mpi = "mpi";
inline constexpr const char* hdf5 = "hdf5";
inline constexpr const char* started = "started";
inline constexpr const char* finished = "finished";
inline constexpr const char* restarts = "restarts";
inline constexpr const char* parent = "parent";

inline constexpr const char* status = "status";
inline constexpr const char* steps = "steps";
inline constexpr const char* wall_seconds = "wall_seconds";
inline constexpr const char* updates_per_ns = "updates_per_ns";
inline constexpr const char* kernel = "kernel";
inline constexpr const char* state_hash = "state_hash";
inline constexpr const char* ended_early = "ended_early";  // the model was finished before run.sweeps
inline constexpr const char* axes =
    "axes";  // of a result: the datasets that hold the values of its dims, in order
inline constexpr const char* enough_samples = "enough_samples";

namespace triqs {
inline constexpr const char* format = "Format";
inline constexpr const char* blocks = "BlockGf";
inline constexpr const char* block_names = "block_names";
inline constexpr const char* one_block = "Gf";
inline constexpr const char* data = "data";
inline constexpr const char* is_complex = "__complex__";
inline constexpr const char* mesh = "mesh";
inline constexpr const char* frequencies = "MeshImFreq";
inline constexpr const char* times = "MeshImTime";
inline constexpr const char* beta = "beta";
inline constexpr const char* statistic = "statistic";
inline constexpr const char* frequency_points = "size";
inline constexpr const char* time_points = "n_tau";
}  // namespace triqs

inline constexpr const char* record = "record";
// key=value lines of the parameters that can change a result, to compare with a deck on resume.
inline constexpr const char* deck_values = "deck_values";

}  // namespace weiss::layout
