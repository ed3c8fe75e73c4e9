#include "weiss/dmft/tight_binding.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <numbers>
#include <sstream>

#include "weiss/base/error.hpp"

namespace weiss {

namespace {

using std::numbers::pi;

struct NumberedTerm {
  TightBinding::Term term;
  int line;
};

std::string place(const std::string& path, int line) { return path + ":" + std::to_string(line) + ": "; }

bool same_link(const TightBinding::Term& a, const TightBinding::Term& b) {
  return a.cell == b.cell && a.from == b.from && a.to == b.to;
}

TightBinding::Term partner_of(const TightBinding::Term& term) {
  return {{-term.cell[0], -term.cell[1], -term.cell[2]}, term.to, term.from, term.amplitude};
}

// Nothing for a line without words.
bool read_term(const std::string& text, const std::string& where, TightBinding::Term& term) {
  std::istringstream words(text.substr(0, text.find('#')));
  std::string word;
  if (!(words >> word)) return false;
  words.clear();
  words.seekg(0);
  int from = -1, to = -1;
  const bool read = static_cast<bool>(words >> term.cell[0] >> term.cell[1] >> term.cell[2] >> from >> to >>
                                      term.amplitude);
  if (!read || words >> word)
    throw Error(ExitCode::bad_deck,
                where + "needs six numbers, dx dy dz a b value: the cell, both orbitals, the amplitude");
  if (from < 0 || from > 1 || to < 0 || to > 1)
    throw Error(ExitCode::bad_deck, where + "orbitals are 0 and 1: one or two a cell");
  if (!std::isfinite(term.amplitude)) throw Error(ExitCode::bad_deck, where + "the amplitude is not finite");
  term.from = static_cast<std::size_t>(from);
  term.to = static_cast<std::size_t>(to);
  return true;
}

void add_partners(const std::vector<NumberedTerm>& read, const std::string& path, TightBinding& model) {
  for (const auto& [term, line] : read) {
    const TightBinding::Term partner = partner_of(term);
    const auto given =
        std::ranges::find_if(read, [&](const NumberedTerm& other) { return same_link(other.term, partner); });
    if (given == read.end())
      model.terms.push_back(partner);
    else if (given->term.amplitude != term.amplitude)
      throw Error(ExitCode::bad_deck, place(path, std::max(line, given->line)) +
                                          "differs from its partner in line " +
                                          std::to_string(std::min(line, given->line)) +
                                          ": t_ba(-R) = t_ab(R) makes H Hermitian; make both equal, or give "
                                          "only one of them");
  }
}

}  // namespace

double TightBinding::amplitude(const std::array<int, 3>& cell, std::size_t from, std::size_t to) const {
  for (const Term& term : terms)
    if (same_link(term, {cell, from, to, 0})) return term.amplitude;
  return 0;
}

std::size_t TightBinding::directions() const {
  std::size_t last = 1;
  for (const Term& term : terms)
    for (std::size_t d = 0; d < 3; ++d)
      if (term.cell[d] != 0 && term.amplitude != 0) last = std::max(last, d + 1);
  return last;
}

bool TightBinding::bipartite() const {
  for (int pattern = 0; pattern < 16; ++pattern) {
    const auto changes = [pattern](const Term& term) {
      int signs = term.from != term.to ? pattern >> 3 : 0;
      for (std::size_t d = 0; d < 3; ++d) signs += (pattern >> d & 1) * (term.cell[d] & 1);
      return term.amplitude == 0 || signs % 2 == 1;
    };
    if (std::ranges::all_of(terms, changes)) return true;
  }
  return false;
}

bool TightBinding::equivalent_orbitals() const {
  return orbitals == 1 || std::ranges::all_of(terms, [this](const Term& term) {
           return term.from != term.to || term.amplitude == amplitude(term.cell, 1 - term.from, 1 - term.to);
         });
}

TightBinding read_tight_binding(const std::string& path) {
  std::ifstream file(path);
  if (!file)
    throw Error(ExitCode::bad_deck,
                path + ": cannot be read; lattice.hoppings names a file of lines dx dy dz a b value");
  TightBinding model;
  std::vector<NumberedTerm> read;
  std::string text;
  bool hops = false;
  for (int line = 1; std::getline(file, text); ++line) {
    TightBinding::Term term;
    if (!read_term(text, place(path, line), term)) continue;
    for (const NumberedTerm& other : read)
      if (same_link(other.term, term))
        throw Error(ExitCode::bad_deck, place(path, line) + "is given already in line " +
                                            std::to_string(other.line) + "; remove one");
    read.push_back({term, line});
    model.terms.push_back(term);
    model.orbitals = std::max({model.orbitals, term.from + 1, term.to + 1});
    hops = hops || (term.amplitude != 0 && term.cell != std::array<int, 3>{});
  }
  if (!hops)
    throw Error(ExitCode::bad_deck, path +
                                        ": nothing hops between cells: give an amplitude with a cell "
                                        "other than 0 0 0");
  add_partners(read, path, model);
  return model;
}

std::vector<BlochLevel> bloch_levels(const TightBinding& model, std::int64_t mesh) {
  const std::size_t directions = model.directions();
  std::int64_t points = mesh / 2;  // k and -k are one
  for (std::size_t d = 1; d < directions; ++d) points *= mesh;
  // Of 2 pi/mesh (j + 1/2) times a whole number: entry j times it, and the shift, on twice the mesh.
  std::vector<Complex> phases;
  for (std::int64_t j = 0; j < 2 * mesh; ++j)
    phases.push_back(std::polar(1.0, pi * static_cast<double>(j) / static_cast<double>(mesh)));
  std::vector<BlochLevel> levels(static_cast<std::size_t>(points));
  for (std::int64_t point = 0; point < points; ++point) {
    std::array<Complex, 4> h{};
    for (const TightBinding::Term& term : model.terms) {
      std::int64_t turns = 0, rest = point;
      for (std::size_t d = 0; d < directions; ++d, rest /= mesh)
        turns += term.cell[d] * (2 * (rest % mesh) + 1);
      const std::int64_t turn = (turns % (2 * mesh) + 2 * mesh) % (2 * mesh);
      h[2 * term.from + term.to] += term.amplitude * phases[static_cast<std::size_t>(turn)];
    }
    levels[static_cast<std::size_t>(point)] = {{h[0].real(), h[3].real()}, h[1]};
  }
  return levels;
}

Band band_of_cells(const TightBinding& model, std::int64_t mesh) {
  std::vector<double> energies;
  for (const BlochLevel& level : bloch_levels(model, mesh)) {
    if (model.orbitals == 1) {
      energies.push_back(level.energy[0]);
      continue;
    }
    const double mean = (level.energy[0] + level.energy[1]) / 2;
    const double half = std::hypot((level.energy[0] - level.energy[1]) / 2, std::abs(level.mixing));
    energies.insert(energies.end(), {mean - half, mean + half});
  }
  return Band::of_levels(std::move(energies), model.bipartite());
}

}  // namespace weiss
