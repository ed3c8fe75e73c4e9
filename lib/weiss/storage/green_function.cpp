#include "weiss/storage/green_function.hpp"

#include "weiss/storage/layout.hpp"

namespace weiss {

namespace {

using Values = std::vector<std::complex<double>>;

std::uint64_t points_of(const GreenFunction& green, const Values& values) {
  const std::uint64_t matrix = green.orbitals * green.orbitals;
  if (matrix == 0 || values.empty() || values.size() % matrix != 0 ||
      values.size() != green.blocks.front().values.size())
    throw Error(ExitCode::internal, "Green function " + green.name + " is no list of matrices");
  return values.size() / matrix;
}

// G(-i w_n) = G(i w_n)^+ before G(i w_n): n = -N .. N - 1.
Values with_negative_frequencies(const GreenFunction& green, const Values& values) {
  const std::uint64_t m = green.orbitals;
  Values all;
  for (std::uint64_t n = points_of(green, values); n-- > 0;)
    for (std::uint64_t i = 0; i < m; ++i)
      for (std::uint64_t j = 0; j < m; ++j) all.push_back(std::conj(values[(n * m + j) * m + i]));
  all.insert(all.end(), values.begin(), values.end());
  return all;
}

void write_block(Node block, const GreenFunction& green, const Values& given) {
  namespace triqs = layout::triqs;
  const bool frequencies = green.mesh == GreenMesh::imaginary_frequency;
  const Values values = frequencies ? with_negative_frequencies(green, given) : given;
  const std::uint64_t points = points_of(green, given) * (frequencies ? 2 : 1);
  std::vector<double> parts;
  for (const std::complex<double> each : values) {
    parts.push_back(each.real());
    parts.push_back(each.imag());
  }
  block.fixed_attribute(triqs::format, triqs::one_block);
  block.write(triqs::data, std::span<const double>(parts), {points, green.orbitals, green.orbitals, 2});
  block.fixed_attribute_of(triqs::data, triqs::is_complex, "1");
  Node mesh = block.group(triqs::mesh);
  mesh.fixed_attribute(triqs::format, frequencies ? triqs::frequencies : triqs::times);
  mesh.write(triqs::beta, green.beta);
  mesh.write(frequencies ? triqs::frequency_points : triqs::time_points, static_cast<std::int64_t>(points));
  mesh.write_terminated(triqs::statistic, "F");
}

}  // namespace

void write_green_function(const Node& parent, const GreenFunction& green) {
  namespace triqs = layout::triqs;
  Node group = parent.group(green.name);
  group.fixed_attribute(triqs::format, triqs::blocks);
  group.attribute("long_name", green.convention);
  group.attribute("unit", green.unit);
  std::vector<std::string> names;
  for (const GreenFunction::Block& block : green.blocks) {
    names.push_back(block.name);
    write_block(group.group(block.name), green, block.values);
  }
  group.write_texts(triqs::block_names, names);
}

}  // namespace weiss
