// Every update on small systems of every lattice: the transition matrix of the real update code is exact.
#include <map>

#include <gtest/gtest.h>

#include "weiss/lattice/colouring.hpp"
#include "weiss/montecarlo/local_update.hpp"
#include "weiss/montecarlo/mean_field.hpp"
#include "weiss/montecarlo/swendsen_wang.hpp"
#include "weiss/montecarlo/table_field.hpp"
#include "weiss/montecarlo/wolff.hpp"

#include "exact/sweep_factors.hpp"

namespace weiss {
namespace {

constexpr Boundary periodic = Boundary::periodic;
constexpr Boundary open = Boundary::free;

struct System {
  std::string name;
  Lattice lattice;
};

std::vector<System> systems() {
  const Stream stream(3, 0, StreamId::random_graph);
  return {
      {"ring of 7", Lattice::regular(LatticeKind::chain, {7}, {periodic})},
      {"ring of 8", Lattice::regular(LatticeKind::chain, {8}, {periodic})},
      {"ring of 2", Lattice::regular(LatticeKind::chain, {2}, {periodic})},
      {"open chain", Lattice::regular(LatticeKind::chain, {5}, {open})},
      {"square 4x2", Lattice::regular(LatticeKind::square, {4, 2}, {periodic, periodic})},
      {"square 3x3", Lattice::regular(LatticeKind::square, {3, 3}, {periodic, open})},
      {"cubic 2x2x2", Lattice::regular(LatticeKind::cubic, {2, 2, 2}, {periodic, open, open})},
      {"hypercubic 2x2x2x1",
       Lattice::regular(LatticeKind::hypercubic, {2, 2, 2, 1}, {open, open, open, open})},
      {"triangular 3x3", Lattice::regular(LatticeKind::triangular, {3, 3}, {periodic, open})},
      {"triangular 2x3", Lattice::regular(LatticeKind::triangular, {2, 3}, {periodic, periodic})},
      {"honeycomb 2x2", Lattice::regular(LatticeKind::honeycomb, {2, 2}, {periodic, periodic})},
      {"kagome 2x1", Lattice::regular(LatticeKind::kagome, {2, 1}, {periodic, open})},
      {"bcc 2x2x1", Lattice::regular(LatticeKind::bcc, {2, 2, 1}, {open, periodic, open})},
      {"fcc 2x1x1", Lattice::regular(LatticeKind::fcc, {2, 1, 1}, {open, open, open})},
      {"random regular", Lattice::random_regular(8, 3, stream)},
  };
}

// Up to 12 sites: whole sweeps have 2^12 outcomes a state, their colours no more than 2^6 or so.
std::vector<System> larger_systems() {
  const Stream stream(3, 0, StreamId::random_graph);
  return {
      {"ring of 11", Lattice::regular(LatticeKind::chain, {11}, {periodic})},
      {"ring of 12", Lattice::regular(LatticeKind::chain, {12}, {periodic})},
      {"square 4x3", Lattice::regular(LatticeKind::square, {4, 3}, {periodic, periodic})},
      {"square 3x4", Lattice::regular(LatticeKind::square, {3, 4}, {open, periodic})},
      {"cubic 3x2x2", Lattice::regular(LatticeKind::cubic, {3, 2, 2}, {periodic, open, periodic})},
      {"hypercubic 2x3x1x2",
       Lattice::regular(LatticeKind::hypercubic, {2, 3, 1, 2}, {open, periodic, open, periodic})},
      {"triangular 4x3", Lattice::regular(LatticeKind::triangular, {4, 3}, {periodic, periodic})},
      {"honeycomb 3x2", Lattice::regular(LatticeKind::honeycomb, {3, 2}, {periodic, periodic})},
      {"kagome 2x2", Lattice::regular(LatticeKind::kagome, {2, 2}, {periodic, periodic})},
      {"bcc 3x2x1", Lattice::regular(LatticeKind::bcc, {3, 2, 1}, {periodic, periodic, open})},
      {"fcc 3x1x1", Lattice::regular(LatticeKind::fcc, {3, 1, 1}, {periodic, open, open})},
      {"random regular", Lattice::random_regular(12, 3, stream)},
  };
}

// At most 12 bonds, bonds to the ghost spin of a field not counted.
std::vector<System> cluster_systems() {
  const Stream stream(3, 0, StreamId::random_graph);
  return {
      {"ring of 7", Lattice::regular(LatticeKind::chain, {7}, {periodic})},
      {"ring of 8", Lattice::regular(LatticeKind::chain, {8}, {periodic})},
      {"ring of 2", Lattice::regular(LatticeKind::chain, {2}, {periodic})},
      {"open chain", Lattice::regular(LatticeKind::chain, {5}, {open})},
      {"square 2x2", Lattice::regular(LatticeKind::square, {2, 2}, {periodic, periodic})},
      {"square 3x2", Lattice::regular(LatticeKind::square, {3, 2}, {periodic, open})},
      {"cubic 2x2x1", Lattice::regular(LatticeKind::cubic, {2, 2, 1}, {periodic, open, open})},
      {"cubic 2x2x2", Lattice::regular(LatticeKind::cubic, {2, 2, 2}, {open, open, open})},
      {"hypercubic 1x2x2x2",
       Lattice::regular(LatticeKind::hypercubic, {1, 2, 2, 2}, {open, open, open, open})},
      {"hypercubic 2x1x1x2",
       Lattice::regular(LatticeKind::hypercubic, {2, 1, 1, 2}, {periodic, open, open, open})},
      {"triangular 2x2", Lattice::regular(LatticeKind::triangular, {2, 2}, {periodic, open})},
      {"triangular 3x2", Lattice::regular(LatticeKind::triangular, {3, 2}, {periodic, open})},
      {"honeycomb 2x1", Lattice::regular(LatticeKind::honeycomb, {2, 1}, {periodic, open})},
      {"honeycomb 2x2", Lattice::regular(LatticeKind::honeycomb, {2, 2}, {periodic, periodic})},
      {"kagome 1x1", Lattice::regular(LatticeKind::kagome, {1, 1}, {open, open})},
      {"kagome 2x1", Lattice::regular(LatticeKind::kagome, {2, 1}, {periodic, open})},
      {"bcc 2x2x1", Lattice::regular(LatticeKind::bcc, {2, 2, 1}, {open, open, open})},
      {"bcc 1x1x3", Lattice::regular(LatticeKind::bcc, {1, 1, 3}, {open, open, periodic})},
      {"fcc 1x1x1", Lattice::regular(LatticeKind::fcc, {1, 1, 1}, {open, open, open})},
      {"random regular 6", Lattice::random_regular(6, 3, stream)},
      {"random regular 8", Lattice::random_regular(8, 3, stream)},
  };
}

IsingInteractions interactions_of(const Lattice& lattice, double coupling, double anisotropy, double field) {
  IsingInteractions interactions;
  interactions.beta = 0.43;
  for (int d = 0; d < lattice.directions(); ++d) interactions.coupling.push_back(coupling + anisotropy * d);
  interactions.field = field;
  return interactions;
}

// ferromagnet, antiferromagnet, couplings of mixed sign and size with a field up and down
std::vector<IsingInteractions> models(const Lattice& lattice) {
  return {interactions_of(lattice, 1, 0, 0), interactions_of(lattice, -1, 0, 0),
          interactions_of(lattice, 0.7, -0.9, 0.3), interactions_of(lattice, -0.7, 0.9, -0.3)};
}

// A field on one rank that is loaded from and read back as a state number.
class Bench {
 public:
  explicit Bench(const Lattice& lattice)
      : communicator_(Communicator::world().split(Communicator::world().rank(), 0)),
        partition_(lattice, 1),
        colouring_(colouring(lattice)),
        local(communicator_, lattice, partition_, colouring_),
        field(local) {}
  void load(std::size_t state) {
    for (std::int64_t i = 0; i < local.owned(); ++i)
      field.spins()[static_cast<std::size_t>(i)] =
          (state >> local.global()[static_cast<std::size_t>(i)] & 1) != 0 ? 1 : -1;
  }
  std::size_t state() const {
    std::size_t state = 0;
    for (std::int64_t i = 0; i < local.owned(); ++i)
      if (field.spins()[static_cast<std::size_t>(i)] > 0)
        state |= std::size_t{1} << local.global()[static_cast<std::size_t>(i)];
    return state;
  }

