#include "spinglass/lanes_engine.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace weiss {

namespace {

constexpr std::size_t lanes = 8;
constexpr int swap_tag = 4400;

std::size_t octets_of(std::size_t temperatures) { return (temperatures + lanes - 1) / lanes; }

// The sum over all p-tuples of prod sigma, from Q = sum sigma of N signs, by Newton's identities with power
// sums Q, N, Q, N ...
double elementary_symmetric(int p, double q, double n) {
  std::vector<double> e{1};
  for (int k = 1; k <= p; ++k) {
    double sum = 0, sign = 1;
    for (int i = 1; i <= k; ++i, sign = -sign)
      sum += sign * e[static_cast<std::size_t>(k - i)] * (i % 2 == 1 ? q : n);
    e.push_back(sum / k);
  }
  return e.back();
}

}  // namespace

std::vector<GlassUnit> lane_units(const GlassShape& shape) {
  std::vector<GlassUnit> units;
  for (std::size_t s = 0; s < shape.samples; ++s)
    for (std::size_t first = 0; first < shape.temperatures; first += lanes)
      units.push_back({s, 1, first, std::min(lanes, shape.temperatures - first)});
  return units;
}

LanesEngine::LanesEngine(const TaskContext& context, const GlassShape& shape)
    : shape_(shape),
      complete_graph_(context.parameters.text("lattice.kind") == "complete"),
      units_(lane_units(shape), shape.temperatures, context.communicator) {
  const Parameters& parameters = context.parameters;
  const std::vector<std::int64_t> realisations = realisations_of(parameters);
  const std::vector<double> betas = glass_algorithm_of(parameters).betas;
  samples_.resize(shape.samples);
  for (std::size_t s = 0; s < shape.samples; ++s) {
    const std::size_t first_unit = s * octets_of(shape.temperatures);
    const bool owned =
        first_unit < units_.last() && first_unit + octets_of(shape.temperatures) > units_.first();
    InteractionGraph graph = make_realisation(parameters, realisations[s]);
    sites_ = graph.sites;
    interactions_.push_back(static_cast<double>(graph.interactions()));
    if (!owned) continue;
    const Stream stream(context.seed, static_cast<std::uint64_t>(realisations[s]), StreamId::lane_heat_bath);
    LaneHeatBath heat_bath(graph, stream);
    samples_[s] = std::make_unique<Sample>(Sample{std::move(graph), std::move(heat_bath)});
  }
  const auto replicas = static_cast<std::int64_t>(shape.replicas);
  for (std::size_t unit = units_.first(); unit < units_.last(); ++unit) {
    Own own{unit, samples_[units_[unit].first_sample].get(), LaneField(sites_, replicas), {}};
    for (std::size_t r = 0; r < shape.replicas; ++r)
      for (std::size_t lane = 0; lane < lanes; ++lane)
        own.betas.push_back(betas[std::min(units_[unit].first_temperature + lane, betas.size() - 1)]);
    own_.push_back(std::move(own));
  }
  std::vector<std::span<std::uint8_t>> pieces;
  for (Own& own : own_)
    for (std::size_t r = 0; r < shape.replicas; ++r) pieces.push_back(octet(own, r));
  bytes_.set(std::move(pieces), static_cast<std::size_t>(sites_), units_.first() * shape.replicas,
             units_.count() * shape.replicas);
  start(parameters, context.seed);
  if (!has_lattice(parameters)) return;
  const Lattice lattice = glass_lattice_of(parameters);
  for (const std::size_t d : longest_periodic_directions(lattice)) {
    phases_.emplace_back(lattice.slices(static_cast<int>(d)));
    std::vector<std::int32_t> slice;
    for (std::int64_t site = 0; site < sites_; ++site)
      slice.push_back(static_cast<std::int32_t>(lattice.slice(site, static_cast<int>(d))));
    slices_.emplace_back(slice, lattice.slices(static_cast<int>(d)));
  }
}

