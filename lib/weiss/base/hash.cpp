#include "weiss/base/hash.hpp"

#include <new>

#include <fmt/core.h>
#include <xxhash.h>

namespace weiss {

std::uint64_t hash64(std::string_view text) { return XXH64(text.data(), text.size(), 0); }

struct Hasher::State {
  XXH64_state_t* handle = XXH64_createState();
  State() {
    if (handle == nullptr) throw std::bad_alloc();
    XXH64_reset(handle, 0);
  }
  ~State() { XXH64_freeState(handle); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
};

Hasher::Hasher() : state_(std::make_unique<State>()) {}
Hasher::~Hasher() = default;
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;

void Hasher::update(std::span<const std::byte> bytes) {
  if (!bytes.empty()) XXH64_update(state_->handle, bytes.data(), bytes.size());
}

std::uint64_t Hasher::value() const { return XXH64_digest(state_->handle); }

std::string hexadecimal(std::uint64_t value) { return fmt::format("{:016x}", value); }

}  // namespace weiss
