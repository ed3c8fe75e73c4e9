// States: packed and unpacked without loss, damaged bytes refused, nested names kept apart.
#include "weiss/simulation/state.hpp"

#include <gtest/gtest.h>

namespace weiss {
namespace {

struct Inner {
  std::int64_t count = 0;
  std::vector<double> values;
  template <class V>
  void visit_state(V& v) {
    v.scalar("count", count);
    v.vector("values", values);
  }
};

struct Outer {
  double x = 0;
  std::uint64_t threshold = 0;
  Inner a, b;
  template <class V>
  void visit_state(V& v) {
    v.scalar("x", x);
    v.scalar("threshold", threshold);
    v.group("a", a);
    v.group("b", b);
  }
};

TEST(State, SavesAndLoadsEveryField) {
  Outer saved{1.5, ~0ULL, {3, {0.1, -0.0}}, {4, {}}};
  SaveVisitor save;
  saved.visit_state(save);
  const std::vector<std::byte> bytes = save.record.pack();
  const StateRecord record = StateRecord::unpack(bytes);
  LoadVisitor load(record);
  Outer loaded;
  loaded.visit_state(load);
  EXPECT_EQ(loaded.x, 1.5);
  EXPECT_EQ(loaded.threshold, ~0ULL);
  EXPECT_EQ(loaded.a.count, 3);
  EXPECT_EQ(loaded.b.count, 4);
  EXPECT_EQ(loaded.a.values, saved.a.values);
  EXPECT_TRUE(loaded.b.values.empty());
  HashVisitor first, second;
  saved.visit_state(first);
  loaded.visit_state(second);
  EXPECT_EQ(first.hasher.value(), second.hasher.value());
  loaded.a.values[0] += 1e-16;
  HashVisitor third;
  loaded.visit_state(third);
  EXPECT_NE(first.hasher.value(), third.hasher.value());
}

TEST(State, CutBytesAreRefusedNotRead) {
  Outer saved{1.5, 7, {3, {0.1, 0.2}}, {4, {9}}};
  SaveVisitor save;
  saved.visit_state(save);
  const std::vector<std::byte> bytes = save.record.pack();
  for (std::size_t length = 0; length < bytes.size(); ++length)
    EXPECT_THROW((void)StateRecord::unpack(std::span(bytes).first(length)), Error) << length;
}

TEST(State, MissingAndMistypedFieldsAreNamed) {
  StateRecord record;
  record.set("x", 1.0);
  LoadVisitor load(record);
  std::int64_t wrong = 0;
  EXPECT_THROW(load.scalar("x", wrong), Error);
  double missing = 0;
  EXPECT_THROW(load.scalar("y", missing), Error);
  EXPECT_THROW(record.set("x", 2.0), Error);
}

}  // namespace
}  // namespace weiss
