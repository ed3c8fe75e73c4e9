// exp and log that give the same bits on every CPU and compiler: only + - * / on doubles in a fixed order
// (the library's own change with the CPU). Relative error below 4e-16.
#pragma once

#include "weiss/rng/stream.hpp"

namespace weiss {

double portable_exp(double x);  // any x; 0 below -708 (where exp is 3e-308), infinity out of range
double portable_log(double x);  // x > 0, subnormal ones too; -infinity at 0, NaN below

// Standard normal deviates by G. Marsaglia's polar method (SIAM Review 6, 260 (1964)): number `draw` (below
// 1024) of (step, index) uses draws of the stream from 64 draw on.
double normal_deviate(const Stream& stream, std::uint64_t step, std::uint64_t index, std::uint32_t draw = 0);

}  // namespace weiss
