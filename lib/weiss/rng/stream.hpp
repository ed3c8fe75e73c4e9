// Named random streams. A random number is a pure function of (seed, task, stream name, step, index, draw):
// no hidden state, nothing about ranks or time. index is a global index (site, word, bond, cluster root).
#pragma once

#include <cstdint>

#include "weiss/rng/ars.hpp"

namespace weiss {

// Every stream of the suite. A number, once used, is never given to another stream.
enum class StreamId : std::uint32_t {
  initial_state = 1,
  heat_bath = 2,
  metropolis = 3,
  cluster_bond = 4,
  cluster_flip = 5,
  wolff = 6,
  random_graph = 7,
  coupling = 8,  // disorder: key of a realisation, index of an interaction
  dilution = 9,
  random_field = 10,           // index of a site
  sample_heat_bath = 11,       // key of 512 realisations, index of (configuration, site)
  lane_heat_bath = 12,         // key of a realisation, index of a site, draw of a configuration
  replica_exchange = 13,       // index of (realisation, pair of temperatures, replica)
  isoenergetic_cluster = 14,   // key of a realisation, index of (pair of replicas, temperature)
  population_resampling = 15,  // key of (realisation, population)
  packed_glass = 16,           // key of a realisation, index of (configuration, word)
  field_population = 20,       // key of a population, index of (256 members, use, four slots)
  field_population_start = 21,
  field_population_measurement = 22,
  survey_population = 23,  // likewise, of surveys
  message_order = 24,      // index of a place in the order of sites
  decimation = 25,         // index of a site
  survey_order = 26,       // index of a place in the order of clauses
  focused_search = 27,     // index of a flip
  survey_population_start = 28,
  survey_population_measurement = 29,
  resolvent_population = 30,    // key of a population, index of (256 members, use, four slots)
  transfer_population = 31,     // likewise, of paths
  colour_choice = 32,           // index of a site
  recolouring = 33,             // index of a move
  interaction_population = 34,  // key of a population, index of (256 members, spin, use, four slots)
  state_population = 35,        // key of a population, index of (member, use)
  state_candidates = 36,        // likewise, index of (member, 256 candidates, spin, use, four slots)
  segment_update = 40,          // index of a chain, step of 256 updates
  segment_exchange = 41,        // index of a chain
  continuation_noise = 50,      // step of a noisy copy of the data, index of a frequency, draw of its parts
  lanczos_start = 60,           // step of a state looked for, index of a component
};

// Where in a stream: 64 bits of index, 48 bits of step, 16 bits of block (128 bits each).
inline Block128 counter(std::uint64_t step, std::uint64_t index, std::uint32_t block) {
  return {index, step << 16 | block};
}

class Stream {
 public:
  // task_key: the 64-bit hash of the task's id string (0 for a run of one task without sweep).
  Stream(std::uint64_t seed, std::uint64_t task_key, StreamId id);

  const ArsKey& key() const { return key_; }

  // 128 random bits; block < 2^16, step < 2^48.
  Block128 block(std::uint64_t step, std::uint64_t index, std::uint32_t block_number) const {
    return ars(counter(step, index, block_number), key_);
  }

  // 64 random bits: draw d is half d mod 2 of block d / 2.
  std::uint64_t bits(std::uint64_t step, std::uint64_t index, std::uint32_t draw = 0) const {
    const Block128 both = block(step, index, draw / 2);
    return draw % 2 == 0 ? both.low : both.high;
  }

 private:
  ArsKey key_;
};

// The decisions of one step, as updates ask for them. Updates are templates on this interface, so that tests
// can drive the same code with a source that enumerates every outcome with its weight.
class RandomSource {
 public:
  RandomSource(const Stream& stream, std::uint64_t step) : stream_(&stream), step_(step) {}

  // True with probability threshold / 2^64.
  bool fires(std::uint64_t threshold, std::uint64_t index, std::uint32_t draw = 0) const {
    return stream_->bits(step_, index, draw) < threshold;
  }

  const Stream& stream() const { return *stream_; }
  std::uint64_t step() const { return step_; }

  // Uniform in [0, n), n >= 1, without bias; uses draws from `draw` on, as many as rejection takes
  // (Lemire, ACM Trans. Model. Comput. Simul. 29, 3 (2019)).
  std::uint64_t below(std::uint64_t n, std::uint64_t index, std::uint32_t draw = 0) const;

 private:
  const Stream* stream_;
  std::uint64_t step_;
};

}  // namespace weiss