 private:
  Communicator communicator_;
  Partition partition_;
  Colouring colouring_;

 public:
  LocalLattice local;
  TableField field;
};

std::vector<Factor> colour_factors(const Lattice& lattice, Bench& bench, const LocalUpdate& update) {
  std::vector<Factor> factors;
  for (int colour = 0; colour < bench.local.colours(); ++colour)
    factors.push_back(factor_of(lattice.sites(), [&](std::size_t state, BranchingPaths& paths) {
      bench.load(state);
      update.sweep_colour(bench.field, colour, BranchingSource(paths, 0));
      return bench.state();
    }));
  return factors;
}

TEST(Kernel, LocalUpdatesAreExact) {
  for (const System& system : systems())
    for (const IsingInteractions& interactions : models(system.lattice))
      for (const LocalRule rule : {LocalRule::heat_bath, LocalRule::metropolis}) {
        SCOPED_TRACE(system.name + (rule == LocalRule::heat_bath ? " heat bath" : " Metropolis"));
        Bench bench(system.lattice);
        const LocalUpdate update(rule, interactions, system.lattice);
        const Matrix matrix =
            transition_matrix(system.lattice.sites(), [&](std::size_t state, BranchingPaths& paths) {
              bench.load(state);
              update.sweep(bench.field, BranchingSource(paths, 0));
              return bench.state();
            });
        expect_exact(matrix, boltzmann(system.lattice, interactions));
        if (system.lattice.sites() <= 8)
          expect_product(matrix, colour_factors(system.lattice, bench, update));
      }
}

TEST(Kernel, LocalUpdatesAreExactOnTwelveSites) {
  for (const System& system : larger_systems())
    for (const IsingInteractions& interactions : models(system.lattice)) {
      if (interactions.coupling.front() > 0) continue;
      for (const LocalRule rule : {LocalRule::heat_bath, LocalRule::metropolis}) {
        SCOPED_TRACE(system.name + (rule == LocalRule::heat_bath ? " heat bath" : " Metropolis"));
        Bench bench(system.lattice);
        const LocalUpdate update(rule, interactions, system.lattice);
        expect_exact(colour_factors(system.lattice, bench, update), boltzmann(system.lattice, interactions));
      }
    }
}

// Decks where dE = 0 hides: at beta = 0, and where couplings and field cancel only up to rounding.
TEST(Kernel, LocalUpdatesWithoutAPreferenceAreErgodic) {
  const Stream stream(3, 0, StreamId::random_graph);
  const Lattice ring = Lattice::regular(LatticeKind::chain, {8}, {periodic});
  const Lattice graph = Lattice::random_regular(8, 3, stream);
  const Lattice honeycomb = Lattice::regular(LatticeKind::honeycomb, {2, 2}, {periodic, periodic});
  struct Case {
    const Lattice* lattice;
    IsingInteractions interactions;
  };
  for (const Case& each :
       {Case{&ring, {0, {1}, 0, false}}, Case{&ring, {0, {1}, 0.5, false}}, Case{&ring, {0.4, {0}, 0, false}},
        Case{&graph, {0, {-1}, 0, false}}, Case{&honeycomb, {1, {0.1, 0.2, -0.3}, 0, false}},
        Case{&graph, {1, {0.1}, 0.3, false}}, Case{&graph, {1, {-0.1}, 0.3, false}}})
    for (const LocalRule rule : {LocalRule::heat_bath, LocalRule::metropolis}) {
      Bench bench(*each.lattice);
      const LocalUpdate update(rule, each.interactions, *each.lattice);
      expect_exact(transition_matrix(each.lattice->sites(),
                                     [&](std::size_t state, BranchingPaths& paths) {
                                       bench.load(state);
                                       update.sweep(bench.field, BranchingSource(paths, 0));
                                       return bench.state();
                                     }),
                   boltzmann(*each.lattice, each.interactions));
    }
  const double cancelling[] = {0.3, -0.1 * 3};
  EXPECT_EQ(cancelled_sum(cancelling), 0);
  const double small[] = {0.3, -0.3 + 1e-12};
  EXPECT_NE(cancelled_sum(small), 0);
}

TEST(Kernel, ClusterUpdatesAreExact) {
  std::map<LatticeKind, int> in_a_field;
  for (const System& system : cluster_systems()) {
    ASSERT_LE(system.lattice.sites(), 8) << system.name;
    ASSERT_LE(system.lattice.bonds(), 12) << system.name;
    for (const IsingInteractions& interactions : models(system.lattice)) {
      // A ghost bond a site on top of the bonds makes too many paths for the larger systems.
      if (interactions.field != 0 && system.lattice.bonds() + system.lattice.sites() > 16) continue;
      if (interactions.field != 0) ++in_a_field[system.lattice.kind()];
      SCOPED_TRACE(system.name);
      Bench bench(system.lattice);
      SwendsenWang swendsen_wang(interactions, bench.local);
      expect_exact(transition_matrix(system.lattice.sites(),
                                     [&](std::size_t state, BranchingPaths& paths) {
                                       bench.load(state);
                                       swendsen_wang.step(bench.field, BranchingSource(paths, 0),
                                                          BranchingSource(paths, 1));
                                       return bench.state();
                                     }),
                   boltzmann(system.lattice, interactions));
      Wolff wolff(interactions, system.lattice.sites());
      expect_exact(transition_matrix(system.lattice.sites(),
                                     [&](std::size_t state, BranchingPaths& paths) {
                                       bench.load(state);
                                       wolff.step(bench.field, BranchingSource(paths, 0));
                                       return bench.state();
                                     }),
                   boltzmann(system.lattice, interactions));
    }
  }
  EXPECT_EQ(in_a_field.size(), 10u) << "every kind of lattice but the complete graph";
}

TEST(Kernel, CompleteGraphOfTwelveSitesIsExact) {
  for (const std::int64_t sites : {std::int64_t{6}, std::int64_t{12}})
    for (const double coupling : {1.5, -1.0})
      for (const LocalRule rule : {LocalRule::heat_bath, LocalRule::metropolis}) {
        const IsingInteractions interactions{0.8, {coupling}, coupling > 0 ? 0.0 : 0.4, true};
        const MeanFieldUpdate update(rule, interactions, sites);
        MeanField field(sites);
        const auto after = [&](std::size_t state, auto&& part) {
          for (std::int64_t i = 0; i < sites; ++i) field.set(i, (state >> i & 1) != 0 ? 1 : -1);
          part();
          std::size_t next = 0;
          for (std::int64_t i = 0; i < sites; ++i)
            if (field.spins()[static_cast<std::size_t>(i)] > 0) next |= std::size_t{1} << i;
          return next;
        };
        std::vector<Factor> factors;
        for (std::int64_t site = 0; site < sites; ++site)
          factors.push_back(factor_of(sites, [&](std::size_t state, BranchingPaths& paths) {
            return after(state, [&] { update.update_site(field, site, BranchingSource(paths, 0)); });
          }));
        expect_exact(factors, boltzmann(Lattice::complete(sites), interactions));
        if (sites > 8) continue;
        const Matrix sweep = transition_matrix(sites, [&](std::size_t state, BranchingPaths& paths) {
          return after(state, [&] { update.sweep(field, BranchingSource(paths, 0)); });
        });
        expect_product(sweep, factors);
      }
}

TEST(Kernel, CompleteGraphIsExact) {
  const std::int64_t sites = 5;
  const Lattice lattice = Lattice::complete(sites);
  for (const double field : {0.0, 0.4})
    for (const double coupling : {1.5, -1.0}) {
      IsingInteractions interactions{0.8, {coupling}, field, true};
      const std::vector<double> weights = boltzmann(lattice, interactions);
      MeanField spins(sites);
      const auto load = [&](std::size_t state) {
        for (std::int64_t i = 0; i < sites; ++i) spins.set(i, (state >> i & 1) != 0 ? 1 : -1);
      };
      const auto read = [&] {
        std::size_t state = 0;
        for (std::int64_t i = 0; i < sites; ++i)
          if (spins.spins()[static_cast<std::size_t>(i)] > 0) state |= std::size_t{1} << i;
        EXPECT_EQ(spins.magnetization(), spins.recomputed_magnetization());
        return state;
      };
      const auto check = [&](auto&& update) {
        expect_exact(transition_matrix(sites,
                                       [&](std::size_t state, BranchingPaths& paths) {
                                         load(state);
                                         update(paths);
                                         return read();
                                       }),
                     weights);
      };
      for (const LocalRule rule : {LocalRule::heat_bath, LocalRule::metropolis}) {
        const MeanFieldUpdate update(rule, interactions, sites);
        check([&](BranchingPaths& paths) { update.sweep(spins, BranchingSource(paths, 0)); });
      }
      MeanFieldSwendsenWang swendsen_wang(interactions, sites);
      if (field == 0)
        check([&](BranchingPaths& paths) {
          swendsen_wang.step(spins, BranchingSource(paths, 0), BranchingSource(paths, 1));
        });
      Wolff wolff(interactions, sites, 1 / static_cast<double>(sites));
      check([&](BranchingPaths& paths) { wolff.step(spins, BranchingSource(paths, 0)); });
    }
}

}  // namespace
}  // namespace weiss
