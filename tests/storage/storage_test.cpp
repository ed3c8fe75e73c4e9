// Files: what is written is read back, damage is seen before HDF5 sees the file, and no kill loses a
// generation.
#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "weiss/storage/atomic_file.hpp"
#include "weiss/storage/green_function.hpp"
#include "weiss/storage/lock.hpp"
#include "weiss/storage/text_file.hpp"

namespace weiss {
namespace {

namespace fs = std::filesystem;

class Storage : public testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/weiss_storage_XXXXXX";
    folder_ = mkdtemp(name);
  }
  void TearDown() override { fs::remove_all(folder_); }
  std::string path(const std::string& name) const { return folder_ + "/" + name; }
  std::string folder_;
};

void write_generation(const std::string& file, const std::string& previous, std::int64_t generation) {
  AtomicFile out(file, previous);
  {
    Node root = out.root();
    root.attribute("generation", generation);
    const std::vector<std::int64_t> values(2000, generation);
    for (int i = 0; i < 5; ++i)
      root.group("g").write("d" + std::to_string(i), std::span<const std::int64_t>(values));
  }
  out.commit();
}

std::int64_t generation_of(const VerifiedFile& file) {
  const auto generation = file.root().read_attribute<std::int64_t>("generation");
  const Node group = file.root().group("g");
  for (const std::string& name : group.children())
    for (const std::int64_t value : group.read_all<std::int64_t>(name)) EXPECT_EQ(value, generation);
  return generation;
}

TEST_F(Storage, RoundTripsEveryType) {
  const std::string long_text(100000, 'x');
  {
    AtomicFile out(path("a.h5"));
    {
      Node root = out.root();
      Node group = root.group("L=4,temperature=2.3");
      group.write("pi", 3.25);
      group.write("count", std::int64_t{-5});
      group.write("bits", ~std::uint64_t{0});
      group.write("text", std::string("Kaufman"));
      group.write("empty", std::string());
      const std::vector<double> values{1, 2, 3, 4, 5, 6};
      group.write("matrix", std::span<const double>(values), {2, 3});
      group.write("none", std::span<const double>());
      group.attribute("deck", long_text);
      group.attribute_of("pi", "unit", std::string("J"));
      ByteWriter stream = group.stream("spins", 3000000);
      std::vector<std::byte> piece(1000000);
      for (int i = 0; i < 3; ++i) {
        std::fill(piece.begin(), piece.end(), static_cast<std::byte>(i));
        stream.append(piece);
      }
    }
    out.commit();
  }
  const VerifiedFile in(path("a.h5"));
  const Node group = in.root().group("L=4,temperature=2.3");
  EXPECT_EQ(group.read<double>("pi"), 3.25);
  EXPECT_EQ(group.read<std::int64_t>("count"), -5);
  EXPECT_EQ(group.read<std::uint64_t>("bits"), ~std::uint64_t{0});
  EXPECT_EQ(group.read<std::string>("text"), "Kaufman");
  EXPECT_EQ(group.read<std::string>("empty"), "");
  EXPECT_EQ(group.dims("matrix"), (std::vector<std::uint64_t>{2, 3}));
  EXPECT_EQ(group.read_all<double>("matrix")[5], 6);
  EXPECT_TRUE(group.read_all<double>("none").empty());
  EXPECT_EQ(group.read_attribute<std::string>("deck"), long_text);
  const ByteReader stream = group.open_stream("spins");
  ASSERT_EQ(stream.size(), 3000000U);
  std::vector<std::byte> piece(2);
  stream.read(1999999, piece);
  EXPECT_EQ(piece[0], std::byte{1});
  EXPECT_EQ(piece[1], std::byte{2});
  EXPECT_THROW(group.read<double>("missing"), Error);
  EXPECT_THROW(stream.read(2999999, piece), Error);
}

