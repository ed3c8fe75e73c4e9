// Degrees of a sparse random graph: p_d of a site, and of the end of an edge the excess degree, the number of
// further edges there, with probability (k + 1) p_(k+1) / c, c the mean degree.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace weiss {

struct DegreeLaw {
  std::vector<double> site;    // p_d, d = 0, 1, ...; sums to 1
  std::vector<double> excess;  // of k = 0, 1, ...; sums to 1
  double mean = 0;             // c
};

// Every site has z >= 1 neighbours.
DegreeLaw regular_degrees(std::int64_t z);
// Poisson degrees of mean c > 0, up to the degree beyond which less than 1e-17 remains.
DegreeLaw poisson_degrees(double c);
// Weights of degrees 0, 1, ..., brought to sum 1. Throws Error(bad_deck) without a positive mean.
DegreeLaw given_degrees(std::span<const double> weights);

// Numbers of 32 bits that decide: a word belongs to the first i with word < thresholds[i], the last one is
// 2^32. Probabilities are met to 2^-32.
std::vector<std::uint64_t> word_thresholds(std::span<const double> probabilities);

}  // namespace weiss
