// Files that are always whole: written beside their place, checked in, renamed over it. A 512-byte block
// before the HDF5 data holds a checksum (XXH64) of all that follows; it is verified before the HDF5 library
// opens a file, because damaged metadata can crash the library.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "weiss/storage/node.hpp"

namespace weiss {

class AtomicFile {
 public:
  // previous_path: where the replaced generation is kept; empty: nowhere. Error(io_failure) when the folder
  // cannot be written.
  explicit AtomicFile(std::string path, std::string previous_path = "");
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  ~AtomicFile();  // without commit nothing changes on disk

  Node root() const;
  // On any failure Error(io_failure), and what was on disk before is still there.
  void commit();

 private:
  std::string path_, previous_path_, temporary_;
  std::shared_ptr<Handle> file_;
};

class VerifiedFile {
 public:
  // Error(bad_file) names the file, what is wrong and how to mend it; io_failure when it cannot be read.
  explicit VerifiedFile(const std::string& path);
  Node root() const;
  const std::string& path() const { return path_; }

  // False, with the reason, for a missing, cut or altered file.
  static bool intact(const std::string& path, std::string* why = nullptr);

 private:
  std::string path_;
  std::shared_ptr<Handle> file_;
};

// The newest of two generations that is intact; nothing when neither exists. Tells `notice` when it falls
// back; Error(bad_file) when files exist and none is intact.
std::optional<VerifiedFile> newest_good(const std::string& path, const std::string& previous_path,
                                        const std::function<void(const std::string&)>& notice);

}  // namespace weiss
