// Exchanges of whole lines between flavours: the move that turns a spin round where local updates would have
// to empty a line first.
#include <algorithm>
#include <cmath>
#include <utility>

#include "weiss/dmft/segment_stream.hpp"

namespace weiss {

// Exchanges the configurations of two flavours, or of the two spins of every orbital; Metropolis. A retarded
// interaction is one of the total density, which stays.
void SegmentStream::exchange() {
  const std::size_t flavours = problem_.flavours();
  if (flavours < 2) return;
  const auto step = static_cast<std::uint64_t>(update_);
  const RandomSource source(exchange_stream_, step);
  std::vector<std::size_t> image(flavours);
  for (std::size_t a = 0; a < flavours; ++a) image[a] = a;
  if (flavours % 2 == 0 && source.below(2, number_, 0) == 0) {
    for (std::size_t a = 0; a < flavours; ++a) image[a] = a ^ 1;
  } else {
    const std::size_t a = source.below(flavours, number_, 64);
    const std::size_t b = (a + 1 + source.below(flavours - 1, number_, 128)) % flavours;
    std::swap(image[a], image[b]);
  }
  const SegmentState& state = *state_;
  double exponent = 0;
  int sign = 1;
  for (std::size_t a = 0; a < flavours; ++a) {
    const SegmentLine& line = state.line[a];
    exponent += line.level * static_cast<double>(state.line[image[a]].length - line.length);
    for (std::size_t b = 0; b < a; ++b)
      exponent -=
          line.interaction[b] * static_cast<double>(kept_overlap(image[a], image[b]) - kept_overlap(a, b));
    if (line.hybridization == state.line[image[a]].hybridization) continue;
    const SegmentConfiguration times = configuration();
    const SegmentWeight after = determinant_weight(cubics(a), times[image[a]]);
    const SegmentWeight before = determinant_weight(cubics(a), times[a]);
    exponent += after.logarithm - before.logarithm;
    sign *= after.sign * before.sign;
  }
  const double uniform = static_cast<double>(exchange_stream_.bits(step, number_, 192) >> 11) * 0x1p-53;
  if (uniform < std::exp(std::min(exponent, 0.0))) apply_exchange(image, sign);
}

std::int64_t SegmentStream::kept_overlap(std::size_t a, std::size_t b) const {
  return state_->line[a].overlap[b] + state_->line[b].overlap[a];
}

void SegmentStream::apply_exchange(const std::vector<std::size_t>& image, int sign) {
  const std::vector<SegmentLine> old(state_->line, state_->line + image.size());
  for (std::size_t a = 0; a < image.size(); ++a) {
    SegmentLine& line = state_->line[a];
    const SegmentLine own = line;
    line = old[image[a]];
    line.hybridization = own.hybridization;
    line.level = own.level;
    std::copy(std::begin(own.interaction), std::end(own.interaction), line.interaction);
    for (std::size_t b = 0; b < image.size(); ++b)
      line.overlap[b] = b < a ? old[image[a]].overlap[image[b]] + old[image[b]].overlap[image[a]] : 0;
    // An involution: each pair of lines hands over its memory once.
    if (a < image[a]) std::swap(storage_[a], storage_[image[a]]);
  }
  state_->sign *= sign;
  for (std::size_t a = 0; a < image.size(); ++a)
    if (old[a].hybridization != old[image[a]].hybridization) set_inverse(a);
}

}  // namespace weiss
