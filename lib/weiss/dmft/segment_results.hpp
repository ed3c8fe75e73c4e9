// Physics from the blocks of segment-picture chains, each number with its error bar.
//
// Blocks come in the order of (stream number, block); their means are weighted with the sign, and every
// result is a ratio to the mean sign, so all of them go through the jackknife. With one block a chain the
// blocks are independent; with more the errors allow for their correlation. Nothing here depends on who ran
// which chain.
//
// Conventions: G(tau) = -<T c(tau) c+> < 0 on (0, beta); F = Sigma G, from the improved estimator
// (segment_measure.hpp); G(i w_n) = int_0^beta G(tau) exp(i w_n tau); Legendre coefficients G_l = sqrt(2 l +
// 1) int_0^beta P_l(2 tau / beta - 1) G(tau) (L. Boehnke, H. Hafermann, M. Ferrero, F. Lechermann, O.
// Parcollet, Phys. Rev. B 84, 075145 (2011)). Complex results are 2 x count numbers, real parts first.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "weiss/dmft/segment_green.hpp"
#include "weiss/dmft/segment_stream.hpp"
#include "weiss/statistics/jackknife.hpp"

namespace weiss {

// S_z = sum over orbitals (n_up - n_down)/2, flavours as in hund_interaction, or n.
enum class LocalDensity { spin, charge };
// constant + sum_a density_a <n_a> + sum_ab overlap_ab <n_a n_b>, flavours and flavours x flavours factors.
struct DensityCombination {
  double constant = 0;
  std::vector<double> density, overlap;
};

class SegmentResults {
 public:
  // With a communicator, which must outlive this, blocks of other ranks come without SegmentBlock::green, and
  // all that is made of Green functions is collective. Error(internal) without blocks, or with blocks of
  // different shape.
  SegmentResults(const SegmentProblem& problem, std::vector<SegmentBlock> blocks,
                 std::size_t blocks_per_stream = 1, const Communicator* communicator = nullptr);

  Estimates sign() const;
  Estimates density() const;    // flavours
  Estimates overlap() const;    // flavours x flavours: <n_a n_b>
  Estimates order() const;      // flavours: mean number of segments, -beta <H_hyb> / 2
  Estimates histogram() const;  // flavours x segment_histogram: probability of each order
  // <n_a n_b> at half filling, where <n_a> = 1/2 exactly: the mean with <(1 - n_a)(1 - n_b)>, which is equal
  // and fluctuates the other way.
  Estimates overlap_at_half_filling() const;
  // One number each, with the errors of the combinations.
  Estimates combinations(std::span<const DensityCombination> wanted) const;
  // Share of accepted moves, one of SegmentMove each.
  std::vector<double> acceptance() const;

  // Means of G_a over `points` equal intervals of [0, beta]; points divides hybridization_intervals.
  Estimates green_tau(std::size_t a, std::size_t points) const;
  Estimates green_legendre(std::size_t a, std::size_t count) const;
  // At w_n for each of the n >= 0, or for n = 0 .. count - 1.
  Estimates green_matsubara(std::size_t a, std::span<const std::int64_t> frequencies) const;
  Estimates green_matsubara(std::size_t a, std::size_t count) const;
  // F / G. Its errors grow as w_n; at high frequencies Sigma = s_0 + s_1 / (i w) + ... is sharper, with
  //   s_0 = sum_b U_ab <n_b>,   s_1 = sum_bc U_ab U_ac (<n_b n_c> - <n_b> <n_c>),
  // exact: self_energy_moments are these two.
  Estimates self_energy(std::size_t a, std::span<const std::int64_t> frequencies) const;
  Estimates self_energy(std::size_t a, std::size_t count) const;
  Estimates self_energy_moments(std::size_t a) const;

  // <n_a(tau) n_b> at tau = beta r / density_points, r = 0 .. density_points / 2, symmetric about beta / 2.
  Estimates density_correlation(std::size_t a, std::size_t b) const;
  // <S_z(tau) S_z>, S_z = sum over orbitals (n_up - n_down) / 2, flavours as in hund_interaction.
  Estimates spin_correlation() const;
  // int_0^beta exp(i v_m tau) <n_a(tau) n_b> at v_m = 2 pi m / beta, m = 0 .. density_frequencies - 1, and
  // the same of S_z: the local spin susceptibility, at m = 0 the static one.
  Estimates density_susceptibility(std::size_t a, std::size_t b) const;
  Estimates spin_susceptibility() const;
  // Without the static part, A one of the two: <A(tau) A> - <A>^2 at the same times, and its integral over
  // [0, beta].
  Estimates connected_correlation(LocalDensity which) const;
  Estimates static_susceptibility(LocalDensity which) const;

  std::size_t flavours() const { return problem_.flavours(); }
  std::size_t blocks() const { return blocks_.size(); }

 private:
  using Extract = std::function<std::vector<double>(const SegmentBlock&)>;
  Bins bins(const Extract& extract) const;
  Estimates per_sign(const Extract& extract) const;
  // factor (<pair> - <A>^2), pair a function of two flavours and A the density summed with their weights.
  using PairExtract = std::function<std::span<const double>(const SegmentBlock&, std::size_t pair)>;
  Estimates connected(LocalDensity which, const PairExtract& pair, double factor) const;
  Estimates per_sign_of(const SegmentGreen::Rows& rows) const;
  std::size_t place(const SegmentBlock& block) const {
    return static_cast<std::size_t>(&block - blocks_.data());
  }

  SegmentProblem problem_;
  std::vector<SegmentBlock> blocks_;
  bool independent_;
  SegmentGreen green_;
};

}  // namespace weiss
