// A folder that lives as long as the process.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

namespace weiss::fuzz {

class Scratch {
 public:
  Scratch() {
    std::string name = (std::filesystem::temp_directory_path() / "weiss_fuzz_XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) std::abort();
    folder_ = name;
  }
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  std::string path(const std::string& name) const { return (folder_ / name).string(); }

 private:
  std::filesystem::path folder_;
};

inline const Scratch& scratch() {
  static const Scratch folder;
  return folder;
}

}  // namespace weiss::fuzz
