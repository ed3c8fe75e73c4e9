// The key of what populations move a parameter to; each problem takes its own choices of it.
#pragma once

#include "weiss/deck/deck.hpp"

namespace weiss {

inline void declare_find_key(Schema& schema) {
  schema.choice(
      "algorithm.find",
      {"none", "spin_glass_line", "ferromagnetic_line", "multicritical_point", "localisation_transition"},
      {.fallback = "none",
       .help = "look for where replica symmetry becomes unstable (in a field the de Almeida-Thouless "
               "line; with population_start = magnetised that of the ferromagnet), for where the "
               "state without magnetisation begins to magnetise, or for both at once; of a resolvent, "
               "for the disorder width where states localise. The values in the deck are the start"});
}

}  // namespace weiss
