#include <algorithm>
#include <cmath>

#include <fmt/core.h>

#include "weiss/base/error.hpp"
#include "weiss/base/number.hpp"
#include "weiss/storage/atomic_file.hpp"
#include "weiss/storage/layout.hpp"

#include "inspect/inspect.hpp"

namespace weiss {

namespace {

constexpr std::size_t most_values = 1000;

bool is_scalar(const Node& result) { return result.has("mean") && result.dims("mean").empty(); }

std::string dataset_text(const Node& node, const std::string& name) {
  const char type = node.type_of(name);
  if (type == 's') return node.read<std::string>(name);
  std::vector<std::string> values;
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

std::string result_line(const Node& result, const std::string& name) {
  const std::string unit = result.has_attribute("unit") ? result.attribute_text("unit") : "1";
  if (!is_scalar(result)) {
    std::string dims;
    for (const std::uint64_t extent : result.dims("mean"))
      dims += (dims.empty() ? "" : "x") + std::to_string(extent);
    return fmt::format("    {:<38} array {}\n", name, dims);
  }
  return fmt::format("    {:<38} {:>14.8g} +- {:<10.3g} tau {:<8.3g} {}\n", name, result.read<double>("mean"),
                     result.read<double>("error"), result.read<double>("tau_int"), unit == "1" ? "" : unit);
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
    for (const std::string& name : results.children()) text += result_line(results.group(name), name);
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
  std::string text = "task,observable,mean,error,tau_int,count,unit\n";
  for (const std::string& id : tasks.children()) {
    const Node task = tasks.group(id);
    if (!task.has(layout::results)) continue;
    const Node results = task.group(layout::results);
    for (const std::string& name : results.children()) {
      const Node result = results.group(name);
      if (!is_scalar(result)) continue;
      text += fmt::format("\"{}\",{},{},{},{},{},{}\n", id, name, shortest(result.read<double>("mean")),
                          shortest(result.read<double>("error")), shortest(result.read<double>("tau_int")),
                          result.read<std::int64_t>("count"), result.attribute_text("unit"));
    }
  }
  return text;
}

}  // namespace weiss
