// fuzz_seeds FOLDER: writes the seeds of each fuzzer to FOLDER/<entry>/.
#include <filesystem>
#include <fstream>

#include <mpi.h>

#include "fuzz/entries.hpp"

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  MPI_Init(&argc, &argv);
  const auto write = [&](const char* entry, const std::vector<std::string>& seeds) {
    const std::filesystem::path folder = std::filesystem::path(argv[1]) / entry;
    std::filesystem::create_directories(folder);
    for (std::size_t i = 0; i < seeds.size(); ++i)
      std::ofstream(folder / std::to_string(i), std::ios::binary) << seeds[i];
  };
  write("deck", weiss::fuzz::deck_seeds());
  write("instance", weiss::fuzz::instance_seeds());
  write("file", weiss::fuzz::file_seeds());
  write("checkpoint", weiss::fuzz::checkpoint_seeds());
  MPI_Finalize();
}