void LanesEngine::start(const Parameters& parameters, std::uint64_t seed) {
  const bool ordered = parameters.text("algorithm.start") == "ordered";
  const std::vector<std::int64_t> realisations = realisations_of(parameters);
  for (Own& own : own_) {
    const GlassUnit& unit = units_[own.unit];
    const Stream stream(seed, static_cast<std::uint64_t>(realisations[unit.first_sample]),
                        StreamId::initial_state);
    for (std::size_t r = 0; r < shape_.replicas; ++r) {
      const std::size_t number = unit.first_temperature / lanes * shape_.replicas + r;
      const std::span<std::uint8_t> bytes = octet(own, r);
      for (std::size_t site = 0; site < bytes.size(); ++site)
        bytes[site] =
            ordered ? std::uint8_t{0xff}
                    : static_cast<std::uint8_t>(stream.bits(0, site, static_cast<std::uint32_t>(number)));
    }
  }
}

void LanesEngine::sweep(std::int64_t step) {
  for (Own& own : own_) {
    const std::size_t octet = units_[own.unit].first_temperature / lanes * shape_.replicas;
    own.sample->heat_bath.sweep(own.field, own.betas, step, static_cast<std::int64_t>(lanes * octet));
  }
}

void LanesEngine::energies(std::span<double> out) {
  for (Own& own : own_) {
    const GlassUnit& unit = units_[own.unit];
    const std::vector<double> all = own.sample->heat_bath.energies(own.field);
    for (std::size_t t = 0; t < unit.temperatures; ++t)
      for (std::size_t r = 0; r < shape_.replicas; ++r)
        out[(unit.first_sample * shape_.temperatures + unit.first_temperature + t) * shape_.replicas + r] =
            all[r * lanes + t];
  }
}

void LanesEngine::measure(std::span<double> raw) {
  for (Own& own : own_) measure_unit(own, raw);
}

void LanesEngine::measure_unit(Own& own, std::span<double> raw) const {
  const GlassUnit& unit = units_[own.unit];
  const std::size_t first_row = unit.first_sample * shape_.temperatures + unit.first_temperature;
  const std::vector<double> energies = own.sample->heat_bath.energies(own.field);
  const LanePlanes planes(own.field);
  for (std::size_t t = 0; t < unit.temperatures; ++t) {
    double* row = raw.data() + (first_row + t) * shape_.width();
    for (std::size_t r = 0; r < shape_.replicas; ++r) {
      const std::int64_t up = count_up(planes.of(static_cast<std::int64_t>(r * lanes + t)));
      row[RawRow::energy(r)] = energies[r * lanes + t];
      row[RawRow::magnetization(shape_, r)] = static_cast<double>(2 * up - sites_);
    }
  }
  std::size_t pair = 0;
  for (std::size_t a = 0; a < shape_.replicas; ++a)
    for (std::size_t b = a + 1; b < shape_.replicas; ++b)
      measure_pair(own, planes, a, b, pair++, raw.subspan(first_row * shape_.width()));
}

void LanesEngine::measure_pair(const Own& own, const LanePlanes& planes, std::size_t a, std::size_t b,
                               std::size_t pair, std::span<double> raw) const {
  const std::size_t temperatures = units_[own.unit].temperatures;
  const InteractionGraph& graph = own.sample->graph;
  std::vector<std::pair<LanePlane, LanePlane>> pairs;
  for (std::size_t t = 0; t < temperatures; ++t)
    pairs.emplace_back(planes.of(static_cast<std::int64_t>(a * lanes + t)),
                       planes.of(static_cast<std::int64_t>(b * lanes + t)));
  std::array<std::int64_t, lanes> unequal_links{};
  if (!complete_graph_) unequal_links = count_unequal_links(graph, pairs);
  for (std::size_t t = 0; t < temperatures; ++t) {
    double* row = raw.data() + t * shape_.width();
    const auto q = static_cast<double>(sites_ - 2 * count_unequal(pairs[t].first, pairs[t].second));
    row[RawRow::overlap(shape_, pair)] = q;
    row[RawRow::link_overlap(shape_, pair)] =
        complete_graph_ ? elementary_symmetric(graph.order, q, static_cast<double>(sites_))
                        : static_cast<double>(graph.interactions() - 2 * unequal_links[t]);
    double& at_kmin = row[RawRow::overlap_at_kmin(shape_, pair)];
    at_kmin = 0;
    for (std::size_t d = 0; d < slices_.size(); ++d) {
      // Whole slices have no Fourier component, so unequal sites alone count, twice and with either sign.
      std::vector<std::int64_t> unequal(static_cast<std::size_t>(slices_[d].slices()));
      slices_[d].count_unequal(pairs[t].first, pairs[t].second, unequal);
      at_kmin += 4 * squared_modulus(unequal, phases_[d]) / static_cast<double>(slices_.size());
    }
  }
}

