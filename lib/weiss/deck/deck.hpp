// A deck: the text of an INI file and of the command line's overrides, checked against the schema and
// expanded into tasks. Every problem is found at once and named with file, line and key.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "weiss/deck/schema.hpp"

namespace weiss {

// The typed values of one task. Asking for a key of another type, or one that is not given, is
// Error(internal).
class Parameters {
 public:
  double real(std::string_view key) const { return get<double>(key); }
  std::int64_t integer(std::string_view key) const { return get<std::int64_t>(key); }
  bool boolean(std::string_view key) const { return get<bool>(key); }
  const std::string& text(std::string_view key) const { return get<std::string>(key); }
  double duration(std::string_view key) const { return get<double>(key); }  // seconds
  const std::vector<std::int64_t>& integers(std::string_view key) const {
    return get<std::vector<std::int64_t>>(key);
  }
  const std::vector<double>& reals(std::string_view key) const { return get<std::vector<double>>(key); }
  const std::vector<std::string>& texts(std::string_view key) const {
    return get<std::vector<std::string>>(key);
  }
  // The path of a file that a text names: in the folder of the deck where it is there, else as it stands.
  std::string file(std::string_view key) const;
  bool given(std::string_view key) const;   // in the deck, on the command line, swept, or by default
  bool chosen(std::string_view key) const;  // given, not by default
  // Whether a choice has this value here or, swept, in another task.
  bool somewhere(std::string_view key, std::string_view value) const;

  struct Entry {
    std::string key, unit;
    std::variant<double, std::int64_t, bool, std::string> value;  // lists as printed text
    bool affects_result;
    OnResume on_resume;
  };
  std::vector<Entry> entries() const;  // in schema order

  void set_folder(std::string folder) { folder_ = std::move(folder); }  // of the deck
  void set(const Key& key, KeyValue value, bool by_default = false);
  // One of the values of a swept key.
  void set_swept(const Key& key, KeyValue value, const std::vector<std::string>& values);
  // Another value of the same type for a key that is given.
  void replace(std::string_view key, KeyValue value);

 private:
  struct Held {
    std::size_t order;
    std::string unit;
    KeyValue value;
    bool affects_result;
    OnResume on_resume;
    bool by_default;
    std::vector<std::string> swept;  // the values of the other tasks too
  };
  template <class T>
  const T& get(std::string_view key) const;
  [[noreturn]] static void misuse(std::string_view key);

  std::map<std::string, Held, std::less<>> values_;
  std::string folder_;
};

std::string printed(const Parameters::Entry& entry);

// Everything wrong with a deck, collected.
class Problems {
 public:
  explicit Problems(std::string name) : name_(std::move(name)) {}

  void locate(const std::string& key, std::size_t line) { line_of_[key] = line; }  // 0: the command line
  void add(std::string_view key, const std::string& message);                      // at the key's place
  void add_at(std::size_t line, std::string message);                              // 0: the command line
  void add_general(std::string message);
  bool empty() const { return problems_.empty(); }
  bool of_the_command_line() const;  // all of them
  std::string text() const;          // one problem a line, in the order of the file, each once

 private:
  static constexpr std::size_t nowhere = static_cast<std::size_t>(-1);
  struct Problem {
    std::size_t line;
    std::string text;
    bool operator<(const Problem& other) const;
    bool operator==(const Problem&) const = default;
  };
  std::string name_;
  std::map<std::string, std::size_t, std::less<>> line_of_;
  std::vector<Problem> problems_;
};

// Of `forward` and `backward`: which neighbour along sweep.chain a task starts from, where a program has it.
inline constexpr const char* chain_direction_key = "run.chain_direction";

struct Task {
  std::string id;  // "L=64,temperature=2.3"; "single" without a sweep
  Parameters parameters;
  int chain_previous = -1;                                 // index of the task this one starts from
  std::vector<std::pair<std::string, std::string>> swept;  // key, printed value
};

struct Deck {
  std::string path, text;
  std::string canonical;  // one key=value a line, of the keys that can change a result, sorted
  std::string hash;       // of canonical, hexadecimal
  std::vector<std::string> overrides;
  std::vector<Task> tasks;  // never empty
  std::vector<std::string> swept_keys;
};

// What the schema cannot say; called once a task when all its values are valid.
using Validator = std::function<void(const Parameters&, Problems&)>;

// overrides: "section.key=value" or "sweep.section.key=values". Throws an Error that lists every
// problem: bad_usage when all of them stand on the command line, bad_deck otherwise.
Deck parse_deck(const Schema& schema, const std::string& text, const std::string& name,
                const std::vector<std::string>& overrides, const Validator& validator);

// Why a stored run with these printed parameters cannot go on with the new ones; empty when it can.
std::vector<std::string> refused_changes(const std::map<std::string, std::string>& stored,
                                         const Parameters& parameters);

}  // namespace weiss
