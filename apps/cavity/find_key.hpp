// The key of what populations move a parameter to; each problem takes its own choices of it.
#pragma once

#include "weiss/deck/deck.hpp"

namespace weiss {

inline void declare_find_key(Schema& schema) {
  schema.choice(
      "algorithm.find", {"none", "spin_glass_line", "ferromagnetic_line", "localisation_transition"},
      {.fallback = "none",
       .help = "move the temperature to where replica symmetry becomes unstable (in a field the de "
               "Almeida-Thouless line), or where the paramagnet begins to magnetise; of a resolvent, "
               "the disorder width to where states localise. The value in the deck is the start"});
}

}  // namespace weiss
