// weiss-ising: Monte Carlo of the Ising model on lattices and graphs.
#include "weiss/simulation/model.hpp"

#include "ising/ising.hpp"

int main(int argc, char** argv) { return weiss::run_app<weiss::Ising>(argc, argv); }
