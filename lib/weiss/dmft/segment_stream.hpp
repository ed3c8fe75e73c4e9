// One independent Markov chain of the segment-picture solver (weiss/dmft/segment_update.hpp): a pure function
// of (problem, settings, seed, task, stream number) and of how many updates it has done. Chains share
// nothing; their blocks, put in the order of stream numbers, give the same results on any number of ranks.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "weiss/dmft/segment_configuration.hpp"
#include "weiss/dmft/segment_kernel.hpp"
#include "weiss/dmft/segment_problem.hpp"
#include "weiss/rng/stream.hpp"

namespace weiss {

struct SegmentSettings {
  std::int64_t measure_interval = 0;  // updates between measurements of Green functions; 0: from the order
  std::int64_t density_interval = 0;  // of correlations of densities; 0: 20 times that
  std::int64_t exchange_interval = 1000;  // between exchanges of two flavours' lines; 0: none
  int shift_weight = 12;                  // of 128 updates these are shifts of an end
  // Longest insertion, in units of beta / 2^32; 0: all, until warm_up_to_equilibrium chooses it.
  std::uint64_t window = 0;
};

// Means over the updates of one block; what is called a sum is weighted with the sign.
struct SegmentBlock {
  std::int64_t updates = 0;
  std::vector<double> sign;       // 1
  std::vector<double> density;    // flavours: s n_a
  std::vector<double> overlap;    // flavours x flavours: s n_a n_b
  std::vector<double> order;      // flavours: s k_a
  std::vector<double> histogram;  // flavours x segment_histogram
  // Means over measurements: moments of segment_measure.hpp, flavours x hybridization_intervals x 4;
  std::vector<double> green;
  // n_a(tau) n_b(0) at tau = beta r / density_points, r = 0 .. density_points / 2: flavours x flavours x r;
  // and n_a(i v_m) n_b(-i v_m) / beta^2, n(i v) = int n(tau) exp(i v tau): flavours x flavours x m, from m =
  // 0.
  std::vector<double> density_correlation, density_product;
  std::vector<double> proposed, accepted;  // numbers of moves of each kind of SegmentMove
};

// A chain's state as plain arrays; exact.
struct SegmentSnapshot {
  std::vector<std::int64_t> integers, times;
  std::vector<double> numbers, inverse;
};

class SegmentStream {
 public:
  SegmentStream(const SegmentProblem& problem, const SegmentSettings& settings, std::uint64_t seed,
                std::uint64_t task_key, std::uint64_t stream_number, SimdTarget target = simd_target());

  SegmentConfiguration configuration() const;
  // Before the first update: from where another chain, of any problem of as many flavours, stands.
  void start_from(const SegmentConfiguration& configuration);

  void warm_up(std::int64_t updates);  // nothing is measured, but intervals left open are chosen
  // Until a stretch is as long as 32 times the autocorrelation time seen in it, at most about `most` updates;
  // how many it took. A matter of updates counted, never of time. Chooses the window, too: long insertions
  // are hardly ever accepted where segments or what is between them are short.
  std::int64_t warm_up_to_equilibrium(std::int64_t most);
  void run(std::int64_t updates);  // measured into the open block
  // Closes it and opens the next; it must have been as long as density_interval, or its means are NaN.
  // Error(internal) where the inverse matrices have lost their accuracy meanwhile.
  SegmentBlock take_block();
  // Recomputes lengths, overlaps, sign and inverse matrices; Error(internal) when the first three have
  // drifted. Happens every so many updates, more often once matrices have drifted.
  void refresh();
  // Whether the inverse matrices were accurate in all refreshes of the open block.
  bool accurate() const { return accurate_; }
  void discard_block();  // to measure it once more, from here

  std::int64_t updates() const { return update_; }
  std::int64_t measure_interval() const { return measure_interval_; }
  std::int64_t density_interval() const { return density_interval_; }
  const SegmentState& state() const { return *state_; }
  // Largest deviation of the inverse matrices, relative to their largest element, when they were last
  // computed afresh.
  double drift() const { return drift_; }

  // Restarting from a snapshot goes on with the same bits. Error(bad_file) for one that does not fit.
  SegmentSnapshot snapshot();
  void restore(const SegmentSnapshot& snapshot);
  template <class Visitor>
  void visit_state(Visitor& v) {
    SegmentSnapshot s = snapshot();
    v.vector("integers", s.integers);
    v.vector("times", s.times);
    v.vector("numbers", s.numbers);
    v.vector("inverse", s.inverse);
    restore(s);
  }

 private:
  enum class Measured { nothing, sums, all };
  void advance(std::int64_t updates, Measured measured);
  void choose_intervals(std::int64_t updates);
  void add_lengths(std::vector<double>& lengths) const;
  void choose_window(std::vector<double>& lengths);
  double drift_from(const std::vector<double>& inverse, std::size_t flavour) const;
  void measure();
  void fold_sums();
  void add_measurements(SegmentBlock& block) const;
  void clear_block();
  void exchange();
  void apply_exchange(const std::vector<std::size_t>& image, int sign);
  std::int64_t kept_overlap(std::size_t a, std::size_t b) const;
  std::span<const double> cubics(std::size_t flavour) const;
  void set_inverse(std::size_t flavour);
  void set_from_times();
  void reserve(int flavour, int capacity);
  void fill_bits();

  struct Storage {
    std::vector<std::uint32_t> start, end;
    std::vector<double> inverse, transpose;
  };
  // Sum of 64-bit integers, in units of 2^32 and the rest, exact.
  struct LongSum {
    std::int64_t high = 0, low = 0;
    void add(std::int64_t x) {
      high += x >> 32;
      low += x & 0xffffffff;
      high += low >> 32;
      low &= 0xffffffff;
    }
    double value() const { return static_cast<double>(high) + static_cast<double>(low) * 0x1p-32; }
  };

  SegmentProblem problem_;
  SegmentSettings settings_;
  std::uint64_t number_;
  SimdTarget target_;
  const SegmentKernel* kernel_;
  Stream stream_, exchange_stream_;
  std::unique_ptr<SegmentState> state_;
  std::vector<std::vector<double>> cubics_;
  std::vector<double> screening_;
  std::vector<Storage> storage_;
  std::vector<double> work_;
  std::vector<std::uint64_t> bits_;
  std::int64_t bits_chunk_ = -1;
  std::int64_t update_ = 0;
  std::int64_t measure_interval_ = 0, density_interval_ = 0;
  double drift_ = 0;
  std::int64_t refresh_interval_;
  bool accurate_ = true;
  // The open block.
  std::int64_t block_updates_ = 0;
  std::int64_t sign_sum_ = 0;
  std::vector<LongSum> length_sum_, overlap_sum_;
  std::vector<std::int64_t> order_sum_, histogram_sum_, proposed_, accepted_;
  std::int64_t green_count_ = 0, density_count_ = 0;
  std::vector<double> green_sum_, product_sum_;
  std::vector<std::int64_t> correlation_sum_;
};

}  // namespace weiss
