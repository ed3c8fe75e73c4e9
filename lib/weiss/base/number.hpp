// Numbers as text, independent of the locale.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace weiss {

// The shortest decimal that reads back to the same double: 2.6, 1e-08, inf, nan.
std::string shortest(double value);

// The whole text as a double or an integer; empty when any character is left over or the value does not fit.
std::optional<double> parse_real(std::string_view text);
std::optional<long long> parse_integer(std::string_view text);

// The value with 15 significant digits, so that 1.8 + 8 * 0.1 becomes 2.6.
double round_to_15_digits(double value);

}  // namespace weiss
