#include "spinglass/samples_engine.hpp"

#include <algorithm>

#include "weiss/lattice/disorder.hpp"
#include "weiss/simulation/lattice_keys.hpp"

namespace weiss {

namespace {

constexpr std::int64_t lanes = 512;
constexpr int swap_tag = 4500;

Lattice lattice_of(const Parameters& parameters) {
  return Lattice::regular(kind_of(parameters), extents_of(parameters), boundary_of(parameters));
}

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
      shared_(glass_algorithm_of(context.parameters).shared_random_bits),
      lattice_(lattice_of(context.parameters)),
      topology_(lattice_),
      units_(sample_units(context.parameters, shape), shape.temperatures, context.communicator) {
  const std::vector<double> betas = glass_algorithm_of(context.parameters).betas;
  for (std::size_t unit = units_.first(); unit < units_.last(); ++unit) {
    const std::uint64_t number = block_of(unit);
    if (blocks_.empty() || blocks_.back()->number != number) {
      Words couplings;
      for (const auto& signs :
           coupling_signs(topology_.interactions(), context.parameters.real("model.ferromagnetic_fraction"),
                          context.seed, number))
        couplings.push_back({signs});
      const Stream stream(context.seed, number, StreamId::sample_heat_bath);
      blocks_.push_back(
          std::make_unique<Block>(Block{number, SampleHeatBath(topology_, std::move(couplings), stream)}));
    }
    const double beta = betas[units_[unit].first_temperature];
    own_.push_back({unit, blocks_.back().get(), SampleHeatBath::thresholds(beta * coupling_),
                    std::vector<Words>(shape.replicas, Words(static_cast<std::size_t>(sites())))});
  }
  std::vector<std::span<std::uint8_t>> pieces;
  for (Own& own : own_)
    for (Words& words : own.replicas)
      pieces.emplace_back(reinterpret_cast<std::uint8_t*>(words.data()), words.size() * sizeof(SampleWord));
  bytes_.set(std::move(pieces), static_cast<std::size_t>(sites()) * sizeof(SampleWord),
             units_.first() * shape.replicas, units_.count() * shape.replicas);
  start(context.parameters, context.seed);
  for (const std::size_t d : longest_periodic_directions(lattice_)) {
    const int direction = static_cast<int>(d);
    phases_.emplace_back(lattice_.slices(direction));
    slices_.emplace_back(static_cast<std::size_t>(lattice_.slices(direction)));
    for (std::int64_t site = 0; site < sites(); ++site)
      slices_.back()[static_cast<std::size_t>(lattice_.slice(site, direction))].push_back(
          static_cast<std::int32_t>(site));
  }
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
  return std::vector<double>(shape_.samples, static_cast<double>(topology_.interactions()));
}

void SamplesEngine::start(const Parameters& parameters, std::uint64_t seed) {
  const bool ordered = parameters.text("algorithm.start") == "ordered";
  for (Own& own : own_) {
    const Stream stream(seed, own.block->number, StreamId::initial_state);
    for (std::size_t r = 0; r < shape_.replicas; ++r)
      for (std::size_t site = 0; site < own.replicas[r].size(); ++site) {
        const std::size_t configuration = units_[own.unit].first_temperature * shape_.replicas + r;
        const std::uint64_t index = configuration * own.replicas[r].size() + site;
        for (std::uint32_t element = 0; element < 8; ++element)
          own.replicas[r][site].element[element] =
              ordered ? ~std::uint64_t{0} : stream.bits(0, index, element);
      }
  }
}

void SamplesEngine::sweep(std::int64_t step) {
  for (Own& own : own_)
    for (std::size_t r = 0; r < shape_.replicas; ++r) {
      const std::size_t configuration = units_[own.unit].first_temperature * shape_.replicas + r;
      own.block->heat_bath.sweep(own.replicas[r], own.thresholds, step,
                                 configuration * static_cast<std::uint64_t>(sites()), shared_);
    }
}

void SamplesEngine::energies(std::span<double> out) {
  for (Own& own : own_)
    for (std::size_t r = 0; r < shape_.replicas; ++r) {
      const SampleCounts satisfied = own.block->heat_bath.satisfied(own.replicas[r]);
      for_each_sample(own.unit, [&](std::size_t sample, std::size_t lane) {
        out[row(sample, own.unit) * shape_.replicas + r] =
            coupling_ * static_cast<double>(topology_.interactions() - 2 * std::int64_t{satisfied[lane]});
      });
    }
}

void SamplesEngine::measure(std::span<double> raw) {
  for (Own& own : own_) {
    for (std::size_t r = 0; r < shape_.replicas; ++r) {
      const SampleCounts satisfied = own.block->heat_bath.satisfied(own.replicas[r]);
      const SampleCounts up = own.block->heat_bath.up(own.replicas[r]);
      for_each_sample(own.unit, [&](std::size_t sample, std::size_t lane) {
        double* values = raw.data() + row(sample, own.unit) * shape_.width();
        values[RawRow::energy(r)] =
            coupling_ * static_cast<double>(topology_.interactions() - 2 * std::int64_t{satisfied[lane]});
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
  const SampleHeatBath& heat_bath = own.block->heat_bath;
  const Words& of_a = own.replicas[a];
  const Words& of_b = own.replicas[b];
  const SampleCounts unequal = heat_bath.unequal(of_a, of_b);
  const SampleCounts links = heat_bath.unequal_links(of_a, of_b);
  for_each_sample(own.unit, [&](std::size_t sample, std::size_t lane) {
    double* values = raw.data() + row(sample, own.unit) * shape_.width();
    values[RawRow::overlap(shape_, pair)] = static_cast<double>(sites() - 2 * std::int64_t{unequal[lane]});
    values[RawRow::link_overlap(shape_, pair)] =
        static_cast<double>(topology_.interactions() - 2 * std::int64_t{links[lane]});
    values[RawRow::overlap_at_kmin(shape_, pair)] = 0;
  });
  for (std::size_t d = 0; d < slices_.size(); ++d) {
    std::vector<SampleCounts> of_slice;
    for (const std::vector<std::int32_t>& slice : slices_[d])
      of_slice.push_back(heat_bath.unequal(of_a, of_b, slice));
    std::vector<std::int64_t> counts(of_slice.size());
    for_each_sample(own.unit, [&](std::size_t sample, std::size_t lane) {
      // Whole slices have no Fourier component, so unequal sites alone count, twice and with either sign.
      for (std::size_t s = 0; s < counts.size(); ++s) counts[s] = of_slice[s][lane];
      raw[row(sample, own.unit) * shape_.width() + RawRow::overlap_at_kmin(shape_, pair)] +=
          4 * squared_modulus(counts, phases_[d]) / static_cast<double>(slices_.size());
    });
  }
}

void SamplesEngine::swap_with_next(std::size_t unit, std::size_t replica, const SampleWord& mask) {
  const auto mine = [&](std::size_t number) {
    return number >= units_.first() && number < units_.last() ? &own_[number - units_.first()] : nullptr;
  };
  Own* low = mine(unit);
  Own* high = mine(unit + 1);
  if (low != nullptr && high != nullptr)
    return low->block->heat_bath.exchange(low->replicas[replica], high->replicas[replica], mask);
  if (low == nullptr && high == nullptr) return;
  Own& own = low != nullptr ? *low : *high;
  const int other = units_.owner(low != nullptr ? unit + 1 : unit);
  const Communicator& communicator = units_.communicator();
  Words& words = own.replicas[replica];
  std::vector<std::byte> received;
  // The lower one speaks first, so that the two do not both wait.
  if (low != nullptr) communicator.send_bytes(std::as_bytes(std::span(words)), other, swap_tag);
  received = communicator.receive_bytes(other, swap_tag);
  if (low == nullptr) communicator.send_bytes(std::as_bytes(std::span(words)), other, swap_tag);
  Words theirs(words.size());
  std::copy_n(received.data(), received.size(), reinterpret_cast<std::byte*>(theirs.data()));
  own.block->heat_bath.exchange(words, theirs, mask);
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
        mask.set(static_cast<int>(lane), true);
        any = true;
      });
      if (any) swap_with_next(unit, r, mask);
    }
  }
}

}  // namespace weiss
