#include <algorithm>
#include <cstring>
#include <set>

#include "weiss/base/error.hpp"
#include "weiss/storage/atomic_file.hpp"
#include "weiss/storage/layout.hpp"

#include "inspect/inspect.hpp"

namespace weiss {

namespace {

std::set<std::string> names_of(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  std::set<std::string> all(a.begin(), a.end());
  all.insert(b.begin(), b.end());
  return all;
}

bool same_dataset(const Node& a, const Node& b, const std::string& name) {
  if (a.type_of(name) != b.type_of(name) || a.dims(name) != b.dims(name)) return false;
  switch (a.type_of(name)) {
    case 's':
      return a.dims(name).empty() ? a.read<std::string>(name) == b.read<std::string>(name)
                                  : a.read_texts(name) == b.read_texts(name);
    case 'd': {
      const auto x = a.read_all<double>(name);
      const auto y = b.read_all<double>(name);
      return x.empty() || std::memcmp(x.data(), y.data(), x.size() * sizeof(double)) == 0;
    }
    default:
      return a.read_all<std::int64_t>(name) == b.read_all<std::int64_t>(name);
  }
}

void compare_groups(const Node& a, const Node& b, std::vector<std::string>& found) {
  for (const std::string& name : names_of(a.children(), b.children())) {
    const std::string place = a.path() + "/" + name;
    if (!a.has(name) || !b.has(name))
      found.push_back(place + ": only in the " + (a.has(name) ? "first" : "second") + " file");
    else if (a.is_group(name) != b.is_group(name))
      found.push_back(place + ": a group in one file only");
    else if (a.is_group(name))
      compare_groups(a.group(name), b.group(name), found);
    else if (!same_dataset(a, b, name))
      found.push_back(place + ": differs");
  }
}

void compare_tasks(const Node& a, const Node& b, std::vector<std::string>& found) {
  for (const char* part : {layout::parameters, layout::results, layout::green_functions})
    if (a.has(part) && b.has(part))
      compare_groups(a.group(part), b.group(part), found);
    else if (a.has(part) != b.has(part))
      found.push_back(a.path() + "/" + part + ": only in the " + (a.has(part) ? "first" : "second") +
                      " file");
  const auto hash = [](const Node& task) {
    return task.has_attribute(layout::state_hash) ? task.read_attribute<std::string>(layout::state_hash)
                                                  : std::string();
  };
  if (hash(a) != hash(b)) found.push_back(a.path() + ": state_hash differs");
}

}  // namespace

std::vector<std::string> differences(const std::string& path_a, const std::string& path_b) {
  const VerifiedFile file_a(path_a);
  const VerifiedFile file_b(path_b);
  const Node a = file_a.root().group(layout::tasks);
  const Node b = file_b.root().group(layout::tasks);
  std::vector<std::string> found;
  for (const std::string& id : names_of(a.children(), b.children()))
    if (a.has(id) && b.has(id))
      compare_tasks(a.group(id), b.group(id), found);
    else
      found.push_back(a.path() + "/" + id + ": only in the " + (a.has(id) ? "first" : "second") + " file");
  return found;
}

void merge(const std::string& output, const std::vector<std::string>& inputs) {
  AtomicFile merged(output);
  {
    std::vector<VerifiedFile> files;
    files.reserve(inputs.size());
    for (const std::string& path : inputs) files.emplace_back(path);
    Node root = merged.root();
    for (const std::string& name : files.front().root().attributes()) {
      const Node first = files.front().root();
      if (name == layout::schema_version || name == layout::ranks || name == layout::seed ||
          name == layout::restarts)
        root.attribute(name, first.read_attribute<std::int64_t>(name));
      else
        root.attribute(name, first.attribute_text(name));
    }
    Node tasks = root.group(layout::tasks);
    std::vector<std::string> origin;
    for (std::size_t i = 0; i < files.size(); ++i) {
      const Node from = files[i].root().group(layout::tasks);
      for (const std::string& id : from.children()) {
        if (!tasks.has(id)) {
          tasks.copy_from(from, id);
          continue;
        }
        std::vector<std::string> found;
        compare_tasks(tasks.group(id), from.group(id), found);
        if (!found.empty())
          throw Error(ExitCode::bad_file,
                      inputs[i] + ": task " + id +
                          " is in an earlier file with other content; merge files of one deck and seed");
      }
    }
  }
  merged.commit();
}

}  // namespace weiss
