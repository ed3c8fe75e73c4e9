#include "spinglass/spinglass.hpp"

int main(int argc, char** argv) { return weiss::run_app<weiss::SpinGlass>(argc, argv); }
