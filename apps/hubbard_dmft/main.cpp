#include "hubbard_dmft/hubbard_dmft.hpp"

int main(int argc, char** argv) { return weiss::run_app<weiss::HubbardDmft>(argc, argv); }