TEST_F(Storage, GreenFunctionsHaveBothSignsOfFrequency) {
  using namespace std::complex_literals;
  GreenFunction green{"G_iw",
                      "of two orbitals",
                      "1/energy",
                      GreenMesh::imaginary_frequency,
                      5,
                      2,
                      {{"up", {1.0 - 2.0i, 3.0 + 4.0i, 5.0i, 6.0 - 7.0i}}, {"down", {0, 0, 0, -1.0i}}}};
  {
    AtomicFile out(path("g.h5"));
    write_green_function(out.root(), green);
    green.blocks[1].values.pop_back();
    green.name = "bad";
    EXPECT_THROW(write_green_function(out.root(), green), Error);
    out.commit();
  }
  const VerifiedFile in(path("g.h5"));
  const Node group = in.root().group("G_iw");
  EXPECT_EQ(group.read_texts("block_names"), (std::vector<std::string>{"up", "down"}));
  EXPECT_EQ(group.read_attribute<std::string>("Format"), "BlockGf");
  const Node up = group.group("up");
  EXPECT_EQ(up.children(), (std::vector<std::string>{"data", "mesh"}));
  EXPECT_EQ(up.dims("data"), (std::vector<std::uint64_t>{2, 2, 2, 2}));
  // G(-i w) is the adjoint matrix.
  EXPECT_EQ(up.read_all<double>("data"),
            (std::vector<double>{1, 2, 0, -5, 3, -4, 6, 7, 1, -2, 3, 4, 0, 5, 6, -7}));
  const Node mesh = up.group("mesh");
  EXPECT_EQ(mesh.read<double>("beta"), 5);
  EXPECT_EQ(mesh.read<std::int64_t>("size"), 2);
  EXPECT_EQ(mesh.read<std::string>("statistic"), "F");
}

// HDF5 1.10.8 crashes when it copies variable-length texts of more than eight attributes to another file.
TEST_F(Storage, CopiesGroupsOfManyAttributes) {
  const auto name = [](int i) { return "text" + std::to_string(i); };
  {
    AtomicFile out(path("a.h5"));
    for (int i = 0; i < 20; ++i) out.root().group("task").attribute(name(i), "value " + std::to_string(i));
    out.commit();
  }
  const VerifiedFile in(path("a.h5"));
  {
    AtomicFile out(path("b.h5"));
    out.root().copy_from(in.root(), "task");
    out.commit();
  }
  const VerifiedFile copy(path("b.h5"));
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(copy.root().group("task").read_attribute<std::string>(name(i)), "value " + std::to_string(i));
}

TEST_F(Storage, CommitKeepsThePreviousGenerationAndAbandonedFilesVanish) {
  for (std::int64_t generation = 1; generation <= 3; ++generation)
    write_generation(path("c.h5"), path("p.h5"), generation);
  EXPECT_EQ(generation_of(VerifiedFile(path("c.h5"))), 3);
  EXPECT_EQ(generation_of(VerifiedFile(path("p.h5"))), 2);
  { AtomicFile abandoned(path("c.h5"), path("p.h5")); }
  EXPECT_EQ(generation_of(VerifiedFile(path("c.h5"))), 3);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 2);
}

TEST_F(Storage, EveryCutAndFlippedBitIsSeen) {
  write_generation(path("c.h5"), "", 7);
  std::ifstream file(path("c.h5"), std::ios::binary);
  const std::string whole((std::istreambuf_iterator<char>(file)), {});
  const auto damaged = [&](const std::string& bytes) {
    std::ofstream(path("d.h5"), std::ios::binary)
        .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    EXPECT_THROW(VerifiedFile(path("d.h5")), Error);
  };
  for (std::size_t length = 0; length < whole.size(); length += 512) damaged(whole.substr(0, length));
  for (std::size_t position = 0; position < whole.size(); position += 997) {
    std::string bytes = whole;
    bytes[position] = static_cast<char>(bytes[position] ^ (1 << (position % 8)));
    damaged(bytes);
  }
  damaged(whole + "x");
}

