// Saving, loading and hashing through one list of fields: a model's visit_state(v) names each field once and
// these visitors do the rest. Small fields are replicated on every rank of a task; spins are distributed and
// travel as bits in global site order, piece by piece, so that no rank ever holds a second full copy.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "weiss/base/hash.hpp"
#include "weiss/parallel/communicator.hpp"
#include "weiss/simulation/packing.hpp"

namespace weiss {

using FieldValue = std::variant<std::int64_t, std::uint64_t, double, std::vector<std::int64_t>,
                                std::vector<std::uint64_t>, std::vector<double>>;

// Named small fields, in name order.
class StateRecord {
 public:
  void set(const std::string& name, FieldValue value);
  const FieldValue& at(const std::string& name) const;  // Error(bad_file) names a missing field

  std::vector<std::byte> pack() const;
  static StateRecord unpack(std::span<const std::byte> bytes);

 private:
  std::map<std::string, FieldValue> fields_;
};

// One distributed field of spins: 8 sites a byte, bit i is site first + i, 1 is up; first is a multiple of 8.
struct BitField {
  std::string name;
  std::int64_t sites = 0;
  std::function<void(std::int64_t first, std::span<std::uint8_t>)> fill;        // ORs in what this rank owns
  std::function<void(std::int64_t first, std::span<const std::uint8_t>)> load;  // takes what this rank owns
  std::function<void()> finish_load;                                            // collective
};

template <class Field>
BitField bit_field(const std::string& name, Field& field) {
  return {
      name, field.sites(),
      [&field](std::int64_t first, std::span<std::uint8_t> bytes) { field.fill_bits(first, bytes); },
      [&field](std::int64_t first, std::span<const std::uint8_t> bytes) { field.load_bits(first, bytes); },
      [&field] { field.finish_load(); }};
}

// f(first site, bytes) for consecutive pieces of a field in site order.
template <class F>
void for_each_piece(std::int64_t sites, F&& f) {
  constexpr std::int64_t piece_bytes = std::int64_t{1} << 20;
  const std::int64_t bytes = (sites + 7) / 8;
  std::vector<std::uint8_t> piece;
  for (std::int64_t first = 0; first < bytes; first += piece_bytes) {
    piece.assign(static_cast<std::size_t>(std::min(piece_bytes, bytes - first)), 0);
    f(first * 8, piece);
  }
}

// The spins of one field into another one of the same sites, however the two are spread over the ranks;
// collective.
void hand_over(const BitField& from, const BitField& to, const Communicator& communicator);

// Common to the three visitors: nested names, and the list of distributed fields met.
class StateVisitor {
 public:
  template <class Field>
  void bits(const std::string& name, Field& field) {
    bit_fields.push_back(bit_field(prefix_ + name, field));
  }
  std::vector<BitField> bit_fields;

 protected:
  std::string prefix_;
};

// Adds group(name, object) to a visitor: the object's fields under "name.".
template <class Visitor>
class NestingVisitor : public StateVisitor {
 public:
  template <class Object>
  void group(const std::string& name, Object& object) {
    const std::string outer = prefix_;
    prefix_ += name + ".";
    object.visit_state(static_cast<Visitor&>(*this));
    prefix_ = outer;
  }
};

class SaveVisitor : public NestingVisitor<SaveVisitor> {
 public:
  template <class T>
  void scalar(const std::string& name, T& value) {
    record.set(prefix_ + name, value);
  }
  template <class T>
  void vector(const std::string& name, std::vector<T>& values) {
    record.set(prefix_ + name, values);
  }
  StateRecord record;
};

class LoadVisitor : public NestingVisitor<LoadVisitor> {
 public:
  explicit LoadVisitor(const StateRecord& record) : record_(&record) {}

  template <class T>
  void scalar(const std::string& name, T& value) {
    value = read<T>(name);
  }
  template <class T>
  void vector(const std::string& name, std::vector<T>& values) {
    values = read<std::vector<T>>(name);
  }

 private:
  template <class T>
  const T& read(const std::string& name) const {
    const T* value = std::get_if<T>(&record_->at(prefix_ + name));
    if (value == nullptr)
      throw Error(ExitCode::bad_file,
                  "checkpoint field " + prefix_ + name +
                      " has another type than this version expects; start anew with --fresh");
    return *value;
  }
  const StateRecord* record_;
};

class HashVisitor : public NestingVisitor<HashVisitor> {
 public:
  template <class T>
  void scalar(const std::string& name, T& value) {
    hasher.update(prefix_ + name);
    hasher.update(std::as_bytes(std::span<const T, 1>(&value, 1)));
  }
  template <class T>
  void vector(const std::string& name, std::vector<T>& values) {
    hasher.update(prefix_ + name);
    hasher.update(std::as_bytes(std::span<const T>(values)));
  }
  Hasher hasher;
};

}  // namespace weiss
