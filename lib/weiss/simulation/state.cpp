#include "weiss/simulation/state.hpp"

#include <type_traits>

namespace weiss {

namespace {

template <std::size_t Index = 0>
FieldValue unpack_alternative(std::size_t index, Unpacker& unpacker) {
  if constexpr (Index == std::variant_size_v<FieldValue>) {
    throw Error(ExitCode::bad_file, "a checkpoint record holds a field of unknown type");
  } else {
    if (index != Index) return unpack_alternative<Index + 1>(index, unpacker);
    std::variant_alternative_t<Index, FieldValue> value{};
    unpacker.get(value);
    return value;
  }
}

}  // namespace

void StateRecord::set(const std::string& name, FieldValue value) {
  if (!fields_.emplace(name, std::move(value)).second)
    throw Error(ExitCode::internal, "state field " + name + " is listed twice by visit_state");
}

const FieldValue& StateRecord::at(const std::string& name) const {
  const auto found = fields_.find(name);
  if (found == fields_.end())
    throw Error(ExitCode::bad_file, "the checkpoint lacks the field " + name +
                                        "; it was written by another version: start anew with --fresh");
  return found->second;
}

std::vector<std::byte> StateRecord::pack() const {
  Packer packer;
  packer.put(static_cast<std::uint64_t>(fields_.size()));
  for (const auto& [name, value] : fields_) {
    packer.put(name);
    packer.put(static_cast<std::uint64_t>(value.index()));
    std::visit([&](const auto& held) { packer.put(held); }, value);
  }
  return packer.bytes();
}

StateRecord StateRecord::unpack(std::span<const std::byte> bytes) {
  Unpacker unpacker(bytes);
  StateRecord record;
  const auto count = unpacker.get<std::uint64_t>();
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto name = unpacker.get<std::string>();
    const auto index = unpacker.get<std::uint64_t>();
    if (record.fields_.contains(name))
      throw Error(ExitCode::bad_file, "the checkpoint holds the field " + name + " twice");
    record.set(name, unpack_alternative(index, unpacker));
  }
  return record;
}

void hand_over(const BitField& from, const BitField& to, const Communicator& communicator) {
  for_each_piece(from.sites, [&](std::int64_t first, std::vector<std::uint8_t>& piece) {
    from.fill(first, piece);
    communicator.bit_or(piece, 0);
    communicator.broadcast(std::span(piece));
    to.load(first, piece);
  });
  to.finish_load();
}

}  // namespace weiss
