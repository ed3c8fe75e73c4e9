// Instances that users bring, as text: one interaction a line, its sites and then its coupling,
//   0 5 -1.0
// 'field i h' sets a field; what follows '#' is a comment, but for '# sites N', which says how many sites
// there are (else the highest one decides). All interactions join equally many sites; sites count from 0.
#pragma once

#include <string>

#include "weiss/lattice/interaction_graph.hpp"

namespace weiss {

// Error(bad_deck) lists what is wrong, with file and line: words that are no numbers, sites out of range or
// twice in one interaction, interactions that stand there already, couplings that are not finite, lines of
// different length, no interaction at all.
InteractionGraph read_instance(const std::string& path);

// The same from a text; `name` stands in messages.
InteractionGraph parse_instance(const std::string& text, const std::string& name);

// A text that parse_instance reads back to the same graph.
std::string instance_text(const InteractionGraph& graph);

}  // namespace weiss