TEST_F(Storage, FallsBackToThePreviousGenerationAndSaysSo) {
  std::string said;
  const auto notice = [&](const std::string& text) { said += text; };
  EXPECT_FALSE(newest_good(path("c.h5"), path("p.h5"), notice));
  write_generation(path("c.h5"), path("p.h5"), 1);
  write_generation(path("c.h5"), path("p.h5"), 2);
  EXPECT_EQ(generation_of(*newest_good(path("c.h5"), path("p.h5"), notice)), 2);
  EXPECT_TRUE(said.empty());
  fs::resize_file(path("c.h5"), 3000);
  EXPECT_EQ(generation_of(*newest_good(path("c.h5"), path("p.h5"), notice)), 1);
  EXPECT_NE(said.find("c.h5"), std::string::npos);
  fs::resize_file(path("p.h5"), 100);
  EXPECT_THROW(newest_good(path("c.h5"), path("p.h5"), notice), Error);
}

TEST_F(Storage, KillsAtAnyMomentLeaveAGoodGeneration) {
  write_generation(path("c.h5"), path("p.h5"), 0);
  for (int trial = 0; trial < 20; ++trial) {
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      for (std::int64_t generation = 1;; ++generation)
        write_generation(path("c.h5"), path("p.h5"), generation);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20 + 7 * trial));
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    const auto good = newest_good(path("c.h5"), path("p.h5"), [](const std::string&) {});
    ASSERT_TRUE(good);
    EXPECT_GE(generation_of(*good), 0);
  }
}

TEST_F(Storage, AFullDiskIsAnErrorAndLosesNothing) {
  write_generation(path("c.h5"), path("p.h5"), 1);
  // Full at once, and full in the middle.
  for (const rlim_t bytes : {rlim_t{0}, rlim_t{20000}}) {
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      signal(SIGXFSZ, SIG_IGN);
      const rlimit limit{bytes, bytes};
      setrlimit(RLIMIT_FSIZE, &limit);
      try {
        write_generation(path("c.h5"), path("p.h5"), 2);
      } catch (const Error& error) {
        _exit(static_cast<int>(error.code()));
      }
      _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    ASSERT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), static_cast<int>(ExitCode::io_failure));
    EXPECT_EQ(generation_of(VerifiedFile(path("c.h5"))), 1);
    for (const auto& entry : fs::directory_iterator(path("")))
      EXPECT_EQ(entry.path().string().find(".tmp."), std::string::npos) << entry.path();
  }
}

TEST_F(Storage, OneLiveHolderAndDeadOnesNeverBlock) {
  int pipe_ends[2];
  ASSERT_EQ(pipe(pipe_ends), 0);
  const pid_t child = fork();
  if (child == 0) {
    const OutputLock lock(path("run"));
    char byte = 1;
    if (write(pipe_ends[1], &byte, 1) != 1) _exit(1);
    pause();
  }
  char byte = 0;
  ASSERT_EQ(read(pipe_ends[0], &byte, 1), 1);
  try {
    const OutputLock second(path("run"), 0.3);
    FAIL() << "locked twice";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::io_failure);
    EXPECT_NE(std::string(error.what()).find(std::to_string(child)), std::string::npos);
  }
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  EXPECT_NO_THROW(OutputLock(path("run"), 1.0));
  EXPECT_NO_THROW(OutputLock(path("run"), 1.0));
  EXPECT_THROW(OutputLock(path("no/such/folder/run"), 0.1), Error);
}

TEST_F(Storage, TextFilesAreReplacedWhole) {
  EXPECT_TRUE(write_text_file(path("t.json"), "{}"));
  EXPECT_TRUE(write_text_file(path("t.json"), "{\"a\": 1}"));
  std::ifstream file(path("t.json"));
  std::string text;
  std::getline(file, text);
  EXPECT_EQ(text, "{\"a\": 1}");
  EXPECT_FALSE(write_text_file(path("no/such/t.json"), "x"));
}

}  // namespace
}  // namespace weiss
