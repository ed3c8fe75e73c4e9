// Table-driven and mean-field local updates against plain twins with the same draws, bit for bit, on any
// number of ranks.
#include <cmath>

#include <gtest/gtest.h>

#include "weiss/lattice/colouring.hpp"
#include "weiss/montecarlo/field_bits.hpp"
#include "weiss/montecarlo/local_update.hpp"
#include "weiss/montecarlo/mean_field.hpp"
#include "weiss/rng/threshold.hpp"

namespace weiss {
namespace {

constexpr Boundary periodic = Boundary::periodic;
constexpr Boundary open = Boundary::free;
constexpr int sweeps = 12;
using Spins = std::vector<int>;

// One decision from its definition: field and spin to new spin.
int twin_decision(LocalRule rule, double beta, double field, int spin, std::uint64_t bits) {
  constexpr std::uint64_t half = std::uint64_t{1} << 63;
  if (rule == LocalRule::heat_bath) {
    const bool fires = bits < heat_bath_threshold(beta, field);
    const int aligned = field > 0 ? 1 : field < 0 ? -1 : spin;
    return fires ? -aligned : aligned;
  }
  const double energy_change = 2 * field * spin;
  if (energy_change < 0) return -spin;
  return bits < (energy_change > 0 ? boltzmann_threshold(beta, energy_change) : half) ? -spin : spin;
}

double without_rounding(double field) { return std::abs(field) < 1e-12 ? 0 : field; }

void twin_sweep(LocalRule rule, const IsingInteractions& interactions, const Lattice& lattice, Spins& spins,
                const Stream& stream, std::uint64_t step) {
  const Colouring colours = colouring(lattice);
  for (int colour = 0; colour < colours.colours; ++colour)
    for (std::int64_t site = 0; site < lattice.sites(); ++site) {
      if (colours.colour[static_cast<std::size_t>(site)] != colour) continue;
      std::vector<int> sums(static_cast<std::size_t>(lattice.directions()));
      lattice.for_each_neighbour(site, [&](std::int64_t other, int direction) {
        sums[static_cast<std::size_t>(direction)] += spins[static_cast<std::size_t>(other)];
      });
      double field = interactions.field;
      for (std::size_t d = 0; d < sums.size(); ++d) field += interactions.coupling[d] * sums[d];
      int& spin = spins[static_cast<std::size_t>(site)];
      spin = twin_decision(rule, interactions.beta, without_rounding(field), spin,
                           stream.bits(step, static_cast<std::uint64_t>(site)));
    }
}

std::vector<std::uint8_t> start_bits(std::int64_t sites) {
  const Stream start(5, 0, StreamId::initial_state);
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>((sites + 7) / 8));
  for (std::int64_t site = 0; site < sites; ++site)
    if ((start.bits(0, static_cast<std::uint64_t>(site)) & 1) != 0) set_bit(bytes, site);
  return bytes;
}

Spins spins_of(std::span<const std::uint8_t> bytes, std::int64_t sites) {
  Spins spins;
  for (std::int64_t site = 0; site < sites; ++site) spins.push_back(bit(bytes, site) ? 1 : -1);
  return spins;
}

std::vector<Lattice> lattices() {
  const Stream stream(3, 0, StreamId::random_graph);
  return {
      Lattice::regular(LatticeKind::chain, {37}, {periodic}),
      Lattice::regular(LatticeKind::square, {10, 8}, {periodic, open}),
      Lattice::regular(LatticeKind::square, {2, 24}, {periodic, periodic}),
      Lattice::regular(LatticeKind::square, {7, 9}, {periodic, periodic}),
      Lattice::regular(LatticeKind::cubic, {6, 4, 3}, {periodic, periodic, periodic}),
      Lattice::regular(LatticeKind::hypercubic, {4, 4, 3, 2}, {periodic, open, periodic, periodic}),
      Lattice::regular(LatticeKind::triangular, {9, 8}, {periodic, periodic}),
      Lattice::regular(LatticeKind::honeycomb, {6, 6}, {periodic, periodic}),
      Lattice::regular(LatticeKind::kagome, {6, 5}, {open, periodic}),
      Lattice::regular(LatticeKind::bcc, {4, 4, 3}, {periodic, periodic, periodic}),
      Lattice::regular(LatticeKind::fcc, {3, 3, 4}, {periodic, periodic, open}),
      Lattice::random_regular(60, 5, stream),
  };
}

std::vector<IsingInteractions> models(const Lattice& lattice) {
  const auto directions = static_cast<std::size_t>(lattice.directions());
  std::vector<IsingInteractions> models{{0.3, std::vector<double>(directions, 1), 0, false},
                                        {0.5, std::vector<double>(directions, -0.1), 0.3, false},
                                        {0.4, {}, -0.2, false}};
  for (std::size_t d = 0; d < directions; ++d)
    models[2].coupling.push_back(0.7 - 0.9 * static_cast<double>(d));
  return models;
}

// The whole configuration, on rank 0.
std::vector<std::uint8_t> gathered(const Communicator& world, const TableField& field) {
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>((field.sites() + 7) / 8));
  field.fill_bits(0, bytes);
  world.bit_or(bytes, 0);
  return bytes;
}

