// States: packed and unpacked without loss, damaged bytes refused, nested names kept apart.
#include "weiss/simulation/state.hpp"

#include <gtest/gtest.h>

#include "weiss/simulation/task_run.hpp"

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

ExitCode code_of(const std::function<void()>& read) {
  try {
    read();
  } catch (const Error& error) {
    return error.code();
  }
  return ExitCode::done;
}

TEST(State, BytesThatAreNoBoolAreRefused) {
  for (int byte = 0; byte < 256; ++byte) {
    const std::vector<std::byte> bytes{static_cast<std::byte>(byte)};
    Unpacker unpacker(bytes);
    bool value = false;
    EXPECT_EQ(code_of([&] { unpacker.get(value); }), byte > 1 ? ExitCode::bad_file : ExitCode::done);
    EXPECT_EQ(value, byte == 1);
  }
}

TEST(State, AFieldThatStandsTwiceIsDamage) {
  Packer packer;
  packer.put(std::uint64_t{2});
  for (int i = 0; i < 2; ++i) {
    packer.put(std::string("x"));
    packer.put(std::uint64_t{0});
    packer.put(std::int64_t{1});
  }
  EXPECT_EQ(code_of([&] { (void)StateRecord::unpack(packer.bytes()); }), ExitCode::bad_file);
}

TEST(State, NoFieldHasFewerThanZeroSites) {
  StateHeader header;
  header.bit_names = {"spins"};
  header.bit_sites = {0};
  EXPECT_NO_THROW((void)StateHeader::unpack(header.pack()));
  header.bit_sites = {-8};
  EXPECT_EQ(code_of([&] { (void)StateHeader::unpack(header.pack()); }), ExitCode::bad_file);
}

// The fields of an Accumulator of two components after three samples in bins of two; each test alters one.
struct Samples {
  std::int64_t count = 3, bin_length = 2, partial_count = 1;
  std::vector<double> origin{1, 2}, sum{3, 4}, sum_of_squares{5, 6}, partial_sum{7, 8}, bin_sums{9, 10};
  template <class V>
  void visit_state(V& v) {
    v.scalar("count", count);
    v.scalar("bin_length", bin_length);
    v.scalar("partial_count", partial_count);
    v.vector("origin", origin);
    v.vector("sum", sum);
    v.vector("sum_of_squares", sum_of_squares);
    v.vector("partial_sum", partial_sum);
    v.vector("bin_sums", bin_sums);
  }
};

std::string misfit_of(Samples samples) {
  SaveVisitor save;
  save.group("energy", samples);
  LoadVisitor load(save.record);
  Measurements measurements;
  measurements.observable("energy", {.long_name = "", .unit = "1", .formula = "", .dims = {2}});
  measurements.visit_state(load);
  return measurements.misfit();
}

TEST(State, SamplesThatCannotBeAreNamed) {
  EXPECT_EQ(misfit_of({}), "");
  for (std::int64_t Samples::*number : {&Samples::count, &Samples::bin_length, &Samples::partial_count})
    for (const std::int64_t value : {std::numeric_limits<std::int64_t>::min(), std::int64_t{-1},
                                     std::int64_t{0}, std::numeric_limits<std::int64_t>::max()}) {
      Samples samples;
      samples.*number = value;
      EXPECT_EQ(misfit_of(samples), "energy") << value;
    }
  for (std::vector<double> Samples::*values :
       {&Samples::origin, &Samples::sum, &Samples::sum_of_squares, &Samples::partial_sum, &Samples::bin_sums})
    for (const std::size_t length : {0U, 1U, 3U, 4U}) {
      Samples samples;
      (samples.*values).resize(length);
      EXPECT_EQ(misfit_of(samples), "energy") << length;
    }
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
