#include <algorithm>
#include <filesystem>

#include "weiss/base/error.hpp"
#include "weiss/base/number.hpp"
#include "weiss/deck/deck.hpp"

namespace weiss {

template <class T>
const T& Parameters::get(std::string_view key) const {
  const auto found = values_.find(key);
  if (found == values_.end()) misuse(key);
  const T* value = std::get_if<T>(&found->second.value);
  if (value == nullptr) misuse(key);
  return *value;
}

template const double& Parameters::get(std::string_view) const;
template const std::int64_t& Parameters::get(std::string_view) const;
template const bool& Parameters::get(std::string_view) const;
template const std::string& Parameters::get(std::string_view) const;
template const std::vector<std::int64_t>& Parameters::get(std::string_view) const;
template const std::vector<double>& Parameters::get(std::string_view) const;
template const std::vector<std::string>& Parameters::get(std::string_view) const;

void Parameters::misuse(std::string_view key) {
  throw Error(ExitCode::internal,
              "parameter " + std::string(key) + " is read without being given, or as another type");
}

std::string Parameters::file(std::string_view key) const {
  const std::filesystem::path name = text(key), beside = std::filesystem::path(folder_) / name;
  std::error_code ignored;
  return std::filesystem::exists(beside, ignored) ? beside.string() : name.string();
}

bool Parameters::given(std::string_view key) const { return values_.find(key) != values_.end(); }

bool Parameters::chosen(std::string_view key) const {
  const auto held = values_.find(key);
  return held != values_.end() && !held->second.by_default;
}

bool Parameters::somewhere(std::string_view key, std::string_view value) const {
  if (text(key) == value) return true;
  const std::vector<std::string>& swept = values_.find(key)->second.swept;
  return std::find(swept.begin(), swept.end(), value) != swept.end();
}

void Parameters::set(const Key& key, KeyValue value, bool by_default) {
  const std::size_t order =
      values_.contains(key.name) ? values_.find(key.name)->second.order : values_.size();
  values_.insert_or_assign(key.name, Held{order,
                                          key.options.unit,
                                          std::move(value),
                                          key.options.affects_result,
                                          key.options.on_resume,
                                          by_default,
                                          {}});
}

void Parameters::set_swept(const Key& key, KeyValue value, const std::vector<std::string>& values) {
  set(key, std::move(value));
  values_.find(key.name)->second.swept = values;
}

void Parameters::replace(std::string_view key, KeyValue value) {
  const auto held = values_.find(key);
  if (held == values_.end() || held->second.value.index() != value.index()) misuse(key);
  held->second.value = std::move(value);
}

std::vector<Parameters::Entry> Parameters::entries() const {
  std::vector<std::pair<std::size_t, Entry>> ordered;
  for (const auto& [name, held] : values_) {
    Entry entry{name, held.unit, {}, held.affects_result, held.on_resume};
    std::visit(
        [&](const auto& value) {
          using T = std::decay_t<decltype(value)>;
          if constexpr (std::is_same_v<T, double> || std::is_same_v<T, std::int64_t> ||
                        std::is_same_v<T, bool>)
            entry.value = value;
          else
            entry.value = printed(KeyValue(value));
        },
        held.value);
    ordered.emplace_back(held.order, std::move(entry));
  }
  std::sort(ordered.begin(), ordered.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<Entry> entries;
  entries.reserve(ordered.size());
  for (auto& [order, entry] : ordered) entries.push_back(std::move(entry));
  return entries;
}

std::string printed(const Parameters::Entry& entry) {
  return std::visit([](const auto& value) { return printed(KeyValue(value)); }, entry.value);
}

std::vector<std::string> refused_changes(const std::map<std::string, std::string>& stored,
                                         const Parameters& parameters) {
  std::vector<std::string> refused;
  std::map<std::string, std::string> now;
  for (const Parameters::Entry& entry : parameters.entries()) {
    if (!entry.affects_result || entry.on_resume == OnResume::free) continue;
    now[entry.key] = printed(entry);
    const auto before = stored.find(entry.key);
    if (before == stored.end()) {
      refused.push_back(entry.key + ": was not given, now " + now[entry.key]);
    } else if (before->second != now[entry.key]) {
      const auto old_number = parse_real(before->second);
      const auto new_number = parse_real(now[entry.key]);
      const bool grows = old_number && new_number && *new_number >= *old_number;
      if (entry.on_resume == OnResume::may_grow && grows) continue;
      refused.push_back(entry.key + ": was " + before->second + ", now " + now[entry.key] +
                        (entry.on_resume == OnResume::may_grow ? " (may only grow)" : ""));
    }
  }
  for (const auto& [key, value] : stored)
    if (!now.contains(key) && !parameters.given(key))
      refused.push_back(key + ": was " + value + ", now not given");
  return refused;
}

}  // namespace weiss
