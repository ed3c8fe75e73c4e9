#include "weiss/storage/node.hpp"

#include <algorithm>
#include <type_traits>

#include <fmt/core.h>

#include "weiss/base/number.hpp"

namespace weiss {

namespace {

constexpr hsize_t chunk_bytes = hsize_t{1} << 20;
// Attributes that a group keeps in its header: HDF5 1.10.8 crashes when it copies texts of those kept
// elsewhere.
constexpr unsigned most_compact_attributes = 1000;

template <class T>
hid_t native_type() {
  if constexpr (std::is_same_v<T, double>) return H5T_NATIVE_DOUBLE;
  if constexpr (std::is_same_v<T, std::int64_t>) return H5T_NATIVE_INT64;
  if constexpr (std::is_same_v<T, std::uint64_t>) return H5T_NATIVE_UINT64;
  if constexpr (std::is_same_v<T, std::uint8_t>) return H5T_NATIVE_UINT8;
}

Handle string_type(std::size_t length) {
  Handle type(H5Tcopy(H5T_C_S1), H5Tclose);
  H5Tset_size(type.id(), std::max<std::size_t>(length, 1));
  H5Tset_strpad(type.id(), H5T_STR_NULLPAD);
  H5Tset_cset(type.id(), H5T_CSET_UTF8);
  return type;
}

Handle terminated_type(std::size_t length) {
  Handle type(H5Tcopy(H5T_C_S1), H5Tclose);
  H5Tset_size(type.id(), length + 1);
  H5Tset_cset(type.id(), H5T_CSET_UTF8);
  return type;
}

Handle scalar_space() { return {H5Screate(H5S_SCALAR), H5Sclose}; }

Handle dataset_settings() {
  Handle settings(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
  H5Pset_obj_track_times(settings.id(), 0);
  return settings;
}

template <class T>
void write_attribute(hid_t object, const std::string& name, const T& value, const std::string& where) {
  const std::string what = where + ": attribute " + name + " cannot be written";
  if (H5Aexists(object, name.c_str()) > 0) H5Adelete(object, name.c_str());
  const Handle space = scalar_space();
  if constexpr (std::is_same_v<T, std::string>) {
    // Long texts (a deck) do not fit the 64 KiB of a compact attribute; variable length goes to the heap.
    const Handle type(H5Tcopy(H5T_C_S1), H5Tclose);
    H5Tset_size(type.id(), H5T_VARIABLE);
    H5Tset_cset(type.id(), H5T_CSET_UTF8);
    const Handle attribute =
        checked(H5Acreate2(object, name.c_str(), type.id(), space.id(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose,
                ExitCode::io_failure, what);
    const char* text = value.c_str();
    check(H5Awrite(attribute.id(), type.id(), &text), ExitCode::io_failure, what);
  } else {
    const Handle attribute =
        checked(H5Acreate2(object, name.c_str(), native_type<T>(), space.id(), H5P_DEFAULT, H5P_DEFAULT),
                H5Aclose, ExitCode::io_failure, what);
    check(H5Awrite(attribute.id(), native_type<T>(), &value), ExitCode::io_failure, what);
  }
}

void write_fixed_attribute(hid_t object, const std::string& name, const std::string& text,
                           const std::string& where) {
  const std::string what = where + ": attribute " + name + " cannot be written";
  const Handle space = scalar_space(), type = terminated_type(text.size());
  const Handle attribute =
      checked(H5Acreate2(object, name.c_str(), type.id(), space.id(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose,
              ExitCode::io_failure, what);
  check(H5Awrite(attribute.id(), type.id(), text.c_str()), ExitCode::io_failure, what);
}

std::string fixed_string(hid_t object, hid_t type, bool is_attribute, const std::string& what) {
  if (H5Tis_variable_str(type) > 0) {
    char* text = nullptr;
    const Handle memory(H5Tcopy(H5T_C_S1), H5Tclose);
    H5Tset_size(memory.id(), H5T_VARIABLE);
    H5Tset_cset(memory.id(), H5Tget_cset(type));
    check(is_attribute ? H5Aread(object, memory.id(), &text)
                       : H5Dread(object, memory.id(), H5S_ALL, H5S_ALL, H5P_DEFAULT, &text),
          ExitCode::bad_file, what);
    std::string value = text == nullptr ? "" : text;
    H5free_memory(text);
    return value;
  }
  std::string value(H5Tget_size(type), '\0');
  check(is_attribute ? H5Aread(object, type, value.data())
                     : H5Dread(object, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, value.data()),
        ExitCode::bad_file, what);
  value.resize(std::min(value.size(), value.find('\0')));
  return value;
}

std::vector<std::uint64_t> dims_of(hid_t dataset) {
  const Handle space(H5Dget_space(dataset), H5Sclose);
  const int rank = H5Sget_simple_extent_ndims(space.id());
  std::vector<hsize_t> dims(static_cast<std::size_t>(std::max(rank, 0)));
  if (rank > 0) H5Sget_simple_extent_dims(space.id(), dims.data(), nullptr);
  return {dims.begin(), dims.end()};
}

}  // namespace

void prepare_hdf5() {
  static const herr_t cleans_up = H5dont_atexit();
  (void)cleans_up;
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}

std::string hdf5_version() {
  unsigned major = 0, minor = 0, release = 0;
  H5get_libversion(&major, &minor, &release);
  return fmt::format("{}.{}.{}", major, minor, release);
}

ByteWriter::ByteWriter(Handle dataset, std::string path)
    : dataset_(std::move(dataset)), path_(std::move(path)) {}

void ByteWriter::append(std::span<const std::byte> bytes) {
  if (bytes.empty()) return;
  const Handle file_space(H5Dget_space(dataset_.id()), H5Sclose);
  const hsize_t offset = written_;
  const hsize_t count = bytes.size();
  const Handle memory_space(H5Screate_simple(1, &count, nullptr), H5Sclose);
  const std::string what = path_ + ": cannot be written";
  check(H5Sselect_hyperslab(file_space.id(), H5S_SELECT_SET, &offset, nullptr, &count, nullptr),
        ExitCode::io_failure, what);
  check(H5Dwrite(dataset_.id(), H5T_NATIVE_UINT8, memory_space.id(), file_space.id(), H5P_DEFAULT,
                 bytes.data()),
        ExitCode::io_failure, what);
  written_ += bytes.size();
}

ByteReader::ByteReader(Handle dataset, std::string path)
    : dataset_(std::move(dataset)), path_(std::move(path)) {
  const auto dims = dims_of(dataset_.id());
  size_ = dims.empty() ? 0 : dims.front();
}

void ByteReader::read(std::uint64_t offset, std::span<std::byte> bytes) const {
  if (bytes.empty()) return;
  const std::string what = path_ + ": cannot be read";
  const Handle file_space(H5Dget_space(dataset_.id()), H5Sclose);
  const hsize_t start = offset;
  const hsize_t count = bytes.size();
  if (offset + bytes.size() > size_) throw Error(ExitCode::bad_file, path_ + ": shorter than expected");
  const Handle memory_space(H5Screate_simple(1, &count, nullptr), H5Sclose);
  check(H5Sselect_hyperslab(file_space.id(), H5S_SELECT_SET, &start, nullptr, &count, nullptr),
        ExitCode::bad_file, what);
  check(
      H5Dread(dataset_.id(), H5T_NATIVE_UINT8, memory_space.id(), file_space.id(), H5P_DEFAULT, bytes.data()),
      ExitCode::bad_file, what);
}

Node::Node(std::shared_ptr<Handle> file, Handle group, std::string path)
    : file_(std::move(file)), group_(std::make_shared<Handle>(std::move(group))), path_(std::move(path)) {}

std::string Node::place(std::string_view name) const { return path_ + "/" + std::string(name); }

bool Node::has(std::string_view name) const {
  return H5Lexists(group_->id(), std::string(name).c_str(), H5P_DEFAULT) > 0;
}

bool Node::is_group(std::string_view name) const {
  H5O_info_t info;
  return H5Oget_info_by_name2(group_->id(), std::string(name).c_str(), &info, H5O_INFO_BASIC, H5P_DEFAULT) >=
             0 &&
         info.type == H5O_TYPE_GROUP;
}

Node Node::group(std::string_view name) const {
  const std::string text(name);
  if (has(name))
    return {file_,
            checked(H5Gopen2(group_->id(), text.c_str(), H5P_DEFAULT), H5Gclose, ExitCode::bad_file,
                    place(name) + ": is not a group"),
            place(name)};
  const Handle settings(H5Pcreate(H5P_GROUP_CREATE), H5Pclose);
  H5Pset_obj_track_times(settings.id(), 0);
  H5Pset_attr_phase_change(settings.id(), most_compact_attributes, most_compact_attributes);
  return {file_,
          checked(H5Gcreate2(group_->id(), text.c_str(), H5P_DEFAULT, settings.id(), H5P_DEFAULT), H5Gclose,
                  ExitCode::bad_file, place(name) + ": is missing"),
          place(name)};
}

std::vector<std::string> Node::children() const {
  std::vector<std::string> names;
  H5G_info_t info;
  check(H5Gget_info(group_->id(), &info), ExitCode::bad_file, path_ + ": cannot be listed");
  for (hsize_t i = 0; i < info.nlinks; ++i) {
    const ssize_t length =
        H5Lget_name_by_idx(group_->id(), ".", H5_INDEX_NAME, H5_ITER_INC, i, nullptr, 0, H5P_DEFAULT);
    if (length < 0) throw Error(ExitCode::bad_file, path_ + ": cannot be listed");
    std::string name(static_cast<std::size_t>(length) + 1, '\0');
    H5Lget_name_by_idx(group_->id(), ".", H5_INDEX_NAME, H5_ITER_INC, i, name.data(), name.size(),
                       H5P_DEFAULT);
    name.pop_back();
    names.push_back(std::move(name));
  }
  return names;
}

void Node::remove(std::string_view name) {
  check(H5Ldelete(group_->id(), std::string(name).c_str(), H5P_DEFAULT), ExitCode::io_failure,
        place(name) + ": cannot be removed");
}

void Node::copy_from(const Node& source, std::string_view name) {
  const std::string text(name);
  check(H5Ocopy(source.group_->id(), text.c_str(), group_->id(), text.c_str(), H5P_DEFAULT, H5P_DEFAULT),
        ExitCode::io_failure, place(name) + ": cannot be copied from the earlier file");
}

Handle Node::open_dataset(std::string_view name) const {
  return checked(H5Dopen2(group_->id(), std::string(name).c_str(), H5P_DEFAULT), H5Dclose, ExitCode::bad_file,
                 place(name) + ": is missing or not a dataset");
}

template <class T>
void Node::write(std::string_view name, const T& scalar) {
  const std::string what = place(name) + ": cannot be written";
  const Handle settings = dataset_settings();
  const Handle space = scalar_space();
  if constexpr (std::is_same_v<T, std::string>) {
    const Handle type = string_type(scalar.size());
    const Handle dataset = checked(H5Dcreate2(group_->id(), std::string(name).c_str(), type.id(), space.id(),
                                              H5P_DEFAULT, settings.id(), H5P_DEFAULT),
                                   H5Dclose, ExitCode::io_failure, what);
    const std::string padded = scalar.empty() ? std::string(1, '\0') : scalar;
    check(H5Dwrite(dataset.id(), type.id(), H5S_ALL, H5S_ALL, H5P_DEFAULT, padded.data()),
          ExitCode::io_failure, what);
  } else {
    const Handle dataset = checked(H5Dcreate2(group_->id(), std::string(name).c_str(), native_type<T>(),
                                              space.id(), H5P_DEFAULT, settings.id(), H5P_DEFAULT),
                                   H5Dclose, ExitCode::io_failure, what);
    check(H5Dwrite(dataset.id(), native_type<T>(), H5S_ALL, H5S_ALL, H5P_DEFAULT, &scalar),
          ExitCode::io_failure, what);
  }
}

template <class T>
void Node::write(std::string_view name, std::span<const T> values, std::vector<std::uint64_t> dims) {
  const std::string what = place(name) + ": cannot be written";
  if (dims.empty()) dims.push_back(values.size());
  const std::vector<hsize_t> extents(dims.begin(), dims.end());
  hsize_t total = 1;
  for (const hsize_t extent : extents) total *= extent;
  if (total != values.size()) throw Error(ExitCode::internal, what + ": its extents do not fit its values");
  const Handle settings = dataset_settings();
  const Handle space(H5Screate_simple(static_cast<int>(extents.size()), extents.data(), nullptr), H5Sclose);
  const Handle dataset = checked(H5Dcreate2(group_->id(), std::string(name).c_str(), native_type<T>(),
                                            space.id(), H5P_DEFAULT, settings.id(), H5P_DEFAULT),
                                 H5Dclose, ExitCode::io_failure, what);
  if (!values.empty())
    check(H5Dwrite(dataset.id(), native_type<T>(), H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()),
          ExitCode::io_failure, what);
}

void Node::write_terminated(std::string_view name, const std::string& text) {
  const std::string what = place(name) + ": cannot be written";
  const Handle settings = dataset_settings(), space = scalar_space(), type = terminated_type(text.size());
  const Handle dataset = checked(H5Dcreate2(group_->id(), std::string(name).c_str(), type.id(), space.id(),
                                            H5P_DEFAULT, settings.id(), H5P_DEFAULT),
                                 H5Dclose, ExitCode::io_failure, what);
  check(H5Dwrite(dataset.id(), type.id(), H5S_ALL, H5S_ALL, H5P_DEFAULT, text.c_str()), ExitCode::io_failure,
        what);
}

void Node::write_texts(std::string_view name, const std::vector<std::string>& texts) {
  const std::string what = place(name) + ": cannot be written";
  std::size_t longest = 0;
  for (const std::string& text : texts) longest = std::max(longest, text.size());
  std::string bytes;
  for (const std::string& text : texts) bytes += text + std::string(longest + 1 - text.size(), '\0');
  const hsize_t count = texts.size();
  const Handle settings = dataset_settings(), type = terminated_type(longest);
  const Handle space(H5Screate_simple(1, &count, nullptr), H5Sclose);
  const Handle dataset = checked(H5Dcreate2(group_->id(), std::string(name).c_str(), type.id(), space.id(),
                                            H5P_DEFAULT, settings.id(), H5P_DEFAULT),
                                 H5Dclose, ExitCode::io_failure, what);
  if (count > 0)
    check(H5Dwrite(dataset.id(), type.id(), H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes.data()),
          ExitCode::io_failure, what);
}

std::vector<std::string> Node::read_texts(std::string_view name) const {
  const Handle dataset = open_dataset(name);
  const Handle type(H5Dget_type(dataset.id()), H5Tclose);
  const std::string what = place(name) + ": is no list of texts of a fixed length";
  if (H5Tget_class(type.id()) != H5T_STRING || H5Tis_variable_str(type.id()) > 0)
    throw Error(ExitCode::bad_file, what);
  std::size_t count = 1;
  for (const std::uint64_t extent : dims_of(dataset.id())) count *= extent;
  const std::size_t length = H5Tget_size(type.id());
  std::string bytes(count * length, '\0');
  if (count > 0)
    check(H5Dread(dataset.id(), type.id(), H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes.data()), ExitCode::bad_file,
          what);
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string text = bytes.substr(i * length, length);
    texts.push_back(text.substr(0, text.find('\0')));
  }
  return texts;
}

template <class T>
T Node::read(std::string_view name) const {
  const std::string what = place(name) + ": cannot be read";
  const Handle dataset = open_dataset(name);
  const Handle space(H5Dget_space(dataset.id()), H5Sclose);
  if (H5Sget_simple_extent_npoints(space.id()) != 1)
    throw Error(ExitCode::bad_file, place(name) + ": is not a single value");
  if constexpr (std::is_same_v<T, std::string>) {
    const Handle type(H5Dget_type(dataset.id()), H5Tclose);
    if (H5Tget_class(type.id()) != H5T_STRING)
      throw Error(ExitCode::bad_file, place(name) + ": is not a text");
    return fixed_string(dataset.id(), type.id(), false, what);
  } else {
    T value{};
    check(H5Dread(dataset.id(), native_type<T>(), H5S_ALL, H5S_ALL, H5P_DEFAULT, &value), ExitCode::bad_file,
          what);
    return value;
  }
}

template <class T>
std::vector<T> Node::read_all(std::string_view name) const {
  const Handle dataset = open_dataset(name);
  std::uint64_t total = 1;
  for (const std::uint64_t extent : dims_of(dataset.id())) total *= extent;
  std::vector<T> values(total);
  if (total > 0)
    check(H5Dread(dataset.id(), native_type<T>(), H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()),
          ExitCode::bad_file, place(name) + ": cannot be read");
  return values;
}

std::vector<std::uint64_t> Node::dims(std::string_view name) const {
  return dims_of(open_dataset(name).id());
}

char Node::type_of(std::string_view name) const {
  const Handle dataset = open_dataset(name);
  const Handle type(H5Dget_type(dataset.id()), H5Tclose);
  switch (H5Tget_class(type.id())) {
    case H5T_FLOAT:
      return 'd';
    case H5T_STRING:
      return 's';
    case H5T_INTEGER:
      return H5Tget_size(type.id()) == 1 ? 'b' : H5Tget_sign(type.id()) == H5T_SGN_NONE ? 'u' : 'i';
    default:
      return '?';
  }
}

template <class T>
void Node::attribute(std::string_view name, const T& value) {
  write_attribute(group_->id(), std::string(name), value, path_);
}

template <class T>
void Node::attribute_of(std::string_view dataset, std::string_view name, const T& value) {
  write_attribute(open_dataset(dataset).id(), std::string(name), value, place(dataset));
}

void Node::fixed_attribute(std::string_view name, const std::string& text) {
  write_fixed_attribute(group_->id(), std::string(name), text, path_);
}

void Node::fixed_attribute_of(std::string_view dataset, std::string_view name, const std::string& text) {
  write_fixed_attribute(open_dataset(dataset).id(), std::string(name), text, place(dataset));
}

template <class T>
T Node::read_attribute(std::string_view name) const {
  const std::string what = path_ + ": attribute " + std::string(name) + " is missing or of another type";
  const Handle attribute = checked(H5Aopen(group_->id(), std::string(name).c_str(), H5P_DEFAULT), H5Aclose,
                                   ExitCode::bad_file, what);
  const Handle type(H5Aget_type(attribute.id()), H5Tclose);
  const bool is_text = H5Tget_class(type.id()) == H5T_STRING;
  if (is_text != std::is_same_v<T, std::string>) throw Error(ExitCode::bad_file, what);
  if constexpr (std::is_same_v<T, std::string>) {
    return fixed_string(attribute.id(), type.id(), true, what);
  } else {
    T value{};
    check(H5Aread(attribute.id(), native_type<T>(), &value), ExitCode::bad_file, what);
    return value;
  }
}

bool Node::has_attribute(std::string_view name) const {
  return H5Aexists(group_->id(), std::string(name).c_str()) > 0;
}

std::vector<std::string> Node::attributes() const {
  std::vector<std::string> names;
  const auto collect = [](hid_t, const char* name, const H5A_info_t*, void* data) -> herr_t {
    static_cast<std::vector<std::string>*>(data)->emplace_back(name);
    return 0;
  };
  hsize_t position = 0;
  check(H5Aiterate2(group_->id(), H5_INDEX_NAME, H5_ITER_INC, &position, collect, &names), ExitCode::bad_file,
        path_ + ": attributes cannot be listed");
  return names;
}

std::string Node::attribute_text(std::string_view name) const {
  const Handle attribute(H5Aopen(group_->id(), std::string(name).c_str(), H5P_DEFAULT), H5Aclose);
  const Handle type(H5Aget_type(attribute.id()), H5Tclose);
  switch (H5Tget_class(type.id())) {
    case H5T_STRING:
      return read_attribute<std::string>(name);
    case H5T_INTEGER:
      return std::to_string(read_attribute<std::int64_t>(name));
    case H5T_FLOAT:
      return shortest(read_attribute<double>(name));
    default:
      return "?";
  }
}

ByteWriter Node::stream(std::string_view name, std::uint64_t bytes) {
  const hsize_t total = bytes;
  const Handle settings = dataset_settings();
  if (total > chunk_bytes) H5Pset_chunk(settings.id(), 1, &chunk_bytes);
  const Handle space(H5Screate_simple(1, &total, nullptr), H5Sclose);
  return {checked(H5Dcreate2(group_->id(), std::string(name).c_str(), H5T_NATIVE_UINT8, space.id(),
                             H5P_DEFAULT, settings.id(), H5P_DEFAULT),
                  H5Dclose, ExitCode::io_failure, place(name) + ": cannot be written"),
          place(name)};
}

ByteReader Node::open_stream(std::string_view name) const { return {open_dataset(name), place(name)}; }

#define WEISS_NODE_SCALAR(T)                                 \
  template void Node::write(std::string_view, const T&);     \
  template T Node::read(std::string_view) const;             \
  template void Node::attribute(std::string_view, const T&); \
  template T Node::read_attribute(std::string_view) const;   \
  template void Node::attribute_of(std::string_view, std::string_view, const T&);
#define WEISS_NODE_ARRAY(T)                                                                    \
  template void Node::write(std::string_view, std::span<const T>, std::vector<std::uint64_t>); \
  template std::vector<T> Node::read_all(std::string_view) const;

WEISS_NODE_SCALAR(double)
WEISS_NODE_SCALAR(std::int64_t)
WEISS_NODE_SCALAR(std::uint64_t)
WEISS_NODE_SCALAR(std::string)
WEISS_NODE_ARRAY(double)
WEISS_NODE_ARRAY(std::int64_t)
WEISS_NODE_ARRAY(std::uint64_t)
WEISS_NODE_ARRAY(std::uint8_t)

}  // namespace weiss
