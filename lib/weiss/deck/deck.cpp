#include "weiss/deck/deck.hpp"

#include <algorithm>
#include <filesystem>

#include "weiss/base/error.hpp"
#include "weiss/base/hash.hpp"
#include "weiss/deck/sweep.hpp"

namespace weiss {

namespace {

constexpr std::size_t most_characters = 1 << 20;  // a deck is text for people

struct SweptKey {
  const Key* key;
  std::vector<std::string> values;
};

struct Assigned {
  std::string value;
  std::size_t line;
};

// The deck as written: what is assigned, where.
struct Draft {
  std::map<std::string, Assigned> values;                // section.key
  std::vector<std::pair<std::string, Assigned>> sweeps;  // in order
  std::string mode = "product", chain;
};

class Reader {
 public:
  Reader(const Schema& schema, Problems& problems) : schema_(&schema), problems_(&problems) {}

  Draft draft;

  void read_text(std::string_view text) {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    if (text.size() > most_characters) {
      problems_->add_general("longer than 1 MiB; this is not a deck");
      return;
    }
    std::size_t number = 0;
    while (!text.empty()) {
      const std::size_t end = text.find('\n');
      read_line(text.substr(0, end), ++number);
      text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
  }

  void read_override(const std::string& text) {
    const std::size_t equals = text.find('=');
    const std::string key(trimmed(std::string_view(text).substr(0, equals)));
    const std::string value(
        trimmed(std::string_view(text).substr(equals == std::string::npos ? text.size() : equals + 1)));
    if (key.starts_with("sweep.")) {
      std::erase_if(draft.sweeps, [&](const auto& sweep) { return "sweep." + sweep.first == key; });
      assign_sweep(key.substr(6), value, 0);
      return;
    }
    std::erase_if(draft.sweeps, [&](const auto& sweep) { return sweep.first == key; });
    if (draft.chain == key) draft.chain.clear();
    draft.values.erase(key);
    assign(key, value, 0);
  }

 private:
  void read_line(std::string_view line, std::size_t number) {
    if (line.find('\0') != std::string_view::npos) {
      problems_->add_at(number, "holds a zero byte; this is not a deck");
      return;
    }
    const std::string_view body = trimmed(line.substr(0, line.find_first_of("#;")));
    if (body.empty()) return;
    if (body.front() == '[') {
      open_section(body, number);
      return;
    }
    const std::size_t equals = body.find('=');
    if (equals == std::string_view::npos) {
      problems_->add_at(number,
                        "'" + std::string(body.substr(0, 60)) + "' is neither [section] nor key = value");
      return;
    }
    const std::string key(trimmed(body.substr(0, equals)));
    const std::string value(trimmed(body.substr(equals + 1)));
    if (key.empty()) {
      problems_->add_at(number, "a value without a key");
    } else if (section_.empty()) {
      if (!section_unknown_) problems_->add_at(number, key + ": stands before any [section]");
    } else if (section_ == "sweep") {
      assign_sweep(key, value, number);
    } else {
      assign(section_ + "." + key, value, number);
    }
  }

  void open_section(std::string_view body, std::size_t number) {
    section_.clear();
    section_unknown_ = true;
    if (body.back() != ']') {
      problems_->add_at(number, "'" + std::string(body.substr(0, 60)) + "' lacks its closing bracket");
      return;
    }
    const std::string name(trimmed(body.substr(1, body.size() - 2)));
    if (!schema_->has_section(name)) {
      const std::string near = schema_->nearest_section(name);
      problems_->add_at(number, "[" + name.substr(0, 60) + "]: unknown section" +
                                    (near.empty() ? "" : "; did you mean [" + near + "]?"));
      return;
    }
    section_ = name;
    section_unknown_ = false;
  }

  bool known(const std::string& key, std::size_t number) {
    if (schema_->find(key) != nullptr) return true;
    const std::string near = schema_->nearest_key(key);
    problems_->add_at(
        number, key.substr(0, 80) + ": unknown key" + (near.empty() ? "" : "; did you mean " + near + "?"));
    return false;
  }

  void assign(const std::string& key, const std::string& value, std::size_t number) {
    if (!known(key, number)) return;
    if (const auto before = draft.values.find(key); before != draft.values.end()) {
      problems_->add_at(
          number, key + ": given twice" +
                      (before->second.line == 0 ? std::string()
                                                : "; first on line " + std::to_string(before->second.line)));
      return;
    }
    if (value.empty() && schema_->find(key)->kind != KeyKind::text &&
        !(schema_->find(key)->options.fallback && schema_->find(key)->options.fallback->empty())) {
      problems_->add_at(number, key + ": has no value");
      return;
    }
    problems_->locate(key, number);
    draft.values[key] = {value, number};
  }

  void assign_sweep(const std::string& key, const std::string& value, std::size_t number) {
    if (key == "mode" || key == "chain") {
      (key == "mode" ? draft.mode : draft.chain) = value;
      problems_->locate("sweep." + key, number);
      return;
    }
    if (!known(key, number)) return;
    if (std::any_of(draft.sweeps.begin(), draft.sweeps.end(),
                    [&](const auto& sweep) { return sweep.first == key; })) {
      problems_->add_at(number, "sweep." + key + ": given twice");
      return;
    }
    if (value.empty()) {
      problems_->add_at(number, "sweep." + key + ": has no value");
      return;
    }
    problems_->locate("sweep." + key, number);
    if (!draft.values.contains(key)) problems_->locate(key, number);
    draft.sweeps.emplace_back(key, Assigned{value, number});
  }

  const Schema* schema_;
  Problems* problems_;
  std::string section_;
  bool section_unknown_ = false;
};

// The value of a list key that is not given and has an empty default.
ParsedValue empty_list(const Key& key) {
  switch (key.kind) {
    case KeyKind::integers:
      return {std::vector<std::int64_t>{}, ""};
    case KeyKind::reals:
      return {std::vector<double>{}, ""};
    default:
      return {std::vector<std::string>{}, ""};
  }
}

Parameters base_parameters(const Schema& schema, const Draft& draft, Problems& problems) {
  Parameters parameters;
  for (const Key& key : schema.keys()) {
    const auto given = draft.values.find(key.name);
    if (given == draft.values.end() && !key.options.fallback) continue;
    ParsedValue parsed;
    if (given != draft.values.end()) {
      parsed = parse_value(key, given->second.value);
      if (!parsed.value) problems.add(key.name, parsed.problem);
    } else if (key.options.fallback->empty() && key.kind != KeyKind::text) {
      parsed = empty_list(key);
    } else {
      parsed = parse_value(key, *key.options.fallback);
    }
    if (parsed.value) parameters.set(key, *parsed.value, given == draft.values.end());
  }
  return parameters;
}

std::vector<SweptKey> expand_sweeps(const Schema& schema, const Draft& draft, Problems& problems) {
  std::vector<SweptKey> sweeps;
  for (const auto& [name, assigned] : draft.sweeps) {
    const Key* key = schema.find(name);
    if (!key->options.affects_result) {
      problems.add("sweep." + name, "cannot be swept; it never changes a result");
      continue;
    }
    SweepValues expanded = expand_sweep(*key, assigned.value);
    if (!expanded.problem.empty()) {
      problems.add("sweep." + name, expanded.problem);
      continue;
    }
    sweeps.push_back({key, std::move(expanded.values)});
  }
  return sweeps;
}

void check_groups(const Schema& schema, const Draft& draft, Problems& problems) {
  const auto check = [&](const std::vector<std::string>& group, bool needed) {
    std::vector<std::string> given;
    for (const std::string& key : group)
      if (draft.values.contains(key) || std::any_of(draft.sweeps.begin(), draft.sweeps.end(),
                                                    [&](const auto& sweep) { return sweep.first == key; }))
        given.push_back(key);
    std::string names;
    for (const std::string& key : group) names += (names.empty() ? "" : " or ") + key;
    if (given.size() > 1)
      problems.add(given.back(), "stands beside " + given.front() + "; give only one of them");
    else if (given.empty() && needed)
      problems.add_general("needs " + names);
  };
  for (const auto& group : schema.exactly_one()) check(group, true);
  for (const auto& group : schema.at_most_one()) check(group, false);
}

std::string short_name(const std::string& key, const std::vector<SweptKey>& sweeps) {
  const std::string last = key.substr(key.find('.') + 1);
  const auto same = std::count_if(sweeps.begin(), sweeps.end(), [&](const SweptKey& sweep) {
    return sweep.key->name.substr(sweep.key->name.find('.') + 1) == last;
  });
  return same > 1 ? key : last;
}

// Number of tasks, and for task i the index into each sweep's values.
class Product {
 public:
  Product(const std::vector<SweptKey>& sweeps, bool zip) : sweeps_(&sweeps), zip_(zip) {
    for (const SweptKey& sweep : sweeps) {
      total_ = zip ? sweep.values.size() : total_ * sweep.values.size();
      if (total_ > most_tasks) break;
    }
  }
  std::size_t total() const { return total_; }
  std::size_t index(std::size_t task, std::size_t sweep) const {
    return zip_ ? task : task / stride(sweep) % (*sweeps_)[sweep].values.size();
  }
  std::size_t stride(std::size_t sweep) const {
    if (zip_) return 1;
    std::size_t stride = 1;
    for (std::size_t later = sweep + 1; later < sweeps_->size(); ++later)
      stride *= (*sweeps_)[later].values.size();
    return stride;
  }

