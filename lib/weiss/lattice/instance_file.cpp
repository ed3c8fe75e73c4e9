#include "weiss/lattice/instance_file.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <map>
#include <optional>
#include <sstream>
#include <vector>

#include "weiss/base/error.hpp"
#include "weiss/base/number.hpp"

namespace weiss {

namespace {

constexpr std::size_t most_problems = 20;
constexpr std::size_t most_members = 8;
constexpr std::int64_t most_sites = std::numeric_limits<std::int32_t>::max();

class InstanceReader {
 public:
  explicit InstanceReader(std::string name) : name_(std::move(name)) {}

  void line(std::size_t number, const std::string& text) {
    number_ = number;
    const std::size_t hash = text.find('#');
    if (hash != std::string::npos) comment(words_of(text.substr(hash + 1)));
    const std::vector<std::string> words = words_of(text.substr(0, hash));
    if (words.empty()) return;
    if (words.front() == "field")
      field(words);
    else
      interaction(words);
  }

  InteractionGraph finish() {
    number_ = 0;
    if (graph_.members.empty() && problems_.empty())
      problem("has no interaction; write lines such as '0 1 -1.0'");
    graph_.sites = declared_sites_.value_or(highest_ + 1);
    if (!problems_.empty()) {
      std::string text;
      for (const std::string& each : problems_) text += (text.empty() ? "" : "\n") + each;
      throw Error(ExitCode::bad_deck, text);
    }
    if (!fields_.empty()) {
      graph_.field.assign(static_cast<std::size_t>(graph_.sites), 0.0);
      for (const auto& [site, value] : fields_) graph_.field[static_cast<std::size_t>(site)] = value;
    }
    return std::move(graph_);
  }

 private:
  static std::vector<std::string> words_of(const std::string& text) {
    std::istringstream stream(text);
    std::vector<std::string> words;
    for (std::string word; stream >> word;) words.push_back(word);
    return words;
  }

  void problem(const std::string& what) {
    if (problems_.size() == most_problems) problems_.push_back(name_ + ": and more");
    if (problems_.size() >= most_problems) return;
    problems_.push_back(name_ + (number_ > 0 ? ":" + std::to_string(number_) : "") + ": " + what);
  }

  void comment(const std::vector<std::string>& words) {
    if (words.size() != 2 || words[0] != "sites") return;
    const auto sites = parse_integer(words[1]);
    if (!sites || *sites < 1 || *sites > most_sites)
      problem("'sites " + words[1] + "' must be a number of sites from 1 to " + std::to_string(most_sites));
    else
      declared_sites_ = *sites;
  }

  std::optional<std::int32_t> site(const std::string& word) {
    const auto number = parse_integer(word);
    const std::int64_t most = declared_sites_.value_or(most_sites) - 1;
    if (!number) {
      problem("'" + word + "' is not a site; sites are integers from 0");
      return std::nullopt;
    }
    if (*number < 0 || *number > most) {
      problem("site " + word + " is out of range; sites go from 0 to " + std::to_string(most));
      return std::nullopt;
    }
    highest_ = std::max<std::int64_t>(highest_, *number);
    return static_cast<std::int32_t>(*number);
  }

  std::optional<double> value(const std::string& word, const char* what) {
    const auto number = parse_real(word);
    if (number && std::isfinite(*number)) return number;
    problem("'" + word + "' is not a finite " + what);
    return std::nullopt;
  }

  void field(const std::vector<std::string>& words) {
    if (words.size() != 3) return problem("a field needs a site and a value: 'field 0 0.5'");
    const auto where = site(words[1]);
    const auto strength = value(words[2], "field");
    if (!where || !strength) return;
    if (!fields_.emplace(*where, *strength).second) problem("site " + words[1] + " has a field already");
  }

  void interaction(const std::vector<std::string>& words) {
    if (words.size() < 3 || words.size() > most_members + 1)
      return problem("an interaction needs 2 to " + std::to_string(most_members) +
                     " sites and a coupling: '0 1 -1.0'");
    const int order = static_cast<int>(words.size()) - 1;
    if (graph_.members.empty() && lines_.empty()) graph_.order = order;
    if (order != graph_.order)
      return problem("joins " + std::to_string(order) + " sites where the first interaction joins " +
                     std::to_string(graph_.order));
    std::vector<std::int32_t> members;
    for (int k = 0; k < order; ++k) {
      const auto member = site(words[static_cast<std::size_t>(k)]);
      if (!member) return;
      members.push_back(*member);
    }
    const auto coupling = value(words.back(), "coupling");
    if (!coupling) return;
    std::sort(members.begin(), members.end());
    const auto twice = std::adjacent_find(members.begin(), members.end());
    if (twice != members.end()) return problem("joins site " + std::to_string(*twice) + " with itself");
    const auto [there, added] = lines_.emplace(members, number_);
    if (!added)
      return problem("joins the same sites as line " + std::to_string(there->second) +
                     "; add the couplings up in one line");
    graph_.members.insert(graph_.members.end(), members.begin(), members.end());
    graph_.coupling.push_back(*coupling);
  }

  std::string name_;
  std::size_t number_ = 0;
  std::vector<std::string> problems_;
  InteractionGraph graph_;
  std::optional<std::int64_t> declared_sites_;
  std::int64_t highest_ = -1;
  std::map<std::int32_t, double> fields_;
  std::map<std::vector<std::int32_t>, std::size_t> lines_;
};

}  // namespace

InteractionGraph parse_instance(const std::string& text, const std::string& name) {
  InstanceReader reader(name);
  std::istringstream stream(text);
  std::size_t number = 0;
  for (std::string line; std::getline(stream, line);) reader.line(++number, line);
  return reader.finish();
}

InteractionGraph read_instance(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw Error(ExitCode::bad_deck, path + ": cannot be read; lattice.file names an edge list");
  std::ostringstream text;
  text << file.rdbuf();
  return parse_instance(text.str(), path);
}

std::string instance_text(const InteractionGraph& graph) {
  std::string text = "# sites " + std::to_string(graph.sites) + "\n";
  for (std::size_t site = 0; site < graph.field.size(); ++site)
    text += "field " + std::to_string(site) + " " + shortest(graph.field[site]) + "\n";
  for (std::int64_t e = 0; e < graph.interactions(); ++e) {
    for (const std::int32_t member : graph.members_of(e)) text += std::to_string(member) + " ";
    text += shortest(graph.coupling[static_cast<std::size_t>(e)]) + "\n";
  }
  return text;
}

}  // namespace weiss
