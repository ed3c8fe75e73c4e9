#include "weiss/dmft/sector_hamiltonian.hpp"

#include <algorithm>
#include <array>

namespace weiss {

namespace {

constexpr std::size_t tile = 8;  // rows that are transposed together

double pair_energy(const Eigen::MatrixXd& interaction, int i, int j, bool first, bool second) {
  return interaction(i, j) * (first == second ? 0.25 : -0.25);
}

// One-body diagonal and interaction among the particles of one spin.
std::vector<double> one_spin_diagonal(const SpinBasis& basis, const Eigen::MatrixXd& one_body,
                                      const Eigen::MatrixXd& equal) {
  std::vector<double> diagonal(basis.size());
  const int sites = static_cast<int>(one_body.rows());
  for (std::size_t r = 0; r < basis.size(); ++r)
    for (int i = 0; i < sites; ++i) {
      const bool here = occupied(basis.state(r), i);
      if (here) diagonal[r] += one_body(i, i);
      for (int j = 0; j < i; ++j) diagonal[r] += pair_energy(equal, i, j, here, occupied(basis.state(r), j));
    }
  return diagonal;
}

// y += sum_k amplitude_k x_k over up to four rows in one pass; the additions stay in the order of k.
template <std::size_t n>
void add_rows(double* y, std::size_t length, const std::array<const double*, n>& x,
              const std::array<double, n>& amplitude) {
  for (std::size_t d = 0; d < length; ++d) {
    double sum = y[d];
    for (std::size_t k = 0; k < n; ++k) sum += amplitude[k] * x[k][d];
    y[d] = sum;
  }
}

}  // namespace

OneSpinHops::OneSpinHops(const SpinBasis& basis, const Eigen::MatrixXd& one_body) : first{0} {
  const int sites = static_cast<int>(one_body.rows());
  for (std::size_t target = 0; target < basis.size(); ++target) {
    const std::uint32_t state = basis.state(target);
    for (int i = 0; i < sites; ++i) {
      if (!occupied(state, i)) continue;
      const std::uint32_t without = state & ~(1U << i);
      for (int j = 0; j < sites; ++j) {
        if (j == i || occupied(state, j) || one_body(i, j) == 0) continue;
        source.push_back(static_cast<std::uint32_t>(basis.rank(without | 1U << j)));
        amplitude.push_back(one_body(i, j) * fermion_sign(without, i) * fermion_sign(without, j));
      }
    }
    first.push_back(static_cast<std::uint32_t>(source.size()));
  }
}

LadderMoves::LadderMoves(const SpinBasis& from, const SpinBasis& to, int site, bool creates) {
  for (std::size_t r = 0; r < from.size(); ++r) {
    const std::uint32_t state = from.state(r);
    if (occupied(state, site) == creates) continue;
    source.push_back(static_cast<std::uint32_t>(r));
    target.push_back(static_cast<std::uint32_t>(to.rank(state ^ 1U << site)));
    sign.push_back(fermion_sign(state, site));
  }
}

SectorHamiltonian::SectorHamiltonian(const FermionCluster& cluster, Sector sector)
    : up_(cluster.sites(), sector.up),
      down_(cluster.sites(), sector.down),
      hops_up_(up_, cluster.one_body[0]),
      hops_down_(down_, cluster.one_body[1]) {
  fill_diagonal(cluster);
}

void SectorHamiltonian::fill_diagonal(const FermionCluster& cluster) {
  const int sites = cluster.sites();
  const std::vector<double> of_up = one_spin_diagonal(up_, cluster.one_body[0], cluster.equal);
  const std::vector<double> of_down = cluster.spinless
                                          ? std::vector<double>(down_.size())
                                          : one_spin_diagonal(down_, cluster.one_body[1], cluster.equal);
  diagonal_.resize(dimension());
  for (std::size_t u = 0; u < up_.size(); ++u) {
    std::array<double, most_spinless_sites> field{};  // felt by n_down - 1/2
    for (int i = 0; i < sites; ++i)
      for (int j = 0; j < sites; ++j)
        field[static_cast<std::size_t>(j)] +=
            cluster.opposite(i, j) * (occupied(up_.state(u), i) ? 0.5 : -0.5);
    for (std::size_t d = 0; d < down_.size(); ++d) {
      double energy = of_up[u] + of_down[d];
      for (int j = 0; j < sites; ++j)
        energy += field[static_cast<std::size_t>(j)] * (occupied(down_.state(d), j) ? 0.5 : -0.5);
      diagonal_[u * down_.size() + d] = energy;
    }
  }
}

void SectorHamiltonian::apply(const double* x, double* y) const {
  if (down_.size() == 1) {
    apply_single(x, y);
    return;
  }
  apply_up(x, y);
  apply_down(x, y);
}

// Rows of one element.
void SectorHamiltonian::apply_single(const double* x, double* y) const {
  for (std::size_t u = 0; u < up_.size(); ++u) {
    double sum = diagonal_[u] * x[u];
    for (std::size_t k = hops_up_.first[u]; k < hops_up_.first[u + 1]; ++k)
      sum += hops_up_.amplitude[k] * x[hops_up_.source[k]];
    y[u] = sum;
  }
}

void SectorHamiltonian::apply_up(const double* x, double* y) const {
  const std::size_t length = down_.size();
  for (std::size_t u = 0; u < up_.size(); ++u) {
    double* const row = y + u * length;
    const double* const same = x + u * length;
    const double* const diagonal = diagonal_.data() + u * length;
    for (std::size_t d = 0; d < length; ++d) row[d] = diagonal[d] * same[d];
    const auto from = [&](std::size_t k) { return x + hops_up_.source[k] * length; };
    const std::vector<double>& a = hops_up_.amplitude;
    std::size_t k = hops_up_.first[u];
    const std::size_t end = hops_up_.first[u + 1];
    for (; k + 3 < end; k += 4)
      add_rows<4>(row, length, {from(k), from(k + 1), from(k + 2), from(k + 3)},
                  {a[k], a[k + 1], a[k + 2], a[k + 3]});
    for (; k < end; ++k) add_rows<1>(row, length, {from(k)}, {a[k]});
  }
}

void SectorHamiltonian::apply_down(const double* x, double* y) const {
  const std::size_t length = down_.size();
  std::vector<double> transposed(length * tile);
  for (std::size_t u = 0; u < up_.size(); u += tile) {
    const std::size_t rows = std::min(tile, up_.size() - u);
    for (std::size_t r = 0; r < rows; ++r)
      for (std::size_t d = 0; d < length; ++d) transposed[d * tile + r] = x[(u + r) * length + d];
    for (std::size_t d = 0; d < length; ++d) {
      std::array<double, tile> sum{};
      for (std::size_t k = hops_down_.first[d]; k < hops_down_.first[d + 1]; ++k) {
        const double* const from = transposed.data() + hops_down_.source[k] * tile;
        for (std::size_t r = 0; r < tile; ++r) sum[r] += hops_down_.amplitude[k] * from[r];
      }
      for (std::size_t r = 0; r < rows; ++r) y[(u + r) * length + d] += sum[r];
    }
  }
}

Eigen::MatrixXd SectorHamiltonian::dense() const {
  const auto n = static_cast<Eigen::Index>(dimension());
  Eigen::MatrixXd matrix(n, n);
  Eigen::VectorXd unit = Eigen::VectorXd::Zero(n);
  for (Eigen::Index i = 0; i < n; ++i) {
    unit(i) = 1;
    apply(unit.data(), matrix.col(i).data());
    unit(i) = 0;
  }
  return matrix;
}

Sector after_ladder(Sector sector, Spin spin, bool creates) {
  (spin == Spin::up ? sector.up : sector.down) += creates ? 1 : -1;
  return sector;
}

bool exists(const FermionCluster& cluster, Sector sector) {
  return sector.up >= 0 && sector.down >= 0 && sector.up <= cluster.sites() &&
         sector.down <= (cluster.spinless ? 0 : cluster.sites());
}

std::vector<double> ladder(const FermionCluster& cluster, Sector sector, Spin spin, int site, bool creates,
                           const std::vector<double>& state) {
  const Sector next = after_ladder(sector, spin, creates);
  if (!exists(cluster, next)) return {};
  const int sites = cluster.sites();
  const bool of_up = spin == Spin::up;
  const SpinBasis from(sites, of_up ? sector.up : sector.down), to(sites, of_up ? next.up : next.down);
  const std::size_t others = SpinBasis(sites, of_up ? sector.down : sector.up).size();
  const LadderMoves moves(from, to, site, creates);
  std::vector<double> image(to.size() * others);
  for (std::size_t k = 0; k < moves.source.size(); ++k)
    for (std::size_t o = 0; o < others; ++o) {
      const std::size_t target = of_up ? moves.target[k] * others + o : o * to.size() + moves.target[k];
      const std::size_t source = of_up ? moves.source[k] * others + o : o * from.size() + moves.source[k];
      image[target] = moves.sign[k] * state[source];
    }
  return image;
}

}  // namespace weiss
