#include "weiss/parallel/local_lattice.hpp"

#include <algorithm>
#include <limits>

#include "weiss/base/error.hpp"

namespace weiss {

namespace {

constexpr int halo_tag = 11;

}  // namespace

LocalLattice::LocalLattice(const Communicator& communicator, const Lattice& lattice,
                           const Partition& partition, const Colouring& colouring)
    : communicator_(&communicator), lattice_(&lattice) {
  order_owned(partition, colouring);
  build_neighbours();
  build_exchanges(partition, colouring);
}

void LocalLattice::order_owned(const Partition& partition, const Colouring& colouring) {
  const std::vector<std::int64_t> sites = partition.owned(communicator_->rank());
  owned_ = static_cast<std::int64_t>(sites.size());
  const bool alone = partition.ranks_used() == 1;
  // Group 2 c holds the interior of colour c, group 2 c + 1 its boundary.
  std::vector<std::vector<std::int64_t>> groups(2 * static_cast<std::size_t>(colouring.colours));
  for (const std::int64_t site : sites) {
    bool inside = true;
    if (!alone)
      lattice_->for_each_neighbour(site, [&](std::int64_t other, int) {
        inside = inside && partition.owner(other) == communicator_->rank();
      });
    groups[2 * static_cast<std::size_t>(colouring.colour[static_cast<std::size_t>(site)]) + (inside ? 0 : 1)]
        .push_back(site);
  }
  for (std::size_t group = 0; group < groups.size(); ++group) {
    const auto first = static_cast<std::int64_t>(global_.size());
    global_.insert(global_.end(), groups[group].begin(), groups[group].end());
    (group % 2 == 0 ? interior_ : boundary_).push_back({first, static_cast<std::int64_t>(global_.size())});
  }
  by_site_.resize(sites.size());
  for (std::size_t i = 0; i < by_site_.size(); ++i) by_site_[i] = static_cast<std::int64_t>(i);
  std::sort(by_site_.begin(), by_site_.end(), [&](std::int64_t a, std::int64_t b) {
    return global_[static_cast<std::size_t>(a)] < global_[static_cast<std::size_t>(b)];
  });
}

std::int64_t LocalLattice::local(std::int64_t site) const {
  const auto found =
      std::lower_bound(by_site_.begin(), by_site_.end(), site, [&](std::int64_t index, std::int64_t value) {
        return global_[static_cast<std::size_t>(index)] < value;
      });
  return found != by_site_.end() && global_[static_cast<std::size_t>(*found)] == site ? *found : -1;
}

void LocalLattice::build_neighbours() {
  std::vector<std::int32_t> dense;  // local index by site
  if (lattice_->sites() > std::numeric_limits<std::int32_t>::max() - 1)
    throw Error(ExitCode::bad_deck,
                "lattice.L: more than 2^31 sites need the bit-packed kernel: heat_bath on square or "
                "cubic, periodic, one coupling, no field");
  dense.assign(static_cast<std::size_t>(lattice_->sites()), -1);
  for (std::int64_t i = 0; i < owned_; ++i)
    dense[static_cast<std::size_t>(global_[static_cast<std::size_t>(i)])] = static_cast<std::int32_t>(i);
  first_end_.push_back(0);
  for (std::int64_t i = 0; i < owned_; ++i) {
    lattice_->for_each_neighbour(global_[static_cast<std::size_t>(i)],
                                 [&](std::int64_t other, int direction) {
                                   std::int32_t& index = dense[static_cast<std::size_t>(other)];
                                   if (index < 0) {
                                     index = static_cast<std::int32_t>(global_.size());
                                     global_.push_back(other);
                                   }
                                   ends_.push_back({index, direction});
                                 });
    first_end_.push_back(static_cast<std::int64_t>(ends_.size()));
  }
}

void LocalLattice::build_exchanges(const Partition& partition, const Colouring& colouring) {
  exchanges_.resize(static_cast<std::size_t>(colouring.colours));
  if (partition.ranks_used() == 1) return;
  const auto ranks = static_cast<std::size_t>(communicator_->size());
  // Each rank asks the owners for its ghosts, in ascending site order; they answer in that order ever after.
  std::vector<std::int64_t> ghosts(global_.begin() + owned_, global_.end());
  std::vector<std::int32_t> index(ghosts.size());
  for (std::size_t i = 0; i < index.size(); ++i) index[i] = static_cast<std::int32_t>(i);
  std::sort(index.begin(), index.end(), [&](std::int32_t a, std::int32_t b) {
    return ghosts[static_cast<std::size_t>(a)] < ghosts[static_cast<std::size_t>(b)];
  });
  for (std::size_t colour = 0; colour < exchanges_.size(); ++colour) {
    Exchange& exchange = exchanges_[colour];
    std::vector<std::vector<std::int64_t>> wanted(ranks);
    std::vector<std::vector<std::int32_t>> places(ranks);
    for (const std::int32_t i : index) {
      const std::int64_t site = ghosts[static_cast<std::size_t>(i)];
      if (colouring.colour[static_cast<std::size_t>(site)] != colour) continue;
      const auto owner = static_cast<std::size_t>(partition.owner(site));
      wanted[owner].push_back(site);
      places[owner].push_back(static_cast<std::int32_t>(owned_) + i);
    }
    const std::vector<std::vector<std::int64_t>> asked = communicator_->all_to_all_varying(wanted);
    for (std::size_t rank = 0; rank < ranks; ++rank) {
      if (!places[rank].empty()) {
        exchange.receive_from.push_back({static_cast<int>(rank),
                                         static_cast<std::int64_t>(exchange.receive.size()),
                                         static_cast<std::int64_t>(places[rank].size())});
        exchange.receive.insert(exchange.receive.end(), places[rank].begin(), places[rank].end());
      }
      if (asked[rank].empty()) continue;
      exchange.send_to.push_back({static_cast<int>(rank), static_cast<std::int64_t>(exchange.send.size()),
                                  static_cast<std::int64_t>(asked[rank].size())});
      for (const std::int64_t site : asked[rank])
        exchange.send.push_back(static_cast<std::int32_t>(local(site)));
    }
  }
}

void LocalLattice::post(Exchange& exchange, std::size_t item_bytes) {
  exchange.requests.clear();
  const auto bytes = [&](std::int64_t items) { return static_cast<std::size_t>(items) * item_bytes; };
  for (const Peer& peer : exchange.receive_from)
    MPI_Irecv(exchange.incoming.data() + bytes(peer.first), static_cast<int>(bytes(peer.count)), MPI_BYTE,
              peer.rank, halo_tag, communicator_->handle(), &exchange.requests.emplace_back());
  for (const Peer& peer : exchange.send_to)
    MPI_Isend(exchange.outgoing.data() + bytes(peer.first), static_cast<int>(bytes(peer.count)), MPI_BYTE,
              peer.rank, halo_tag, communicator_->handle(), &exchange.requests.emplace_back());
}

void LocalLattice::wait(Exchange& exchange) {
  if (!exchange.requests.empty())
    MPI_Waitall(static_cast<int>(exchange.requests.size()), exchange.requests.data(), MPI_STATUSES_IGNORE);
  exchange.requests.clear();
}

}  // namespace weiss
