// weiss-inspect: look into, compare, merge and export the suite's files, with no Python needed.
#include "inspect/inspect.hpp"

int main(int argc, char** argv) { return weiss::inspect(argc, argv); }
