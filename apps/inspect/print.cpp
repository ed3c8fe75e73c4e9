#include <algorithm>
#include <cmath>
#include <sstream>

#include <fmt/core.h>

#include "weiss/base/error.hpp"
#include "weiss/base/number.hpp"
#include "weiss/storage/atomic_file.hpp"
#include "weiss/storage/layout.hpp"

#include "inspect/inspect.hpp"

namespace weiss {

namespace {

constexpr std::size_t most_values = 1000;
constexpr std::size_t most_lines = 64;  // that one result takes of a summary

std::string dataset_text(const Node& node, const std::string& name) {
  const char type = node.type_of(name);
  if (type == 's' && node.dims(name).empty()) return node.read<std::string>(name);
  std::vector<std::string> values;
  if (type == 's') values = node.read_texts(name);
  if (type == 'd')
    for (const double value : node.read_all<double>(name)) values.push_back(shortest(value));
  else if (type == 'i' || type == 'u' || type == 'b')
    for (const std::int64_t value : node.read_all<std::int64_t>(name))
      values.push_back(std::to_string(value));
  std::string text;
  for (std::size_t i = 0; i < std::min(values.size(), most_values); ++i)
    text += (i == 0 ? "" : " ") + values[i];
  if (values.size() > most_values) text += fmt::format(" ... ({} values)", values.size());
  return text;
}

// Where each value of a result stands, such as "temperature=0.9"; by number along an axis without values.
std::vector<std::string> places(const Node& result) {
  std::vector<std::string> names;
  if (result.has_attribute(layout::axes)) {
    std::istringstream axes(result.attribute_text(layout::axes));
    for (std::string name; axes >> name;) names.push_back(name);
  }
  std::vector<std::string> all{""};
  const std::vector<std::uint64_t> dims = result.dims("mean");
  for (std::size_t d = 0; d < dims.size(); ++d) {
    const bool named = d < names.size() && result.has(names[d]);
    const std::vector<double> values = named ? result.read_all<double>(names[d]) : std::vector<double>{};
    std::vector<std::string> longer;
    for (const std::string& before : all)
      for (std::uint64_t i = 0; i < dims[d]; ++i)
        longer.push_back(before + (before.empty() ? "" : ";") +
                         (i < values.size() ? names[d] + "=" + shortest(values[i]) : std::to_string(i)));
    all = std::move(longer);
  }
  return all;
}

std::string result_lines(const Node& result, const std::string& name) {
  const std::string unit = result.has_attribute("unit") ? result.attribute_text("unit") : "1";
  if (!result.has("mean")) return "";
  const std::vector<double> mean = result.read_all<double>("mean"), error = result.read_all<double>("error"),
                            tau = result.read_all<double>("tau_int");
  std::string dims;
  for (const std::uint64_t extent : result.dims("mean"))
    dims += (dims.empty() ? "" : "x") + std::to_string(extent);
  if (mean.size() > most_lines) return fmt::format("    {:<38} array {}\n", name, dims);
  const std::vector<std::string> where = places(result);
  std::string text;
  if (!dims.empty()) text += fmt::format("    {}\n", name);
  for (std::size_t i = 0; i < mean.size(); ++i)
    text += fmt::format("    {:<38} {:>14.8g} +- {:<10.3g} tau {:<8.3g} {}\n",
                        dims.empty() ? name : "  " + where[i], mean[i], error[i], tau[i],
                        unit == "1" ? "" : unit);
  return text;
}

}  // namespace

std::string summary(const std::string& path) {
  const VerifiedFile file(path);
  const Node root = file.root();
  std::string text = path + "\n";
  for (const std::string& name : root.attributes()) {
    if (name == layout::deck) continue;
    std::string value = root.attribute_text(name);
    std::replace(value.begin(), value.end(), '\n', ' ');
    text += fmt::format("  {:<16} {}\n", name, value);
  }
  if (!root.has(layout::tasks)) return text;
  const Node tasks = root.group(layout::tasks);
  for (const std::string& id : tasks.children()) {
    const Node task = tasks.group(id);
    text += fmt::format("\n  {}  [{}, {} steps]\n", id, task.attribute_text(layout::status),
                        task.attribute_text(layout::steps));
    if (!task.has(layout::results)) continue;
    const Node results = task.group(layout::results);
    for (const std::string& name : results.children()) text += result_lines(results.group(name), name);
  }
  return text;
}

std::string contents(const std::string& path, const std::string& place) {
  const VerifiedFile file(path);
  Node node = file.root();
  std::string rest = place;
  while (rest.starts_with('/')) rest.erase(0, 1);
  while (!rest.empty()) {
    const std::string name = rest.substr(0, rest.find('/'));
    rest = name.size() < rest.size() ? rest.substr(name.size() + 1) : "";
    if (!node.has(name)) throw Error(ExitCode::bad_usage, path + ": has no " + place);
    if (!node.is_group(name)) {
      if (!rest.empty()) throw Error(ExitCode::bad_usage, path + ": has no " + place);
      return dataset_text(node, name) + "\n";
    }
    node = node.group(name);
  }
  std::string text;
  for (const std::string& name : node.attributes())
    text += fmt::format("@{} = {}\n", name, node.attribute_text(name));
  for (const std::string& name : node.children())
    text += node.is_group(name) ? name + "/\n" : fmt::format("{} = {}\n", name, dataset_text(node, name));
  return text;
}

std::string csv(const std::string& path) {
  const VerifiedFile file(path);
  const Node tasks = file.root().group(layout::tasks);
  std::string text = "task,observable,place,mean,error,tau_int,count,unit\n";
  for (const std::string& id : tasks.children()) {
    const Node task = tasks.group(id);
    if (!task.has(layout::results)) continue;
    const Node results = task.group(layout::results);
    for (const std::string& name : results.children()) {
      const Node result = results.group(name);
      if (!result.has("mean")) continue;
      const std::vector<double> mean = result.read_all<double>("mean"),
                                error = result.read_all<double>("error"),
                                tau = result.read_all<double>("tau_int");
      const std::vector<std::string> where = places(result);
      for (std::size_t i = 0; i < mean.size(); ++i)
        text += fmt::format("\"{}\",{},{},{},{},{},{},{}\n", id, name, where[i], shortest(mean[i]),
                            shortest(error[i]), shortest(tau[i]), result.read<std::int64_t>("count"),
                            result.attribute_text("unit"));
    }
  }
  return text;
}

}  // namespace weiss
