#include "weiss/storage/atomic_file.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include "weiss/base/hash.hpp"
#include "weiss/base/number.hpp"
#include "weiss/storage/fault.hpp"
#include "weiss/storage/layout.hpp"

namespace weiss {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t block_bytes = 512;
constexpr const char* magic = "Weiss HDF5";
constexpr std::size_t piece_bytes = std::size_t{1} << 20;

[[noreturn]] void fail_io(const std::string& path, const std::string& what, int error) {
  throw Error(
      ExitCode::io_failure,
      path + ": " + what + (error != 0 ? std::string(": ") + std::strerror(error) : "") + mend_writing);
}

class Descriptor {
 public:
  Descriptor(const std::string& path, int flags) : descriptor_(::open(path.c_str(), flags | O_CLOEXEC)) {}
  ~Descriptor() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

void sync_folder(const std::string& path) {
  const fs::path folder = fs::path(path).parent_path();
  const Descriptor descriptor(folder.empty() ? "." : folder.string(), O_RDONLY | O_DIRECTORY);
  if (descriptor.get() >= 0) ::fsync(descriptor.get());
}

struct Contents {
  std::uint64_t hash = 0;
  std::uint64_t length = 0;  // bytes after the block
};

Contents contents_of(int descriptor, const std::string& path) {
  Hasher hasher;
  Contents contents;
  std::vector<std::byte> piece(piece_bytes);
  if (::lseek(descriptor, static_cast<off_t>(block_bytes), SEEK_SET) < 0)
    fail_io(path, "cannot be read", errno);
  for (;;) {
    const ssize_t count = ::read(descriptor, piece.data(), piece.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail_io(path, "cannot be read", errno);
    if (count == 0) break;
    hasher.update(std::span(piece).first(static_cast<std::size_t>(count)));
    contents.length += static_cast<std::uint64_t>(count);
  }
  contents.hash = hasher.value();
  return contents;
}

std::string block_text(const Contents& contents) {
  std::string text = fmt::format("{} schema {} length {} xxh64 {:016x}\n", magic,
                                 layout::current_schema_version, contents.length, contents.hash);
  text.resize(block_bytes, '\0');
  return text;
}

// What is wrong with the file, or nothing.
std::string damage(const std::string& path) {
  std::error_code error;
  if (!fs::exists(path, error)) return "does not exist";
  if (!fs::is_regular_file(path, error)) return "is not a file";
  const Descriptor descriptor(path, O_RDONLY);
  if (descriptor.get() < 0) return std::string("cannot be opened: ") + std::strerror(errno);
  std::array<char, block_bytes> block{};
  const ssize_t count = ::read(descriptor.get(), block.data(), block.size());
  if (count == 0) return "is empty";
  if (std::strncmp(block.data(), magic, std::strlen(magic)) != 0) return "is not a file of this suite";
  if (count != static_cast<ssize_t>(block_bytes)) return "is cut short";
  const Contents contents = contents_of(descriptor.get(), path);
  const std::string expected = block_text(contents);
  if (std::memcmp(block.data(), expected.data(), block_bytes) == 0) return "";
  long long schema = 0;
  unsigned long long length = 0;
  std::string text(block.data(), block.size());
  if (std::sscanf(text.c_str(), "Weiss HDF5 schema %lld length %llu", &schema, &length) == 2) {
    if (schema > layout::current_schema_version)
      return "was written by a newer version (schema " + std::to_string(schema) + ")";
    if (length != contents.length) return "is cut short or has grown";
  }
  return "is damaged: its checksum does not fit its content";
}

Handle access_settings() {
  Handle settings(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  H5Pset_libver_bounds(settings.id(), H5F_LIBVER_V18, H5F_LIBVER_V110);
  return settings;
}

// label: what paths in messages begin with.
Node root_of(const std::shared_ptr<Handle>& file, const std::string& path, const std::string& label) {
  return {file,
          checked(H5Gopen2(file->id(), "/", H5P_DEFAULT), H5Gclose, ExitCode::bad_file,
                  path + ": has no root group"),
          label};
}

void remove_stale_temporaries(const std::string& path) {
  const fs::path folder = fs::path(path).parent_path();
  const std::string prefix = fs::path(path).filename().string() + ".tmp.";
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder.empty() ? "." : folder, error)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(prefix)) fs::remove(entry.path(), error);
  }
}

}  // namespace

