#include "weiss/deck/schema.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/core.h>

#include "weiss/base/error.hpp"
#include "weiss/base/number.hpp"
#include "weiss/deck/sweep.hpp"

namespace weiss {

namespace {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

std::string nearest(std::string_view name, const std::vector<std::string>& known) {
  std::string best;
  std::size_t best_distance = std::max<std::size_t>(2, name.size() / 3) + 1;
  for (const std::string& each : known) {
    const std::size_t distance = edit_distance(name.substr(0, 100), each);
    if (distance < best_distance) {
      best_distance = distance;
      best = each;
    }
  }
  return best;
}

std::string section_of(const std::string& key) { return key.substr(0, key.find('.')); }

std::string type_text(const Key& key) {
  switch (key.kind) {
    case KeyKind::real:
      return "number";
    case KeyKind::integer:
      return "integer";
    case KeyKind::boolean:
      return "true or false";
    case KeyKind::text:
      return "text";
    case KeyKind::duration:
      return "seconds or hh:mm:ss";
    case KeyKind::integers:
      return "integers";
    case KeyKind::reals:
      return "numbers";
    case KeyKind::texts:
      return "words";
    case KeyKind::choice:
      break;
  }
  std::string all;
  for (const std::string& choice : key.choices) all += (all.empty() ? "" : " | ") + choice;
  return all;
}

std::string range_text(const KeyOptions& options) {
  std::string text;
  if (std::isfinite(options.minimum))
    text += (options.exclusive_minimum ? "> " : ">= ") + shortest(options.minimum);
  if (std::isfinite(options.maximum)) text += (text.empty() ? "<= " : " and <= ") + shortest(options.maximum);
  return text;
}

std::string range_problem(const KeyOptions& options, double value) {
  const bool low = options.exclusive_minimum ? !(value > options.minimum) : value < options.minimum;
  if (!low && value <= options.maximum) return "";
  return "is " + shortest(value) + "; must be " + range_text(options);
}

std::string quoted(std::string_view text) {
  std::string clean;
  for (const char c : text.substr(0, 60)) clean += static_cast<unsigned char>(c) < 32 || c == 127 ? '?' : c;
  return "'" + clean + (text.size() > 60 ? "..." : "") + "'";
}

ParsedValue problem(std::string text) { return {std::nullopt, std::move(text)}; }

ParsedValue parse_real_value(const Key& key, std::string_view text) {
  const auto value = parse_real(text);
  if (!value) return problem(quoted(text) + " is not a number");
  if (!std::isfinite(*value)) return problem(quoted(text) + " is not finite");
  if (std::string out = range_problem(key.options, *value); !out.empty()) return problem(out);
  return {*value, ""};
}

ParsedValue parse_integer_value(const Key& key, std::string_view text) {
  const auto value = parse_integer(text);
  if (!value) {
    const auto real = parse_real(text);
    if (real && std::isfinite(*real) && std::abs(*real) < 9e15 && *real == std::floor(*real))
      return parse_integer_value(key, fmt::format("{:.0f}", *real));
    if (real && std::isfinite(*real)) return problem(quoted(text) + " is not an integer in the 64-bit range");
    return problem(quoted(text) + " is not an integer");
  }
  if (std::string out = range_problem(key.options, static_cast<double>(*value)); !out.empty())
    return problem(out);
  return {static_cast<std::int64_t>(*value), ""};
}

ParsedValue parse_duration_value(const Key& key, std::string_view text) {
  double seconds = 0;
  if (text.find(':') == std::string_view::npos) {
    const auto value = parse_real(text);
    if (!value || !std::isfinite(*value)) return problem(quoted(text) + " is neither seconds nor hh:mm:ss");
    seconds = *value;
  } else {
    const std::string_view whole = text;
    std::vector<std::string_view> parts;
    for (std::size_t colon = text.find(':'); colon != std::string_view::npos; colon = text.find(':')) {
      parts.push_back(text.substr(0, colon));
      text.remove_prefix(colon + 1);
    }
    parts.push_back(text);
    if (parts.size() != 3) return problem(quoted(whole) + " is neither seconds nor hh:mm:ss");
    for (std::size_t i = 0; i < 3; ++i) {
      const auto part = parse_integer(parts[i]);
      if (!part || *part < 0 || *part > 1000000 || (i > 0 && *part > 59))
        return problem(quoted(whole) + " is neither seconds nor hh:mm:ss");
      seconds = 60 * seconds + static_cast<double>(*part);
    }
  }
  if (std::string out = range_problem(key.options, seconds); !out.empty()) return problem(out);
  return {seconds, ""};
}

ParsedValue parse_boolean_value(std::string_view text) {
  for (const char* yes : {"true", "yes", "on", "1"})
    if (text == yes) return {true, ""};
  for (const char* no : {"false", "no", "off", "0"})
    if (text == no) return {false, ""};
  return problem(quoted(text) + " is neither true nor false");
}

ParsedValue parse_choice_value(const Key& key, std::string_view text) {
  if (std::find(key.choices.begin(), key.choices.end(), text) != key.choices.end())
    return {std::string(text), ""};
  std::string all;
  for (const std::string& choice : key.choices) all += (all.empty() ? "" : ", ") + choice;
  const std::string near = nearest(text, key.choices);
  return problem(quoted(text) + " is none of " + all + (near.empty() ? "" : "; did you mean " + near + "?"));
}

template <class T, class Parse>
ParsedValue parse_list(const Key& key, std::string_view text, Parse parse) {
  std::vector<T> values;
  if (trimmed(text).empty()) return {values, ""};
  for (const std::string& part : split_list(text)) {
    ParsedValue value = parse(key, part);
    if (!value.value) return value;
    values.push_back(std::get<T>(*value.value));
  }
  return {values, ""};
}

// Numbers and calls such as linspace(a,b,n), rounded as swept values are.
ParsedValue parse_reals(const Key& key, std::string_view text) {
  if (trimmed(text).empty() || text.find('(') == std::string_view::npos)
    return parse_list<double>(key, text, parse_real_value);
  const SweepValues list = expand_list(text);
  if (!list.problem.empty()) return problem(list.problem);
  std::vector<double> values;
  for (const std::string& part : list.values) {
    ParsedValue value = parse_real_value(key, part);
    if (!value.value) return value;
    values.push_back(std::get<double>(*value.value));
  }
  return {values, ""};
}

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

template <class T, class Print>
std::string joined(const std::vector<T>& values, Print print) {
  std::string text;
  for (std::size_t i = 0; i < values.size(); ++i) text += (i == 0 ? "" : ",") + print(values[i]);
  return text;
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n\f\v";
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::vector<std::string> split_list(std::string_view text) {
  std::vector<std::string> parts;
  std::size_t start = 0;
  int depth = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && text[i] == '(') ++depth;
    if (i < text.size() && text[i] == ')') --depth;
    if (i < text.size() && (text[i] != ',' || depth > 0)) continue;
    parts.emplace_back(trimmed(text.substr(start, i - start)));
    start = i + 1;
  }
  return parts;
}

Schema& Schema::add(std::string key, KeyKind kind, KeyOptions options, std::vector<std::string> choices) {
  if (find(key) != nullptr) throw Error(ExitCode::internal, "deck key " + key + " is declared twice");
  keys_.push_back({std::move(key), kind, std::move(options), std::move(choices)});
  return *this;
}

Schema& Schema::real(std::string key, KeyOptions o) {
  return add(std::move(key), KeyKind::real, std::move(o));
}
Schema& Schema::integer(std::string key, KeyOptions o) {
  return add(std::move(key), KeyKind::integer, std::move(o));
}
Schema& Schema::boolean(std::string key, KeyOptions o) {
  return add(std::move(key), KeyKind::boolean, std::move(o));
}
Schema& Schema::text(std::string key, KeyOptions o) {
  return add(std::move(key), KeyKind::text, std::move(o));
}
Schema& Schema::duration(std::string key, KeyOptions o) {
  return add(std::move(key), KeyKind::duration, std::move(o));
}
Schema& Schema::choice(std::string key, std::vector<std::string> choices, KeyOptions o) {
  return add(std::move(key), KeyKind::choice, std::move(o), std::move(choices));
}
Schema& Schema::integers(std::string key, KeyOptions o) {
  return add(std::move(key), KeyKind::integers, std::move(o));
}
Schema& Schema::reals(std::string key, KeyOptions o) {
  return add(std::move(key), KeyKind::reals, std::move(o));
}
Schema& Schema::texts(std::string key, KeyOptions o) {
  return add(std::move(key), KeyKind::texts, std::move(o));
}

Schema& Schema::exactly_one_of(std::vector<std::string> keys) {
  exactly_one_.push_back(std::move(keys));
  return *this;
}

Schema& Schema::at_most_one_of(std::vector<std::string> keys) {
  at_most_one_.push_back(std::move(keys));
  return *this;
}

Schema& Schema::adopt(const Schema& other) {
  for (const Key& key : other.keys_) {
    const Key* known = find(key.name);
    if (known == nullptr)
      keys_.push_back(key);
    else if (known->kind != key.kind || known->choices != key.choices ||
             known->options.fallback != key.options.fallback)
      throw Error(ExitCode::internal, "deck key " + key.name + " is declared in two ways");
  }
  return *this;
}

const Key* Schema::find(std::string_view name) const {
  for (const Key& key : keys_)
    if (key.name == name) return &key;
  return nullptr;
}

bool Schema::has_section(std::string_view section) const {
  if (section == "sweep") return true;
  return std::any_of(keys_.begin(), keys_.end(),
                     [&](const Key& key) { return section_of(key.name) == section; });
}

std::string Schema::nearest_key(std::string_view name) const {
  std::vector<std::string> names;
  for (const Key& key : keys_) names.push_back(key.name);
  // The right key in a wrong section is the likeliest slip.
  const std::string_view last = name.substr(name.find('.') + 1);
  for (const std::string& each : names)
    if (each.substr(each.find('.') + 1) == last) return each;
  return nearest(name, names);
}

std::string Schema::nearest_section(std::string_view name) const {
  std::set<std::string> sections{"sweep"};
  for (const Key& key : keys_) sections.insert(section_of(key.name));
  return nearest(name, {sections.begin(), sections.end()});
}

std::string Schema::help() const {
  std::string text = "deck keys:\n";
  std::string section;
  for (const Key& key : keys_) {
    if (section_of(key.name) != section) {
      section = section_of(key.name);
      text += "[" + section + "]\n";
    }
    std::string facts = type_text(key);
    if (const std::string range = range_text(key.options); !range.empty()) facts += ", " + range;
    if (key.options.unit != "1") facts += ", in " + key.options.unit;
    if (key.options.fallback && !key.options.fallback->empty()) facts += ", default " + *key.options.fallback;
    text += fmt::format("  {} ({})\n      {}\n", key.name.substr(key.name.find('.') + 1), facts,
                        key.options.help);
  }
  for (const auto& group : exactly_one_)
    text += "exactly one of " + joined(group, [](const auto& s) { return s; }) + "\n";
  return text +
         "[sweep]\n  section.key = values (numbers, linspace(a,b,n), logspace(a,b,n), range(a,b,step), "
         "commas between)\n"
         "      one task a value; several keys give the product, the last one fastest\n"
         "  mode (product | zip, default product)\n      zip pairs the values of equally long keys\n"
         "  chain (a swept key)\n      tasks along that key run in order, each from the previous one's final "
         "state\n";
}

ParsedValue parse_value(const Key& key, std::string_view text) {
  text = trimmed(text);
  switch (key.kind) {
    case KeyKind::real:
      return parse_real_value(key, text);
    case KeyKind::integer:
      return parse_integer_value(key, text);
    case KeyKind::boolean:
      return parse_boolean_value(text);
    case KeyKind::text:
      return {std::string(text), ""};
    case KeyKind::duration:
      return parse_duration_value(key, text);
    case KeyKind::choice:
      return parse_choice_value(key, text);
    case KeyKind::integers:
      return parse_list<std::int64_t>(key, text, parse_integer_value);
    case KeyKind::reals:
      return parse_reals(key, text);
    case KeyKind::texts:
      return parse_list<std::string>(key, text, [](const Key&, std::string_view part) -> ParsedValue {
        if (part.empty()) return problem("has an empty word in its list");
        return {std::string(part), ""};
      });
  }
  return problem("has an unknown type");
}

std::string printed(const KeyValue& value) {
  return std::visit(
      Overloaded{
          [](double v) { return shortest(v); },
          [](std::int64_t v) { return std::to_string(v); },
          [](bool v) { return std::string(v ? "true" : "false"); },
          [](const std::string& v) { return v; },
          [](const std::vector<std::int64_t>& v) {
            return joined(v, [](std::int64_t each) { return std::to_string(each); });
          },
          [](const std::vector<double>& v) { return joined(v, [](double each) { return shortest(each); }); },
          [](const std::vector<std::string>& v) { return joined(v, [](const std::string& s) { return s; }); },
      },
      value);
}

}  // namespace weiss
