// A group of an open HDF5 file: scalars, arrays, attributes and long byte streams by name. Files carry no
// object time stamps, so equal content gives equal bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <hdf5.h>

#include "weiss/storage/handle.hpp"

namespace weiss {

// Appends to a dataset of bytes, piece by piece.
class ByteWriter {
 public:
  ByteWriter(Handle dataset, std::string path);
  void append(std::span<const std::byte> bytes);

 private:
  Handle dataset_;
  std::string path_;
  std::uint64_t written_ = 0;
};

class ByteReader {
 public:
  ByteReader(Handle dataset, std::string path);
  std::uint64_t size() const { return size_; }
  void read(std::uint64_t offset, std::span<std::byte> bytes) const;

 private:
  Handle dataset_;
  std::string path_;
  std::uint64_t size_ = 0;
};

// T: double, std::int64_t, std::uint64_t, std::uint8_t, and std::string where one value is meant.
class Node {
 public:
  // file keeps the file open as long as a node of it lives.
  Node(std::shared_ptr<Handle> file, Handle group, std::string path);

  Node group(std::string_view name) const;  // opens, or creates in a writable file
  bool has(std::string_view name) const;
  bool is_group(std::string_view name) const;
  std::vector<std::string> children() const;  // in name order
  const std::string& path() const { return path_; }
  void remove(std::string_view name);
  // The child `name` of source with everything below it.
  void copy_from(const Node& source, std::string_view name);

  template <class T>
  void write(std::string_view name, const T& scalar);
  template <class T>
  void write(std::string_view name, std::span<const T> values, std::vector<std::uint64_t> dims = {});
  // Texts of one fixed length, ended by a zero, for readers that know no others: one, and a list.
  void write_terminated(std::string_view name, const std::string& text);
  void write_texts(std::string_view name, const std::vector<std::string>& texts);
  std::vector<std::string> read_texts(std::string_view name) const;
  template <class T>
  T read(std::string_view name) const;
  template <class T>
  std::vector<T> read_all(std::string_view name) const;
  std::vector<std::uint64_t> dims(std::string_view name) const;
  // 'd' double, 'i' and 'u' 64-bit integers, 'b' bytes, 's' string, '?' anything else.
  char type_of(std::string_view name) const;

  template <class T>
  void attribute(std::string_view name, const T& value);
  template <class T>
  T read_attribute(std::string_view name) const;
  template <class T>
  void attribute_of(std::string_view dataset, std::string_view name, const T& value);
  void fixed_attribute(std::string_view name, const std::string& text);
  void fixed_attribute_of(std::string_view dataset, std::string_view name, const std::string& text);
  bool has_attribute(std::string_view name) const;
  std::vector<std::string> attributes() const;
  // Any attribute as text.
  std::string attribute_text(std::string_view name) const;

  ByteWriter stream(std::string_view name, std::uint64_t bytes);
  ByteReader open_stream(std::string_view name) const;

 private:
  std::string place(std::string_view name) const;
  Handle open_dataset(std::string_view name) const;

  std::shared_ptr<Handle> file_;
  std::shared_ptr<Handle> group_;
  std::string path_;
};

std::string hdf5_version();

}  // namespace weiss
