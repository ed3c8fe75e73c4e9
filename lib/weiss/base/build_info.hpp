// What this build is: version, source revision, compiler and flags, for provenance and --version.
#pragma once

#include <string>

namespace weiss {

struct BuildInfo {
  std::string version;   // of the suite, such as 0.1.0
  std::string git;       // git describe of the source tree at configure time, or "unknown"
  std::string compiler;  // name and version
  std::string flags;     // compile flags of the build type
};

const BuildInfo& build_info();

}  // namespace weiss
