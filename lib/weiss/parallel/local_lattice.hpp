// A rank's share of a lattice for the table-driven kernels: owned sites, then ghosts (neighbours that other
// ranks own), with neighbour lists in local indices and the halo exchange of one colour at a time.
//
// Owned sites are grouped by colour; within a colour those without ghost neighbours (interior) come first, so
// that they can be updated while the boundary's values are on their way.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "weiss/lattice/colouring.hpp"
#include "weiss/lattice/lattice.hpp"
#include "weiss/parallel/communicator.hpp"
#include "weiss/parallel/partition.hpp"

namespace weiss {

class LocalLattice {
 public:
  struct End {
    std::int32_t site;  // local index of the neighbour
    std::int32_t direction;
  };
  struct Range {
    std::int64_t first, last;  // half open
  };

  // Collective. The lattice must outlive this.
  LocalLattice(const Communicator& communicator, const Lattice& lattice, const Partition& partition,
               const Colouring& colouring);

  const Lattice& lattice() const { return *lattice_; }
  const Communicator& communicator() const { return *communicator_; }
  std::int64_t owned() const { return owned_; }
  std::int64_t total() const { return static_cast<std::int64_t>(global_.size()); }  // with ghosts
  std::span<const std::int64_t> global() const { return global_; }  // site of each local index
  std::int64_t local(std::int64_t site) const;                      // of an owned site; -1: not owned
  int colours() const { return static_cast<int>(interior_.size()); }
  Range interior(int colour) const { return interior_[static_cast<std::size_t>(colour)]; }
  Range boundary(int colour) const { return boundary_[static_cast<std::size_t>(colour)]; }
  std::span<const End> neighbours(std::int64_t local) const {
    const auto site = static_cast<std::size_t>(local);
    return std::span(ends_).subspan(static_cast<std::size_t>(first_end_[site]),
                                    static_cast<std::size_t>(first_end_[site + 1] - first_end_[site]));
  }

  // Sends this rank's boundary values of a colour and receives the ghosts' of that colour; values are one a
  // local index. start and finish must pair up, with the values of that colour unchanged between them.
  template <class T>
  void start_exchange(int colour, std::span<T> values) {
    Exchange& exchange = exchanges_[static_cast<std::size_t>(colour)];
    exchange.outgoing.resize(exchange.send.size() * sizeof(T));
    exchange.incoming.resize(exchange.receive.size() * sizeof(T));
    T* out = reinterpret_cast<T*>(exchange.outgoing.data());
    for (std::size_t i = 0; i < exchange.send.size(); ++i)
      out[i] = values[static_cast<std::size_t>(exchange.send[i])];
    post(exchange, sizeof(T));
  }
  template <class T>
  void finish_exchange(int colour, std::span<T> values) {
    Exchange& exchange = exchanges_[static_cast<std::size_t>(colour)];
    wait(exchange);
    const T* in = reinterpret_cast<const T*>(exchange.incoming.data());
    for (std::size_t i = 0; i < exchange.receive.size(); ++i)
      values[static_cast<std::size_t>(exchange.receive[i])] = in[i];
  }
  template <class T>
  void exchange_all(std::span<T> values) {
    for (int colour = 0; colour < colours(); ++colour) {
      start_exchange(colour, values);
      finish_exchange(colour, values);
    }
  }

 private:
  struct Peer {
    int rank;
    std::int64_t first, count;  // in the list below
  };
  struct Exchange {
    std::vector<std::int32_t> send, receive;  // local indices, peer by peer
    std::vector<Peer> send_to, receive_from;
    std::vector<std::byte> outgoing, incoming;
    std::vector<MPI_Request> requests;
  };

  void order_owned(const Partition& partition, const Colouring& colouring);
  void build_neighbours();
  void build_exchanges(const Partition& partition, const Colouring& colouring);
  void post(Exchange& exchange, std::size_t item_bytes);
  static void wait(Exchange& exchange);

  const Communicator* communicator_;
  const Lattice* lattice_;
  std::int64_t owned_ = 0;
  std::vector<std::int64_t> global_;
  std::vector<std::int64_t> by_site_;  // owned local indices in ascending site order
  std::vector<Range> interior_, boundary_;
  std::vector<End> ends_;
  std::vector<std::int64_t> first_end_;
  std::vector<Exchange> exchanges_;
};

}  // namespace weiss
