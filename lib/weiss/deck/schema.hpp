// The one declaration of every deck key: name, type, default, range, unit, help, and what may change on
// resume. The deck reader, --help, validation and the resume rules all come from it.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace weiss {

enum class OnResume {
  fixed,     // a change is refused
  free,      // may change: it steers the machine, never the result
  may_grow,  // a number that may be raised
};

struct KeyOptions {
  std::optional<std::string> fallback = std::nullopt;  // as it would stand in a deck; none: no default
  std::string unit = "1";
  std::string help = {};
  double minimum = -std::numeric_limits<double>::infinity();
  double maximum = std::numeric_limits<double>::infinity();
  bool exclusive_minimum = false;
  bool affects_result = true;
  OnResume on_resume = OnResume::fixed;
};

enum class KeyKind { real, integer, boolean, text, duration, choice, integers, reals, texts };

using KeyValue = std::variant<double, std::int64_t, bool, std::string, std::vector<std::int64_t>,
                              std::vector<double>, std::vector<std::string>>;

struct Key {
  std::string name;  // section.key
  KeyKind kind;
  KeyOptions options;
  std::vector<std::string> choices;
};

class Schema {
 public:
  Schema& real(std::string key, KeyOptions options);
  Schema& integer(std::string key, KeyOptions options);
  Schema& boolean(std::string key, KeyOptions options);
  Schema& text(std::string key, KeyOptions options);
  Schema& duration(std::string key, KeyOptions options);  // seconds or hh:mm:ss
  Schema& choice(std::string key, std::vector<std::string> choices, KeyOptions options);
  Schema& integers(std::string key, KeyOptions options);  // comma list
  Schema& reals(std::string key, KeyOptions options);
  Schema& texts(std::string key, KeyOptions options);
  Schema& exactly_one_of(std::vector<std::string> keys);
  Schema& at_most_one_of(std::vector<std::string> keys);
  // The keys of another schema that are not here yet, without its rules on which of them are given.
  // Error(internal) where a key of the same name means something else.
  Schema& adopt(const Schema& other);

  const std::vector<Key>& keys() const { return keys_; }
  const Key* find(std::string_view name) const;
  bool has_section(std::string_view section) const;
  const std::vector<std::vector<std::string>>& exactly_one() const { return exactly_one_; }
  const std::vector<std::vector<std::string>>& at_most_one() const { return at_most_one_; }
  // The known key or section nearest in spelling, when it is near.
  std::string nearest_key(std::string_view name) const;
  std::string nearest_section(std::string_view name) const;

  std::string help() const;

 private:
  Schema& add(std::string key, KeyKind kind, KeyOptions options, std::vector<std::string> choices = {});

  std::vector<Key> keys_;
  std::vector<std::vector<std::string>> exactly_one_, at_most_one_;
};

// The text as a value of the key, or why not: "must be > 0".
struct ParsedValue {
  std::optional<KeyValue> value;
  std::string problem;
};
ParsedValue parse_value(const Key& key, std::string_view text);

// One way to print a value; it reads back to the same value.
std::string printed(const KeyValue& value);

std::string_view trimmed(std::string_view text);
// Parts between commas that are not inside parentheses, trimmed; one empty part for an empty text.
std::vector<std::string> split_list(std::string_view text);

}  // namespace weiss