 private:
  const std::vector<SweptKey>* sweeps_;
  bool zip_;
  std::size_t total_ = 1;
};

// The first that stands twice, or null.
const std::string* twice(std::vector<std::string>& values) {
  std::sort(values.begin(), values.end());
  const auto found = std::adjacent_find(values.begin(), values.end());
  return found == values.end() ? nullptr : &*found;
}

// No two tasks may be the same: values of a key in a product, whole tuples of a zip.
bool check_repeats(const std::vector<SweptKey>& sweeps, bool zip, Problems& problems) {
  bool good = true;
  const auto fail = [&](const std::string& key, const std::string& message) {
    problems.add(key, message);
    good = false;
  };
  if (!zip) {
    for (const SweptKey& sweep : sweeps) {
      std::vector<std::string> values = sweep.values;
      if (const std::string* value = twice(values))
        fail("sweep." + sweep.key->name, "has the value " + *value + " twice");
    }
  } else if (!sweeps.empty()) {
    std::vector<std::string> tasks(sweeps.front().values.size());
    for (const SweptKey& sweep : sweeps)
      for (std::size_t i = 0; i < tasks.size(); ++i)
        tasks[i] += (tasks[i].empty() ? "" : ", ") + sweep.values[i];
    if (const std::string* task = twice(tasks)) fail("sweep.mode", "zip has the values " + *task + " twice");
  }
  return good;
}

bool check_sweep_settings(const Draft& draft, const std::vector<SweptKey>& sweeps, Problems& problems) {
  bool good = true;
  const auto fail = [&](const char* key, const std::string& message) {
    problems.add(key, message);
    good = false;
  };
  if (draft.mode != "product" && draft.mode != "zip")
    fail("sweep.mode", "'" + draft.mode + "' is neither product nor zip");
  if (draft.mode == "zip")
    for (const SweptKey& sweep : sweeps)
      if (sweep.values.size() != sweeps.front().values.size()) {
        fail("sweep.mode", "zip needs equally many values: " + sweeps.front().key->name + " has " +
                               std::to_string(sweeps.front().values.size()) + ", " + sweep.key->name +
                               " has " + std::to_string(sweep.values.size()));
        break;
      }
  if (!draft.chain.empty() && std::none_of(sweeps.begin(), sweeps.end(), [&](const SweptKey& sweep) {
        return sweep.key->name == draft.chain;
      }))
    fail("sweep.chain", "'" + draft.chain + "' is not a swept key");
  if (draft.chain.starts_with("lattice."))
    fail("sweep.chain", "'" + draft.chain + "' changes the lattice; a chain hands the configuration on");
  if (Product(sweeps, draft.mode == "zip").total() > most_tasks)
    fail("sweep.mode", "more than 1000000 tasks");
  return good && check_repeats(sweeps, draft.mode == "zip", problems);
}

Task make_task(const Parameters& base, const std::vector<SweptKey>& sweeps, const Product& product,
               std::size_t i) {
  Task task;
  task.parameters = base;
  for (std::size_t s = 0; s < sweeps.size(); ++s) {
    const std::string& value = sweeps[s].values[product.index(i, s)];
    task.parameters.set_swept(*sweeps[s].key, *parse_value(*sweeps[s].key, value).value, sweeps[s].values);
    task.swept.emplace_back(sweeps[s].key->name, value);
    task.id += (task.id.empty() ? "" : ",") + short_name(sweeps[s].key->name, sweeps) + "=" + value;
  }
  if (task.id.empty()) task.id = "single";
  std::replace(task.id.begin(), task.id.end(), '/', '|');  // a path separator in HDF5
  return task;
}

std::string canonical_form(const Parameters& base, const std::vector<SweptKey>& sweeps, const Draft& draft) {
  std::map<std::string, std::string> lines;
  for (const Parameters::Entry& entry : base.entries())
    if (entry.affects_result) lines[entry.key] = printed(entry);
  for (const SweptKey& sweep : sweeps) {
    std::string values;
    for (const std::string& value : sweep.values) values += (values.empty() ? "" : ",") + value;
    lines["sweep." + sweep.key->name] = values;
    lines.erase(sweep.key->name);
  }
  if (draft.mode != "product") lines["sweep.mode"] = draft.mode;
  if (!draft.chain.empty()) lines["sweep.chain"] = draft.chain;
  std::string text;
  for (const auto& [key, value] : lines) text += key + "=" + value + "\n";
  return text;
}

bool runs_backward(const Task& task) {
  return task.parameters.given(chain_direction_key) &&
         task.parameters.text(chain_direction_key) == "backward";
}

void set_chain(std::vector<Task>& tasks, const std::string& chain, const std::vector<SweptKey>& sweeps,
               const Product& product) {
  if (chain.empty()) return;
  std::size_t along = 0;
  while (sweeps[along].key->name != chain) ++along;
  const std::size_t stride = product.stride(along), last = sweeps[along].values.size() - 1;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    const bool backward = runs_backward(tasks[i]);
    if (product.index(i, along) == (backward ? last : 0)) continue;
    const std::size_t previous = backward ? i + stride : i - stride;
    if (runs_backward(tasks[previous]) == backward) tasks[i].chain_previous = static_cast<int>(previous);
  }
}

}  // namespace

Deck parse_deck(const Schema& schema, const std::string& text, const std::string& name,
                const std::vector<std::string>& overrides, const Validator& validator) {
  Problems problems(name);
  Reader reader(schema, problems);
  reader.read_text(text);
  for (const std::string& each : overrides) reader.read_override(each);
  const Draft& draft = reader.draft;
  Parameters base = base_parameters(schema, draft, problems);
  base.set_folder(std::filesystem::path(name).parent_path().string());
  const std::vector<SweptKey> sweeps = expand_sweeps(schema, draft, problems);
  check_groups(schema, draft, problems);
  const bool sweepable = check_sweep_settings(draft, sweeps, problems);

  Deck deck;
  deck.path = name;
  deck.text = text;
  deck.overrides = overrides;
  if (problems.empty() && sweepable) {
    const Product product(sweeps, draft.mode == "zip");
    for (std::size_t i = 0; i < product.total(); ++i) {
      deck.tasks.push_back(make_task(base, sweeps, product, i));
      if (validator) validator(deck.tasks.back().parameters, problems);
    }
    set_chain(deck.tasks, draft.chain, sweeps, product);
    if (draft.chain.empty() && deck.tasks.front().parameters.chosen(chain_direction_key))
      problems.add(chain_direction_key, "needs [sweep] chain = a swept key; add it, or remove this key");
  }
  if (!problems.empty())
    throw Error(problems.of_the_command_line() ? ExitCode::bad_usage : ExitCode::bad_deck, problems.text());
  for (const SweptKey& sweep : sweeps) deck.swept_keys.push_back(sweep.key->name);
  deck.canonical = canonical_form(base, sweeps, draft);
  deck.hash = hexadecimal(hash64(deck.canonical));
  return deck;
}

}  // namespace weiss
