#include "weiss/deck/sweep.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "weiss/base/number.hpp"

namespace weiss {

namespace {

struct Call {
  std::string name;
  std::vector<double> arguments;
  std::string problem;
};

// "linspace(1,2,3)" in its parts; nothing when the text is not a call.
std::optional<Call> parse_call(const std::string& text) {
  const auto open = text.find('(');
  if (open == std::string::npos) return std::nullopt;
  Call call{std::string(trimmed(std::string_view(text).substr(0, open))), {}, ""};
  if (call.name != "linspace" && call.name != "logspace" && call.name != "range") {
    call.problem = "'" + call.name + "' is none of linspace, logspace, range";
    return call;
  }
  if (text.back() != ')') {
    call.problem = "'" + text + "' lacks its closing parenthesis";
    return call;
  }
  const auto inside = std::string_view(text).substr(open + 1, text.size() - open - 2);
  for (const std::string& part : split_list(inside)) {
    const auto number = parse_real(part);
    if (!number || !std::isfinite(*number)) {
      call.problem = "'" + part + "' in " + text + " is not a number";
      return call;
    }
    call.arguments.push_back(*number);
  }
  if (call.arguments.size() != 3) call.problem = text + " needs three arguments";
  return call;
}

SweepValues expand_range(const Call& call, const std::string& text) {
  const double a = call.arguments[0];
  const double b = call.arguments[1];
  const double step = call.arguments[2];
  const double steps = (b - a) / step;
  if (step == 0 || !(steps >= 0))
    return {{}, text + ": the step does not lead from the first value to the last"};
  if (steps >= static_cast<double>(most_tasks)) return {{}, text + ": more than 1000000 values"};
  SweepValues result;
  // A last value that misses b by rounding alone belongs to the range.
  const auto count = static_cast<std::int64_t>(std::floor(steps + 1e-9));
  for (std::int64_t i = 0; i <= count; ++i)
    result.values.push_back(shortest(round_to_15_digits(a + static_cast<double>(i) * step)));
  return result;
}

SweepValues expand_space(const Call& call, const std::string& text) {
  const double a = call.arguments[0];
  const double b = call.arguments[1];
  const double n = call.arguments[2];
  if (!(n >= 1) || n != std::floor(n) || n > static_cast<double>(most_tasks))
    return {{}, text + ": the number of values must be an integer from 1 to 1000000"};
  const bool logarithmic = call.name == "logspace";
  if (logarithmic && !(a > 0 && b > 0)) return {{}, text + ": both ends must be > 0"};
  SweepValues result;
  for (std::int64_t i = 0; i < static_cast<std::int64_t>(n); ++i) {
    const double fraction = n > 1 ? static_cast<double>(i) / (n - 1) : 0;
    double value = logarithmic ? a * std::pow(b / a, fraction) : a + (b - a) * fraction;
    if (static_cast<double>(i) == n - 1 && n > 1) value = b;
    result.values.push_back(shortest(round_to_15_digits(value)));
  }
  return result;
}

}  // namespace

SweepValues expand_list(std::string_view text) {
  SweepValues all;
  for (const std::string& part : split_list(text)) {
    if (part.empty()) return {{}, "has an empty value"};
    const auto call = parse_call(part);
    if (!call) {
      all.values.push_back(part);
      continue;
    }
    if (!call->problem.empty()) return {{}, call->problem};
    SweepValues expanded = call->name == "range" ? expand_range(*call, part) : expand_space(*call, part);
    if (!expanded.problem.empty()) return expanded;
    all.values.insert(all.values.end(), expanded.values.begin(), expanded.values.end());
  }
  if (all.values.size() > most_tasks) return {{}, "has more than 1000000 values"};
  return all;
}

SweepValues expand_sweep(const Key& key, std::string_view text) {
  SweepValues all = expand_list(text);
  for (std::string& value : all.values) {
    ParsedValue parsed = parse_value(key, value);
    if (!parsed.value) return {{}, parsed.problem};
    if (double* real = std::get_if<double>(&*parsed.value)) *real = round_to_15_digits(*real);
    value = printed(*parsed.value);
  }
  return all;
}

}  // namespace weiss
