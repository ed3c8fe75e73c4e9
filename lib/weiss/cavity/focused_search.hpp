// WalkSAT (B. Selman, H. A. Kautz, B. Cohen, Proc. AAAI (1994) 337): a flip takes an unsatisfied clause at
// random and in it a free variable that breaks no other clause, else with probability `noise` any, else one
// that breaks fewest.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "weiss/cavity/formula.hpp"
#include "weiss/rng/stream.hpp"

namespace weiss {

// At most `flips` flips of spins that are not fixed (fixed: 0 where free); the clauses that stay unsatisfied.
// A function of its arguments alone.
std::int64_t focused_search(const Formula& formula, std::span<std::int8_t> spins,
                            std::span<const std::int8_t> fixed, std::int64_t flips, double noise,
                            const RandomSource& random);

}  // namespace weiss
