#include "cavity/cavity.hpp"

int main(int argc, char** argv) { return weiss::run_app<weiss::Cavity>(argc, argv); }
