// Temperatures chosen by two short pilot runs on the first realisations of a task, between the lowest and the
// highest of the deck and as many as it gives:
//   equal_acceptance   equal steps of int sigma_E d beta, sigma_E the thermal deviation of the energy:
//   neighbours
//                      swap with probability erfc(sigma_E d beta / 2) (D. A. Kofke, J. Chem. Phys. 117, 6911
//                      (2002))
//   feedback           the density of temperatures is sqrt(df/dT / dT), f the fraction of walkers that come
//   from the
//                      hottest one, so that they diffuse evenly (H. G. Katzgraber, S. Trebst, D. A. Huse, M.
//                      Troyer, J. Stat. Mech. P03018 (2006))
// The pilot is a function of the deck alone, and is repeated when a task resumes.
#pragma once

#include <span>
#include <vector>

#include "weiss/simulation/model.hpp"

namespace weiss {

// Of the deck, or tuned where it asks for that; collective.
Parameters with_tuned_temperatures(const TaskContext& context);

// As many temperatures, ascending, as given. deviations: of the energy, at each of them.
std::vector<double> equal_acceptance_temperatures(std::span<const double> temperatures,
                                                  std::span<const double> deviations);
// from_hot: f at each temperature; what is not rising by a tenth of an even share is taken as if it were.
std::vector<double> feedback_temperatures(std::span<const double> temperatures,
                                          std::span<const double> from_hot);

}  // namespace weiss