// Exchanges lanes c and c + 1 of every byte where bit c of the mask is set; no two such bits are neighbours.
void exchange_lanes(std::span<std::uint8_t> bytes, unsigned mask) {
  for (std::uint8_t& byte : bytes) {
    const unsigned differ = (byte ^ (byte >> 1U)) & mask;
    byte = static_cast<std::uint8_t>(byte ^ (differ | differ << 1U));
  }
}

void LanesEngine::swap_inside(Own& own, std::size_t replica, std::span<const std::uint8_t> swaps) {
  const GlassUnit& unit = units_[own.unit];
  const std::size_t pairs = shape_.temperatures - 1;
  unsigned mask = 0;
  for (std::size_t t = 0; t + 1 < unit.temperatures; ++t)
    if (swaps[(unit.first_sample * pairs + unit.first_temperature + t) * shape_.replicas + replica] != 0)
      mask |= 1U << t;
  if (mask != 0) exchange_lanes(octet(own, replica), mask);
}

// Whether the hottest temperature of a unit and the coldest of the next one change places.
bool LanesEngine::swaps_across(std::size_t unit, std::size_t replica,
                               std::span<const std::uint8_t> swaps) const {
  const std::size_t hottest = units_[unit].first_temperature + units_[unit].temperatures - 1;
  if (hottest + 1 >= shape_.temperatures) return false;
  const std::size_t pairs = shape_.temperatures - 1;
  return swaps[(units_[unit].first_sample * pairs + hottest) * shape_.replicas + replica] != 0;
}

// Lane 7 of this unit's octet and lane 0 of the next unit's one, on whichever ranks they are.
void LanesEngine::swap_across(std::size_t unit, std::size_t replica) {
  const auto mine = [&](std::size_t number) {
    return number >= units_.first() && number < units_.last() ? &own_[number - units_.first()] : nullptr;
  };
  const auto take = [](std::span<std::uint8_t> bytes, unsigned lane, std::span<const std::byte> other,
                       unsigned other_lane) {
    for (std::size_t site = 0; site < bytes.size(); ++site) {
      const unsigned bit = std::to_integer<unsigned>(other[site]) >> other_lane & 1U;
      bytes[site] = static_cast<std::uint8_t>((bytes[site] & ~(1U << lane)) | bit << lane);
    }
  };
  Own* low = mine(unit);
  Own* high = mine(unit + 1);
  if (low == nullptr && high == nullptr) return;
  std::vector<std::byte> of_low, of_high;
  const auto copy = [&](Own& own) {
    const auto bytes = std::as_bytes(octet(own, replica));
    return std::vector<std::byte>(bytes.begin(), bytes.end());
  };
  if (low != nullptr) of_low = copy(*low);
  if (high != nullptr) of_high = copy(*high);
  const Communicator& communicator = units_.communicator();
  if (low != nullptr && high == nullptr) {
    communicator.send_bytes(of_low, units_.owner(unit + 1), swap_tag);
    of_high = communicator.receive_bytes(units_.owner(unit + 1), swap_tag);
  } else if (high != nullptr && low == nullptr) {
    of_low = communicator.receive_bytes(units_.owner(unit), swap_tag);
    communicator.send_bytes(of_high, units_.owner(unit), swap_tag);
  }
  if (low != nullptr) take(octet(*low, replica), lanes - 1, of_high, 0);
  if (high != nullptr) take(octet(*high, replica), 0, of_low, lanes - 1);
}

void LanesEngine::exchange(std::span<const std::uint8_t> swaps) {
  for (Own& own : own_)
    for (std::size_t r = 0; r < shape_.replicas; ++r) swap_inside(own, r, swaps);
  // Every rank walks over all units in the same order, so messages meet.
  for (std::size_t unit = 0; unit + 1 < units_.count(); ++unit)
    for (std::size_t r = 0; r < shape_.replicas; ++r)
      if (swaps_across(unit, r, swaps)) swap_across(unit, r);
}

}  // namespace weiss
