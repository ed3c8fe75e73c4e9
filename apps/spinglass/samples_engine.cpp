#include "spinglass/samples_engine.hpp"

#include <algorithm>
#include <array>

#include "weiss/lattice/disorder.hpp"
#include "weiss/lattice/graph_builders.hpp"

#include "spinglass/cluster_draw.hpp"

namespace weiss {

namespace {

constexpr std::int64_t lanes = sample_lanes;
constexpr int swap_tag = 4500;

using Counts = std::array<std::int32_t, sample_lanes>;

}  // namespace

std::vector<GlassUnit> sample_units(const Parameters& parameters, const GlassShape& shape) {
  std::vector<GlassUnit> units;
  const std::int64_t first = parameters.integer("model.realisation");
  for (std::size_t sample = 0; sample < shape.samples;) {
    const std::int64_t lane = (first + static_cast<std::int64_t>(sample)) % lanes;
    const std::size_t count = std::min(static_cast<std::size_t>(lanes - lane), shape.samples - sample);
    for (std::size_t t = 0; t < shape.temperatures; ++t) units.push_back({sample, count, t, 1});
    sample += count;
  }
  return units;
}

SamplesEngine::SamplesEngine(const TaskContext& context, const GlassShape& shape)
    : shape_(shape),
      first_realisation_(context.parameters.integer("model.realisation")),
      coupling_(context.parameters.real("model.coupling_width")),
      lattice_(glass_lattice_of(context.parameters)),
      topology_(lattice_),
      measurement_(topology_),
      units_(sample_units(context.parameters, shape), shape.temperatures, context.communicator) {
  const std::vector<double> betas = glass_algorithm_of(context.parameters).betas;
  for (std::size_t unit = units_.first(); unit < units_.last(); ++unit) {
    const std::uint64_t number = block_of(unit);
    if (blocks_.empty() || blocks_.back()->number != number) blocks_.push_back(make_block(context, number));
    own_.push_back(
        {unit, blocks_.back().get(),
         std::vector<SampleWords>(shape.replicas, SampleWords(static_cast<std::size_t>(sites())))});
  }
  for (Own& own : own_)
    for (std::size_t r = 0; r < shape.replicas; ++r) {
      const std::size_t temperature = units_[own.unit].first_temperature;
      own.block->configurations.push_back(
          {own.replicas[r], sample_thresholds(betas[temperature] * coupling_, topology_.degree()),
           (temperature * shape.replicas + r) * static_cast<std::uint64_t>(sites())});
    }
  std::vector<std::span<std::uint8_t>> pieces;
  for (Own& own : own_)
    for (SampleWords& words : own.replicas)
      pieces.emplace_back(reinterpret_cast<std::uint8_t*>(words.data()), words.size() * sizeof(SampleWord));
  bytes_.set(std::move(pieces), static_cast<std::size_t>(sites()) * sizeof(SampleWord),
             units_.first() * shape.replicas, units_.count() * shape.replicas);
  start(context.parameters, context.seed);
  if (glass_algorithm_of(context.parameters).cluster_every > 0) clusters_.emplace(lattice_graph(lattice_));
  for (const std::size_t d : longest_periodic_directions(lattice_)) {
    const int direction = static_cast<int>(d);
    phases_.emplace_back(lattice_.slices(direction));
    slices_.emplace_back(lattice_, direction);
  }
}

std::unique_ptr<SamplesEngine::Block> SamplesEngine::make_block(const TaskContext& context,
                                                                std::uint64_t number) const {
  SampleWords couplings;
  for (const auto& signs :
       coupling_signs(topology_.bonds(), context.parameters.real("model.ferromagnetic_fraction"),
                      context.seed, number)) {
    SampleWord word;
    std::copy(signs.begin(), signs.end(), word.element);
    couplings.push_back(word);
  }
  const SampleRandomness randomness = glass_algorithm_of(context.parameters).shared_random_bits
                                          ? SampleRandomness::shared
                                          : SampleRandomness::independent;
  const Stream stream(context.seed, number, StreamId::sample_heat_bath);
  std::vector<Stream> cluster_streams;
  for (std::uint64_t lane = 0; lane < lanes; ++lane)
    cluster_streams.emplace_back(context.seed, lanes * number + lane, StreamId::isoenergetic_cluster);
  return std::make_unique<Block>(Block{number,
                                       std::move(couplings),
                                       SampleHeatBath(topology_, stream, randomness),
                                       {},
                                       std::move(cluster_streams)});
}

std::uint64_t SamplesEngine::block_of(std::size_t unit) const {
  return static_cast<std::uint64_t>(
      (first_realisation_ + static_cast<std::int64_t>(units_[unit].first_sample)) / lanes);
}

template <class F>
void SamplesEngine::for_each_sample(std::size_t unit, F&& f) const {
  for (std::size_t s = 0; s < units_[unit].samples; ++s) {
    const std::size_t sample = units_[unit].first_sample + s;
    f(sample, static_cast<std::size_t>((first_realisation_ + static_cast<std::int64_t>(sample)) % lanes));
  }
}

std::vector<double> SamplesEngine::interactions() const {
  return std::vector<double>(shape_.samples, static_cast<double>(topology_.bonds()));
}

void SamplesEngine::start(const Parameters& parameters, std::uint64_t seed) {
  const bool ordered = parameters.text("algorithm.start") == "ordered";
  for (Own& own : own_) {
    const Stream stream(seed, own.block->number, StreamId::initial_state);
    for (std::size_t r = 0; r < shape_.replicas; ++r) {
      const std::size_t configuration = units_[own.unit].first_temperature * shape_.replicas + r;
      SampleWords& words = own.replicas[r];
      if (ordered)
        std::fill(words.begin(), words.end(), all_up);
      else
        fill_randomly(words, stream, configuration * words.size());
    }
  }
}

void SamplesEngine::sweep(std::int64_t step) {
  for (const auto& block : blocks_) block->heat_bath.sweep(block->configurations, block->couplings, step);
}

void SamplesEngine::energies(std::span<double> out) {
  for (Own& own : own_)
    for (std::size_t r = 0; r < shape_.replicas; ++r) {
      Counts unsatisfied;
      measurement_.unsatisfied_bonds(own.replicas[r], own.block->couplings, unsatisfied);
      for_each_sample(own.unit, [&](std::size_t sample, std::size_t lane) {
        out[row(sample, own.unit) * shape_.replicas + r] =
            coupling_ * static_cast<double>(2 * std::int64_t{unsatisfied[lane]} - topology_.bonds());
      });
    }
}

void SamplesEngine::measure(std::span<double> raw) {
  for (Own& own : own_) {
    for (std::size_t r = 0; r < shape_.replicas; ++r) {
      Counts unsatisfied;
      measurement_.unsatisfied_bonds(own.replicas[r], own.block->couplings, unsatisfied);
      Counts up;
      measurement_.up_spins(own.replicas[r], up);
      for_each_sample(own.unit, [&](std::size_t sample, std::size_t lane) {
        double* values = raw.data() + row(sample, own.unit) * shape_.width();
        values[RawRow::energy(r)] =
            coupling_ * static_cast<double>(2 * std::int64_t{unsatisfied[lane]} - topology_.bonds());
        values[RawRow::magnetization(shape_, r)] = static_cast<double>(2 * std::int64_t{up[lane]} - sites());
      });
    }
    std::size_t pair = 0;
    for (std::size_t a = 0; a < shape_.replicas; ++a)
      for (std::size_t b = a + 1; b < shape_.replicas; ++b) measure_pair(own, a, b, pair++, raw);
  }
}

void SamplesEngine::measure_pair(const Own& own, std::size_t a, std::size_t b, std::size_t pair,
                                 std::span<double> raw) const {
  const SampleWords& of_a = own.replicas[a];
  const SampleWords& of_b = own.replicas[b];
  Counts equal, links;
  measurement_.equal_sites(of_a, of_b, equal);
  measurement_.equal_bonds(of_a, of_b, links);
  for_each_sample(own.unit, [&](std::size_t sample, std::size_t lane) {
    double* values = raw.data() + row(sample, own.unit) * shape_.width();
    values[RawRow::overlap(shape_, pair)] = static_cast<double>(2 * std::int64_t{equal[lane]} - sites());
    values[RawRow::link_overlap(shape_, pair)] =
        static_cast<double>(2 * std::int64_t{links[lane]} - topology_.bonds());
    values[RawRow::overlap_at_kmin(shape_, pair)] = 0;
  });
  for (std::size_t d = 0; d < slices_.size(); ++d) {
    const auto count = static_cast<std::size_t>(slices_[d].slices());
    std::vector<std::int32_t> of_slice(count * static_cast<std::size_t>(lanes));
    measurement_.equal_sites(of_a, of_b, slices_[d], of_slice);
    std::vector<std::int64_t> counts(count);
    for_each_sample(own.unit, [&](std::size_t sample, std::size_t lane) {
      // Whole slices have no Fourier component, so equal sites alone count, twice.
      for (std::size_t s = 0; s < count; ++s)
        counts[s] = of_slice[s * static_cast<std::size_t>(lanes) + lane];
      raw[row(sample, own.unit) * shape_.width() + RawRow::overlap_at_kmin(shape_, pair)] +=
          4 * squared_modulus(counts, phases_[d]) / static_cast<double>(slices_.size());
    });
  }
}

void SamplesEngine::move_clusters(std::int64_t step, std::int64_t round, std::size_t temperatures,
                                  std::span<std::int64_t> sizes) {
  for (Own& own : own_)
    for (std::size_t r = first_cluster_replica(shape_, round); r + 1 < shape_.replicas; r += 2)
      if (units_[own.unit].first_temperature < temperatures) move_pair(own, r, step, sizes);
}

void SamplesEngine::move_pair(Own& own, std::size_t replica, std::int64_t step,
                              std::span<std::int64_t> sizes) {
  const std::size_t temperature = units_[own.unit].first_temperature;
  SampleWords& a = own.replicas[replica];
  SampleWords& b = own.replicas[replica + 1];
  Counts equal;
  measurement_.equal_sites(a, b, equal);
  std::vector<std::int64_t> starts(lanes, -1);
  SampleWord before, after;
  for_each_sample(own.unit, [&](std::size_t, std::size_t lane) {
    const ClusterDraw draw(own.block->cluster_streams[lane], step, replica, temperature, sites());
    starts[lane] = draw.start;
    set_lane_bit(before, static_cast<int>(lane), 2 * std::int64_t{equal[lane]} < sites());
    set_lane_bit(after, static_cast<int>(lane), draw.turn);
  });
  turn_lanes(b, before);
  const std::vector<std::int64_t> moved = clusters_->move(a, b, starts);
  for_each_sample(own.unit,
                  [&](std::size_t sample, std::size_t lane) { sizes[row(sample, own.unit)] += moved[lane]; });
  turn_lanes(b, after);
}

void SamplesEngine::swap_with_next(std::size_t unit, std::size_t replica, const SampleWord& mask) {
  const auto mine = [&](std::size_t number) {
    return number >= units_.first() && number < units_.last() ? &own_[number - units_.first()] : nullptr;
  };
  Own* low = mine(unit);
  Own* high = mine(unit + 1);
  if (low != nullptr && high != nullptr)
    return measurement_.exchange(low->replicas[replica], high->replicas[replica], mask);
  if (low == nullptr && high == nullptr) return;
  Own& own = low != nullptr ? *low : *high;
  const int other = units_.owner(low != nullptr ? unit + 1 : unit);
  const Communicator& communicator = units_.communicator();
  SampleWords& words = own.replicas[replica];
  std::vector<std::byte> received;
  // The lower one speaks first, so that the two do not both wait.
  if (low != nullptr) communicator.send_bytes(std::as_bytes(std::span(words)), other, swap_tag);
  received = communicator.receive_bytes(other, swap_tag);
  if (low == nullptr) communicator.send_bytes(std::as_bytes(std::span(words)), other, swap_tag);
  SampleWords theirs(words.size());
  std::copy_n(received.data(), received.size(), reinterpret_cast<std::byte*>(theirs.data()));
  measurement_.exchange(words, theirs, mask);
}

void SamplesEngine::exchange(std::span<const std::uint8_t> swaps) {
  const std::size_t pairs = shape_.temperatures - 1;
  // Every rank walks over all units in the same order, so messages meet.
  for (std::size_t unit = 0; unit < units_.count(); ++unit) {
    const std::size_t t = units_[unit].first_temperature;
    if (t + 1 >= shape_.temperatures) continue;
    for (std::size_t r = 0; r < shape_.replicas; ++r) {
      SampleWord mask;
      bool any = false;
      for_each_sample(unit, [&](std::size_t sample, std::size_t lane) {
        if (swaps[(sample * pairs + t) * shape_.replicas + r] == 0) return;
        set_lane_bit(mask, static_cast<int>(lane), true);
        any = true;
      });
      if (any) swap_with_next(unit, r, mask);
    }
  }
}

}  // namespace weiss
