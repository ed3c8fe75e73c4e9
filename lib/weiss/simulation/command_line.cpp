#include "weiss/simulation/command_line.hpp"

#include <boost/program_options.hpp>

#include "weiss/base/error.hpp"
#include "weiss/base/number.hpp"

namespace weiss {

namespace {

namespace options = boost::program_options;

options::options_description flags() {
  options::options_description flags("flags", 100);
  auto add = flags.add_options();
  add("help,h", "this text and every deck key");
  add("version", "version, source revision, compiler and libraries");
  add("validate", "check the deck and stop; starts nothing");
  add("plan", "print tasks, kernels, memory, ranks and estimated time; starts nothing");
  add("status", "print how far the run of this deck is; starts nothing");
  add("fresh", "rename the files of an earlier run to .old and start anew");
  add("branch-seed", options::value<std::string>()->value_name("S"),
      "continue the earlier run's configurations with seed S into a new --output");
  add("time-limit", options::value<std::string>()->value_name("T"), "same as --run.time_limit=T");
  add("output", options::value<std::string>()->value_name("F"), "same as --output.file=F");
  add("quiet", "no progress on stderr and no table at the end");
  add("json", "machine-readable --plan, --status, --validate and --version on stdout");
  return flags;
}

bool is_override(const std::string& word) {
  const auto equals = word.find('=');
  return word.starts_with("--") && word.find('.') < equals && equals != std::string::npos;
}

[[noreturn]] void refuse(const std::string& program, const std::string& what) {
  throw Error(ExitCode::bad_usage, "command line: " + what + "; see " + program + " --help");
}

std::int64_t seed_of(const std::string& program, const std::string& text) {
  const auto seed = parse_integer(text);
  if (!seed || *seed < 0) refuse(program, "--branch-seed " + text + ": must be an integer >= 0");
  return *seed;
}

// What to write instead of "--section.key" without its value.
std::string hint_of_key(const std::string& option) {
  const std::string key = option.substr(option.starts_with("--") ? 2 : 0);
  return key.find('.') == std::string::npos ? "" : "; a deck key is given in one word, --" + key + "=VALUE";
}

// What to write instead of "section.key=value" without its dashes.
std::string hint_of_assignment(const std::vector<std::string>& words) {
  for (const std::string& word : words)
    if (const auto equals = word.find('='); equals != std::string::npos)
      if (const std::string hint = hint_of_key(word.substr(0, equals)); !hint.empty()) return hint;
  return "";
}

CommandLine collect(const std::string& program, const options::variables_map& given,
                    std::vector<std::string> overrides) {
  CommandLine line;
  line.help = given.contains("help");
  line.version = given.contains("version");
  line.validate = given.contains("validate");
  line.plan = given.contains("plan");
  line.status = given.contains("status");
  line.fresh = given.contains("fresh");
  line.quiet = given.contains("quiet");
  line.json = given.contains("json");
  if (given.contains("branch-seed"))
    line.branch_seed = seed_of(program, given["branch-seed"].as<std::string>());
  if (given.contains("output")) {
    line.output = given["output"].as<std::string>();
    if (line.output.empty()) refuse(program, "--output needs a file stem");
  }
  if (given.contains("time-limit"))
    overrides.push_back("run.time_limit=" + given["time-limit"].as<std::string>());
  line.overrides = std::move(overrides);
  if (given.contains("deck")) {
    const auto& decks = given["deck"].as<std::vector<std::string>>();
    if (decks.size() > 1)
      refuse(program,
             "two decks, " + decks[0] + " and " + decks[1] + "; give one" + hint_of_assignment(decks));
    line.deck = decks.front();
  }
  if (line.branch_seed && line.output.empty())
    refuse(program, "--branch-seed needs --output with a new file stem, so that the parent's files stay");
  if (line.branch_seed && line.fresh) refuse(program, "--branch-seed and --fresh exclude each other");
  if (line.deck.empty() && !line.help && !line.version) refuse(program, "no deck given");
  return line;
}

}  // namespace

CommandLine parse_command_line(const std::string& program, int argc, const char* const* argv) {
  std::vector<std::string> words;
  std::vector<std::string> overrides;
  std::string text = program;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    text += " " + word;
    if (is_override(word))
      overrides.push_back(word.substr(2));
    else
      words.push_back(word);
  }
  options::options_description all = flags();
  all.add_options()("deck", options::value<std::vector<std::string>>());
  options::positional_options_description positional;
  positional.add("deck", -1);
  namespace style = options::command_line_style;
  try {
    options::variables_map given;
    options::store(options::command_line_parser(words)
                       .options(all)
                       .positional(positional)
                       .style(style::default_style & ~style::allow_guessing)
                       .run(),
                   given);
    CommandLine line = collect(program, given, std::move(overrides));
    line.text = text;
    return line;
  } catch (const options::unknown_option& error) {
    refuse(program, error.what() + hint_of_key(error.get_option_name()));
  } catch (const options::error& error) {
    refuse(program, error.what());
  }
}

std::string command_line_help(const std::string& program, const std::string& description) {
  std::ostringstream out;
  out << program << ": " << description << "\n\n"
      << "usage: mpirun -n P " << program << " deck.ini [flags] [--section.key=value ...]\n"
      << "The same line after an interruption resumes, on any number of ranks.\n\n"
      << flags() << "\n"
      << "exit codes: 0 done, 2 bad command line, 3 bad deck or refused change on resume, 4 bad or damaged "
         "file,\n"
      << "            5 stopped early and resumable, 6 input/output failure or a second live job, 7 "
         "internal\n"
      << "stops:      run.time_limit, SLURM_JOB_END_TIME, SIGUSR1, SIGTERM, SIGINT, a file named STOP\n\n";
  return out.str();
}

}  // namespace weiss
