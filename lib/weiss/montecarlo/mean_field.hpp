// The Ising model on the complete graph (Curie-Weiss), H = -(J/N) sum_{i<j} s_i s_j - h sum_i s_i, on one
// rank: the local field depends on the magnetization alone, so a sweep visits the sites in order and keeps M.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "weiss/montecarlo/ising_interactions.hpp"
#include "weiss/montecarlo/local_update.hpp"
#include "weiss/montecarlo/spin_sums.hpp"

namespace weiss {

class MeanField {
 public:
  explicit MeanField(std::int64_t sites)
      : spins_(static_cast<std::size_t>(sites), -1), magnetization_(-sites) {}

  std::int64_t sites() const { return static_cast<std::int64_t>(spins_.size()); }
  std::span<const std::int8_t> spins() const { return spins_; }
  std::int64_t magnetization() const { return magnetization_; }
  void set(std::int64_t site, std::int8_t spin) {
    std::int8_t& there = spins_[static_cast<std::size_t>(site)];
    magnetization_ += spin - there;
    there = spin;
  }
  std::int64_t recomputed_magnetization() const;

  void fill_bits(std::int64_t first, std::span<std::uint8_t> bytes) const;
  void load_bits(std::int64_t first, std::span<const std::uint8_t> bytes);
  void finish_load() {}
  // bond_sum is that of all pairs, (M^2 - N)/2.
  SpinSums local_sums() const;

 private:
  std::vector<std::int8_t> spins_;
  std::int64_t magnetization_;
};

class MeanFieldUpdate {
 public:
  MeanFieldUpdate(LocalRule rule, const IsingInteractions& interactions, std::int64_t sites);

  template <class Source>
  void sweep(MeanField& field, const Source& source) const {
    for (std::int64_t site = 0; site < field.sites(); ++site) update_site(field, site, source);
  }

  // Random numbers are made for many sites at once; they are the same ones.
  void sweep(MeanField& field, const RandomSource& source) const;

  // One site of a sweep.
  template <class Source>
  void update_site(MeanField& field, std::int64_t site, const Source& source) const {
    const std::int64_t n = field.sites();
    const std::int8_t spin = field.spins()[static_cast<std::size_t>(site)];
    // The others' sum runs from -(n-1) to n-1 in steps of 2.
    const std::int64_t others = field.magnetization() - spin;
    const LocalDecision& decision = table_[static_cast<std::size_t>((others + n - 1) / 2)];
    field.set(site, decided(rule_, decision, spin, static_cast<std::uint64_t>(site), source));
  }

 private:
  LocalRule rule_;
  std::vector<LocalDecision> table_;  // by the sum of the other spins
};

}  // namespace weiss
