#include "spinglass/lanes_engine.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

#include "spinglass/cluster_draw.hpp"

namespace weiss {

namespace {

constexpr std::size_t lanes = 8;
constexpr int swap_tag = 4400;

std::size_t octets_of(std::size_t temperatures) { return (temperatures + lanes - 1) / lanes; }

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
      measurement_(context.parameters),
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
    field_sums_.push_back(std::accumulate(graph.field.begin(), graph.field.end(), 0.0));
    if (!owned) continue;
    const Stream stream(context.seed, static_cast<std::uint64_t>(realisations[s]), StreamId::lane_heat_bath);
    LaneHeatBath heat_bath(graph, stream);
    const Stream clusters(context.seed, static_cast<std::uint64_t>(realisations[s]),
                          StreamId::isoenergetic_cluster);
    samples_[s] = std::make_unique<Sample>(Sample{std::move(graph), std::move(heat_bath), clusters, {}});
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
  std::vector<LanePair> pairs;
  for (std::size_t t = 0; t < temperatures; ++t)
    pairs.emplace_back(planes.of(static_cast<std::int64_t>(a * lanes + t)),
                       planes.of(static_cast<std::int64_t>(b * lanes + t)));
  const auto values = measurement_.of_pairs(own.sample->graph, pairs);
  for (std::size_t t = 0; t < temperatures; ++t) {
    double* row = raw.data() + t * shape_.width();
    row[RawRow::overlap(shape_, pair)] = values[t].overlap;
    row[RawRow::link_overlap(shape_, pair)] = values[t].link_overlap;
    row[RawRow::overlap_at_kmin(shape_, pair)] = values[t].overlap_at_kmin;
  }
}

void LanesEngine::move_clusters(std::int64_t step, std::int64_t round, std::size_t temperatures,
                                std::span<std::int64_t> sizes) {
  for (Own& own : own_)
    for (std::size_t r = first_cluster_replica(shape_, round); r + 1 < shape_.replicas; r += 2)
      move_pair(own, r, step, temperatures, sizes);
}

void LanesEngine::move_pair(Own& own, std::size_t replica, std::int64_t step, std::size_t temperatures,
                            std::span<std::int64_t> sizes) {
  const GlassUnit& unit = units_[own.unit];
  Sample& sample = *own.sample;
  if (!sample.clusters) sample.clusters.emplace(sample.graph);
  const std::span<std::uint8_t> a = octet(own, replica), b = octet(own, replica + 1);
  std::array<std::int64_t, lanes> differing{}, starts;
  for (std::size_t site = 0; site < a.size(); ++site)
    for (std::size_t lane = 0; lane < lanes; ++lane)
      differing[lane] += (static_cast<unsigned>(a[site] ^ b[site]) >> lane) & 1U;
  const bool symmetric = sample.graph.field.empty() && sample.graph.order % 2 == 0;
  unsigned before = 0, after = 0;
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    const std::size_t temperature = unit.first_temperature + lane;
    starts[lane] = -1;
    if (lane >= unit.temperatures || temperature >= temperatures) continue;
    const ClusterDraw draw(sample.cluster_stream, step, replica, temperature, sites_);
    starts[lane] = draw.start;
    if (!symmetric) continue;
    before |= static_cast<unsigned>(2 * differing[lane] > sites_) << lane;
    after |= static_cast<unsigned>(draw.turn) << lane;
  }
  turn_lanes(b, static_cast<std::uint8_t>(before));
  const std::vector<std::int64_t> moved = sample.clusters->move(a, b, starts);
  turn_lanes(b, static_cast<std::uint8_t>(after));
  for (std::size_t lane = 0; lane < unit.temperatures; ++lane)
    sizes[unit.first_sample * shape_.temperatures + unit.first_temperature + lane] += moved[lane];
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