void expect_sums(const Lattice& lattice, const Spins& spins, const SpinSums& sums) {
  SpinSums twin;
  twin.bond_sum.resize(static_cast<std::size_t>(lattice.directions()));
  for (std::int64_t site = 0; site < lattice.sites(); ++site) {
    const int spin = spins[static_cast<std::size_t>(site)];
    twin.magnetization += spin;
    if (lattice.bipartite()) twin.staggered += lattice.sublattice(site) == 0 ? spin : -spin;
    lattice.for_each_forward_bond(site, [&](std::int64_t other, int direction, std::int64_t) {
      twin.bond_sum[static_cast<std::size_t>(direction)] += spin * spins[static_cast<std::size_t>(other)];
    });
  }
  EXPECT_EQ(sums.bond_sum, twin.bond_sum);
  EXPECT_EQ(sums.magnetization, twin.magnetization);
  EXPECT_EQ(sums.staggered, twin.staggered);
  for (const std::vector<std::int64_t>& slices : sums.slice_magnetization) {
    std::int64_t total = 0;
    for (const std::int64_t slice : slices) total += slice;
    EXPECT_EQ(total, twin.magnetization);
  }
}

TEST(Table, EqualsItsTwinOnAnyNumberOfRanks) {
  const Communicator world = Communicator::world();
  for (const Lattice& lattice : lattices())
    for (const IsingInteractions& interactions : models(lattice))
      for (const LocalRule rule : {LocalRule::heat_bath, LocalRule::metropolis}) {
        SCOPED_TRACE(std::string(name(lattice.kind())) + (rule == LocalRule::heat_bath ? ", heat bath" : ""));
        const Partition partition(lattice, world.size());
        const Colouring colours = colouring(lattice);
        LocalLattice local(world, lattice, partition, colours);
        TableField field(local);
        const std::vector<std::uint8_t> start = start_bits(lattice.sites());
        field.load_bits(0, start);
        field.finish_load();
        Spins twin = spins_of(start, lattice.sites());
        const LocalUpdate update(rule, interactions, lattice);
        const Stream stream(11, 7, StreamId::heat_bath);
        for (std::uint64_t step = 0; step < sweeps; ++step) {
          update.sweep(field, RandomSource(stream, step));
          twin_sweep(rule, interactions, lattice, twin, stream, step);
        }
        const std::vector<std::uint8_t> bytes = gathered(world, field);
        if (world.rank() == 0) {
          EXPECT_EQ(spins_of(bytes, lattice.sites()), twin);
        }
        expect_sums(lattice, twin, sum_over_ranks(world, field.local_sums(true)));
      }
}

TEST(MeanField, EqualsItsTwin) {
  const std::int64_t sites = 1101;  // more than two chunks of draws
  for (const double coupling : {1.2, -0.9})
    for (const double external : {0.0, 0.1})
      for (const LocalRule rule : {LocalRule::heat_bath, LocalRule::metropolis}) {
        const IsingInteractions interactions{0.9, {coupling}, external, true};
        const std::vector<std::uint8_t> start = start_bits(sites);
        MeanField field(sites);
        field.load_bits(0, start);
        Spins twin = spins_of(start, sites);
        const MeanFieldUpdate update(rule, interactions, sites);
        const Stream stream(11, 7, StreamId::metropolis);
        for (std::uint64_t step = 0; step < sweeps; ++step) {
          update.sweep(field, RandomSource(stream, step));
          for (std::int64_t site = 0; site < sites; ++site) {
            int& spin = twin[static_cast<std::size_t>(site)];
            int others = -spin;
            for (const int each : twin) others += each;
            const double local = coupling / static_cast<double>(sites) * others + external;
            spin = twin_decision(rule, interactions.beta, without_rounding(local), spin,
                                 stream.bits(step, static_cast<std::uint64_t>(site)));
          }
        }
        std::vector<std::uint8_t> bytes(static_cast<std::size_t>((sites + 7) / 8));
        field.fill_bits(0, bytes);
        EXPECT_EQ(spins_of(bytes, sites), twin);
        EXPECT_EQ(field.magnetization(), field.recomputed_magnetization());
        std::int64_t pairs = 0;
        for (std::size_t i = 0; i < twin.size(); ++i)
          for (std::size_t j = 0; j < i; ++j) pairs += twin[i] * twin[j];
        EXPECT_EQ(field.local_sums().bond_sum.front(), pairs);
      }
}

}  // namespace
}  // namespace weiss
