#include <algorithm>
#include <filesystem>

#include "weiss/storage/atomic_file.hpp"
#include "weiss/storage/layout.hpp"

#include "inspect/inspect.hpp"

namespace weiss {

namespace {

void write_parameters(const Node& from, Node to) {
  for (const std::string& key : from.children()) {
    // ALPS names have no section: model.temperature becomes temperature.
    const std::string name = key.substr(key.find('.') + 1);
    if (!to.has(name)) {
      if (from.type_of(key) == 's')
        to.write(name, from.read<std::string>(key));
      else if (from.type_of(key) == 'd')
        to.write(name, from.read<double>(key));
      else
        to.write(name, from.read<std::int64_t>(key));
    }
  }
}

void write_result(const Node& from, Node to) {
  to.write("count", from.read<std::int64_t>("count"));
  const auto copy = [&](const char* source, Node group, const char* name) {
    const std::vector<double> values = from.read_all<double>(source);
    if (from.dims(source).empty())
      group.write(name, values.front());
    else
      group.write(name, std::span<const double>(values), from.dims(source));
  };
  copy("mean", to.group("mean"), "value");
  copy("error", to.group("mean"), "error");
  copy("tau_int", to.group("tau"), "value");
}

}  // namespace

std::vector<std::string> export_alps(const std::string& path, const std::string& folder) {
  std::filesystem::create_directories(folder);
  const VerifiedFile file(path);
  const Node tasks = file.root().group(layout::tasks);
  std::vector<std::string> written;
  for (const std::string& id : tasks.children()) {
    const Node task = tasks.group(id);
    if (!task.has(layout::results)) continue;
    written.push_back((std::filesystem::path(folder) / (id + ".out.h5")).string());
    AtomicFile out(written.back());
    {
      write_parameters(task.group(layout::parameters), out.root().group("parameters"));
      const Node results = task.group(layout::results);
      const Node target = out.root().group("simulation").group("results");
      for (const std::string& name : results.children())
        write_result(results.group(name), target.group(name));
    }
    out.commit();
  }
  return written;
}

}  // namespace weiss
