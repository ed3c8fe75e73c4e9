// Local spin and charge susceptibilities among the results of weiss-hubbard-dmft, and their correlations in
// imaginary time, of the solvers that know them.
#pragma once

#include <optional>

#include "weiss/dmft/local_correlation.hpp"
#include "weiss/dmft/segment_results.hpp"
#include "weiss/simulation/reported.hpp"

namespace weiss {

void declare_susceptibilities(Reported& reported);
// beta: of the mesh; averages are those of the ground state where ground_state. Without correlations, NaN.
void report_susceptibilities(const std::optional<LocalCorrelations>& found, double beta, bool ground_state,
                             Reported& reported);
void report_susceptibilities(const SegmentResults& results, Reported& reported);

}  // namespace weiss