AtomicFile::AtomicFile(std::string path, std::string previous_path)
    : path_(std::move(path)),
      previous_path_(std::move(previous_path)),
      temporary_(path_ + ".tmp." + std::to_string(::getpid())) {
  prepare_hdf5();
  remove_stale_temporaries(path_);
  const Handle creation(H5Pcreate(H5P_FILE_CREATE), H5Pclose);
  H5Pset_userblock(creation.id(), block_bytes);
  H5Pset_obj_track_times(creation.id(), 0);
  const Handle access = access_settings();
  errno = 0;
  const hid_t file = H5Fcreate(temporary_.c_str(), H5F_ACC_TRUNC, creation.id(), access.id());
  if (file < 0) {
    const int error = errno;
    ::unlink(temporary_.c_str());
    fail_io(path_, "cannot be created", error);
  }
  file_ = std::make_shared<Handle>(file, H5Fclose);
}

AtomicFile::~AtomicFile() {
  file_.reset();
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

Node AtomicFile::root() const { return root_of(file_, path_, path_); }

void AtomicFile::commit() {
  errno = 0;
  if (H5Fflush(file_->id(), H5F_SCOPE_GLOBAL) < 0) fail_io(path_, "cannot be written", errno);
  const hid_t id = file_->id();
  if (H5Fget_obj_count(id, H5F_OBJ_ALL | H5F_OBJ_LOCAL) > 1)
    throw Error(ExitCode::internal, path_ + ": committed with open groups or datasets");
  errno = 0;
  if (!file_->close()) fail_io(path_, "cannot be closed", errno);
  file_.reset();
  {
    const Descriptor descriptor(temporary_, O_RDWR);
    if (descriptor.get() < 0) fail_io(path_, "cannot be reopened", errno);
    const std::string block = block_text(contents_of(descriptor.get(), path_));
    if (::pwrite(descriptor.get(), block.data(), block.size(), 0) != static_cast<ssize_t>(block.size()))
      fail_io(path_, "cannot be written", errno);
    fault_point("atomic.before_fsync");
    if (::fsync(descriptor.get()) != 0) fail_io(path_, "cannot be flushed to disk", errno);
  }
  fault_point("atomic.before_rename");
  // The old generation gets a second name first, so that one good file exists at every instant.
  if (!previous_path_.empty() && fs::exists(path_)) {
    const std::string link = previous_path_ + ".link";
    ::unlink(link.c_str());
    if (::link(path_.c_str(), link.c_str()) == 0) {
      if (::rename(link.c_str(), previous_path_.c_str()) != 0)
        fail_io(previous_path_, "cannot be replaced", errno);
      ::unlink(link.c_str());
    } else if (::rename(path_.c_str(), previous_path_.c_str()) != 0) {
      fail_io(previous_path_, "cannot be replaced", errno);
    }
  }
  fault_point("atomic.after_previous");
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) fail_io(path_, "cannot be replaced", errno);
  temporary_.clear();
  sync_folder(path_);
}

bool VerifiedFile::intact(const std::string& path, std::string* why) {
  const std::string problem = damage(path);
  if (why != nullptr) *why = problem;
  return problem.empty();
}

VerifiedFile::VerifiedFile(const std::string& path) : path_(path) {
  prepare_hdf5();
  if (const std::string problem = damage(path); !problem.empty())
    throw Error(ExitCode::bad_file,
                path + ": " + problem +
                    (fs::exists(path) ? "; restore it from a copy or start anew with --fresh" : ""));
  const Handle access = access_settings();
  const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDONLY, access.id());
  if (file < 0)
    throw Error(
        ExitCode::bad_file,
        path +
            ": HDF5 cannot open it though its checksum is right; where the file system has no locks, set "
            "HDF5_USE_FILE_LOCKING=FALSE");
  file_ = std::make_shared<Handle>(file, H5Fclose);
}

Node VerifiedFile::root() const { return root_of(file_, path_, ""); }

std::optional<VerifiedFile> newest_good(const std::string& path, const std::string& previous_path,
                                        const std::function<void(const std::string&)>& notice) {
  const bool current = fs::exists(path);
  const bool previous = fs::exists(previous_path);
  std::string why;
  if (current && VerifiedFile::intact(path, &why)) return VerifiedFile(path);
  std::string why_previous;
  if (previous && VerifiedFile::intact(previous_path, &why_previous)) {
    notice((current ? path + ": " + why : path + ": is missing") + "; going on from " + previous_path);
    return VerifiedFile(previous_path);
  }
  if (!current && !previous) return std::nullopt;
  throw Error(ExitCode::bad_file,
              (current ? path + ": " + why : previous_path + ": " + why_previous) +
                  ", and no earlier generation is intact; restore one or start anew with --fresh");
}

}  // namespace weiss
