#include "spinglass/packed_engine.hpp"

#include <algorithm>
#include <utility>

#include "weiss/lattice/disorder.hpp"
#include "weiss/lattice/graph_builders.hpp"

#include "spinglass/cluster_draw.hpp"

namespace weiss {

namespace {

constexpr int swap_tag = 4600;

}  // namespace

std::vector<GlassUnit> packed_units(const GlassShape& shape) {
  std::vector<GlassUnit> units;
  for (std::size_t s = 0; s < shape.samples; ++s)
    for (std::size_t t = 0; t < shape.temperatures; ++t) units.push_back({s, 1, t, 1});
  return units;
}

PackedGlassEngine::PackedGlassEngine(const TaskContext& context, const GlassShape& shape)
    : shape_(shape),
      coupling_(context.parameters.real("model.coupling_width")),
      topology_(PackedLayout(glass_lattice_of(context.parameters).extents())),
      measurement_(topology_),
      units_(packed_units(shape), shape.temperatures, context.communicator) {
  const std::vector<double> betas = glass_algorithm_of(context.parameters).betas;
  const std::vector<std::int64_t> realisations = realisations_of(context.parameters);
  for (std::size_t unit = units_.first(); unit < units_.last(); ++unit) {
    const std::int64_t realisation = realisations[units_[unit].first_sample];
    if (samples_.empty() || samples_.back()->realisation != static_cast<std::uint64_t>(realisation))
      samples_.push_back(make_sample(context, realisation));
    own_.push_back(
        {unit, samples_.back().get(),
         sample_thresholds(betas[units_[unit].first_temperature] * coupling_, topology_.degree()),
         std::vector<SampleWords>(shape.replicas, SampleWords(static_cast<std::size_t>(topology_.words())))});
  }
  bind_bytes();
  start(context.parameters, context.seed);
  const Lattice lattice = glass_lattice_of(context.parameters);
  if (glass_algorithm_of(context.parameters).cluster_every > 0) clusters_.emplace(lattice_graph(lattice));
  for (const std::size_t d : longest_periodic_directions(lattice)) {
    directions_.push_back(static_cast<int>(d));
    phases_.emplace_back(lattice.slices(directions_.back()));
  }
}

std::unique_ptr<PackedGlassEngine::Sample> PackedGlassEngine::make_sample(const TaskContext& context,
                                                                          std::int64_t realisation) const {
  const auto number = static_cast<std::uint64_t>(realisation);
  SampleWords couplings = topology_.couplings(positive_couplings(
      topology_.bonds(), context.parameters.real("model.ferromagnetic_fraction"), context.seed, number));
  const Stream stream(context.seed, number, StreamId::packed_glass);
  return std::make_unique<Sample>(Sample{number, std::move(couplings), PackedGlassHeatBath(topology_, stream),
                                         Stream(context.seed, number, StreamId::isoenergetic_cluster)});
}

std::vector<double> PackedGlassEngine::interactions() const {
  return std::vector<double>(shape_.samples, static_cast<double>(topology_.bonds()));
}

std::uint64_t PackedGlassEngine::first_index(const Own& own, std::size_t replica) const {
  return (units_[own.unit].first_temperature * shape_.replicas + replica) *
         static_cast<std::uint64_t>(topology_.words());
}

void PackedGlassEngine::start(const Parameters& parameters, std::uint64_t seed) {
  const bool ordered = parameters.text("algorithm.start") == "ordered";
  for (Own& own : own_) {
    const Stream stream(seed, own.sample->realisation, StreamId::initial_state);
    for (std::size_t r = 0; r < shape_.replicas; ++r)
      if (ordered)
        std::fill(own.replicas[r].begin(), own.replicas[r].end(), all_up);
      else
        fill_randomly(own.replicas[r], stream, first_index(own, r));
  }
}

// Exchanges move whole configurations, so pieces follow them.
void PackedGlassEngine::bind_bytes() {
  const std::size_t size = static_cast<std::size_t>(topology_.words()) * sizeof(SampleWord);
  std::vector<std::span<std::uint8_t>> pieces;
  for (Own& own : own_)
    for (SampleWords& words : own.replicas)
      pieces.emplace_back(reinterpret_cast<std::uint8_t*>(words.data()), size);
  bytes_.set(std::move(pieces), size, units_.first() * shape_.replicas, units_.count() * shape_.replicas);
}

void PackedGlassEngine::sweep(std::int64_t step) {
  for (Own& own : own_)
    for (std::size_t r = 0; r < shape_.replicas; ++r)
      own.sample->heat_bath.sweep({own.replicas[r], own.thresholds, first_index(own, r)},
                                  own.sample->couplings, step);
}

double PackedGlassEngine::energy(const Own& own, std::size_t replica) const {
  const std::int64_t unsatisfied =
      measurement_.unsatisfied_bonds(own.replicas[replica], own.sample->couplings);
  return coupling_ * static_cast<double>(2 * unsatisfied - topology_.bonds());
}

void PackedGlassEngine::energies(std::span<double> out) {
  for (Own& own : own_)
    for (std::size_t r = 0; r < shape_.replicas; ++r) out[row(own) * shape_.replicas + r] = energy(own, r);
}

void PackedGlassEngine::measure(std::span<double> raw) {
  for (Own& own : own_) {
    double* values = raw.data() + row(own) * shape_.width();
    for (std::size_t r = 0; r < shape_.replicas; ++r) {
      values[RawRow::energy(r)] = energy(own, r);
      values[RawRow::magnetization(shape_, r)] =
          static_cast<double>(2 * measurement_.up_spins(own.replicas[r]) - sites());
    }
    std::size_t pair = 0;
    for (std::size_t a = 0; a < shape_.replicas; ++a)
      for (std::size_t b = a + 1; b < shape_.replicas; ++b) measure_pair(own, a, b, pair++, values);
  }
}

void PackedGlassEngine::measure_pair(const Own& own, std::size_t a, std::size_t b, std::size_t pair,
                                     double* values) {
  measurement_.compare(own.replicas[a], own.replicas[b]);
  values[RawRow::overlap(shape_, pair)] = static_cast<double>(sites() - 2 * measurement_.unequal_sites());
  values[RawRow::link_overlap(shape_, pair)] =
      static_cast<double>(topology_.bonds() - 2 * measurement_.unequal_bonds());
  double& at_kmin = values[RawRow::overlap_at_kmin(shape_, pair)];
  at_kmin = 0;
  // Whole slices have no Fourier component, so unequal sites alone count, twice and with either sign.
  for (std::size_t d = 0; d < directions_.size(); ++d)
    at_kmin += 4 * squared_modulus(measurement_.unequal_sites(directions_[d]), phases_[d]) /
               static_cast<double>(directions_.size());
}

void PackedGlassEngine::move_clusters(std::int64_t step, std::int64_t round, std::size_t temperatures,
                                      std::span<std::int64_t> sizes) {
  for (Own& own : own_)
    for (std::size_t r = first_cluster_replica(shape_, round); r + 1 < shape_.replicas; r += 2)
      if (units_[own.unit].first_temperature < temperatures) sizes[row(own)] += move_pair(own, r, step);
}

// Clusters grow site by site, so the two configurations become a byte a site and return.
std::int64_t PackedGlassEngine::move_pair(Own& own, std::size_t replica, std::int64_t step) {
  SampleWords* words[2] = {&own.replicas[replica], &own.replicas[replica + 1]};
  std::vector<std::uint8_t> spins[2];
  std::int64_t differing = 0;
  for (std::int64_t site = 0; site < sites(); ++site) {
    const auto [word, lane] = topology_.place(site);
    for (int k = 0; k < 2; ++k) spins[k].push_back(lane_bit((*words[k])[word], lane) ? 1 : 0);
    differing += spins[0].back() ^ spins[1].back();
  }
  const ClusterDraw draw(own.sample->cluster_stream, step, replica, units_[own.unit].first_temperature,
                         sites());
  if (2 * differing > sites()) turn_lanes(spins[1], 1);
  std::vector<std::int64_t> starts(8, -1);
  starts[0] = draw.start;
  const std::int64_t size = clusters_->move(spins[0], spins[1], starts)[0];
  if (draw.turn) turn_lanes(spins[1], 1);
  for (std::int64_t site = 0; site < sites(); ++site) {
    const auto [word, lane] = topology_.place(site);
    for (int k = 0; k < 2; ++k)
      set_lane_bit((*words[k])[word], lane, spins[k][static_cast<std::size_t>(site)] != 0);
  }
  return size;
}

void PackedGlassEngine::swap_with_next(std::size_t unit, std::size_t replica) {
  const auto mine = [&](std::size_t number) {
    return number >= units_.first() && number < units_.last() ? &own_[number - units_.first()] : nullptr;
  };
  Own* low = mine(unit);
  Own* high = mine(unit + 1);
  if (low != nullptr && high != nullptr) return std::swap(low->replicas[replica], high->replicas[replica]);
  if (low == nullptr && high == nullptr) return;
  SampleWords& words = (low != nullptr ? *low : *high).replicas[replica];
  const auto bytes = std::as_writable_bytes(std::span(words));
  const int other = units_.owner(low != nullptr ? unit + 1 : unit);
  const Communicator& communicator = units_.communicator();
  // The lower one speaks first, so that the two do not both wait.
  if (low != nullptr) communicator.send_bytes(bytes, other, swap_tag);
  const std::vector<std::byte> received = communicator.receive_bytes(other, swap_tag);
  if (low == nullptr) communicator.send_bytes(bytes, other, swap_tag);
  std::copy(received.begin(), received.end(), bytes.begin());
}

void PackedGlassEngine::exchange(std::span<const std::uint8_t> swaps) {
  const std::size_t pairs = shape_.temperatures - 1;
  // Every rank walks over all units in the same order, so messages meet.
  for (std::size_t unit = 0; unit < units_.count(); ++unit) {
    const std::size_t sample = units_[unit].first_sample, t = units_[unit].first_temperature;
    if (t + 1 >= shape_.temperatures) continue;
    for (std::size_t r = 0; r < shape_.replicas; ++r)
      if (swaps[(sample * pairs + t) * shape_.replicas + r] != 0) swap_with_next(unit, r);
  }
  bind_bytes();
}

}  // namespace weiss
