#include "weiss/cavity/survey_propagation.hpp"

#include <algorithm>
#include <cmath>

#include "weiss/cavity/shuffled_order.hpp"

namespace weiss {

void SurveyPropagation::Product::multiply(double factor) {
  if (factor <= 0)
    ++zeros;
  else
    rest *= factor;
}

void SurveyPropagation::Product::divide(double factor) {
  if (factor <= 0)
    --zeros;
  else
    rest /= factor;
}

double SurveyPropagation::Product::without(double factor) const {
  if (factor <= 0) return zeros > 1 ? 0 : rest;
  return zeros > 0 ? 0 : rest / factor;
}

SurveyPropagation::SurveyPropagation(const Formula& formula, double joker_weight, const Stream& start)
    : formula_(&formula),
      joker_weight_(joker_weight),
      survey_(formula.variable.size()),
      fixed_(static_cast<std::size_t>(formula.variables)),
      ratio_(static_cast<std::size_t>(formula.length)),
      next_(ratio_.size()) {
  for (std::size_t place = 0; place < survey_.size(); ++place)
    survey_[place] = static_cast<double>(start.bits(0, place) >> 11U) * 0x1p-53;
  multiply_all();
}

void SurveyPropagation::multiply_all() {
  sides_.assign(static_cast<std::size_t>(formula_->variables), {});
  for (std::size_t place = 0; place < survey_.size(); ++place)
    sides_[static_cast<std::size_t>(formula_->variable[place])]
        .of(formula_->sign[place])
        .multiply(1 - survey_[place]);
}

SurveyPropagation::Cavity SurveyPropagation::cavity(std::size_t place) const {
  const Sides& sides = sides_[static_cast<std::size_t>(formula_->variable[place])];
  const std::int8_t sign = formula_->sign[place];
  const double same = sides.of(sign).without(1 - survey_[place]);
  const double opposite = sides.of(static_cast<std::int8_t>(-sign)).value();
  return {(1 - joker_weight_ * opposite) * same, (1 - joker_weight_ * same) * opposite,
          joker_weight_ * same * opposite};
}

double SurveyPropagation::update_clause(std::size_t clause) {
  const std::size_t length = ratio_.size(), start = clause * length;
  bool satisfied = false;
  for (std::size_t k = 0; k < length; ++k) {
    const std::int8_t spin = fixed_[static_cast<std::size_t>(formula_->variable[start + k])];
    if (spin != 0) {
      satisfied = satisfied || spin == formula_->sign[start + k];
      ratio_[k] = 1;
      continue;
    }
    const Cavity weights = cavity(start + k);
    const double sum = weights.sum();
    ratio_[k] = sum > 0 ? weights.unsatisfying / sum : 0;
  }
  double before = 1;
  for (std::size_t k = 0; k < length; ++k) {
    next_[k] = before;
    before *= ratio_[k];
  }
  double behind = 1, change = 0;
  for (std::size_t k = length; k-- > 0;) {
    const double survey = satisfied ? 0 : next_[k] * behind;
    behind *= ratio_[k];
    double& old = survey_[start + k];
    if (survey == old) continue;
    const std::size_t variable = static_cast<std::size_t>(formula_->variable[start + k]);
    if (fixed_[variable] == 0) change = std::max(change, std::fabs(survey - old));
    Product& product = sides_[variable].of(formula_->sign[start + k]);
    product.divide(1 - old);
    product.multiply(1 - survey);
    old = survey;
  }
  return change;
}

double SurveyPropagation::sweep(const RandomSource& random) {
  multiply_all();  // clears the rounding of all the quotients, and makes a sweep a function of the surveys
  double change = 0;
  for (const std::int32_t clause : shuffled_order(formula_->clauses(), random))
    change = std::max(change, update_clause(static_cast<std::size_t>(clause)));
  return change;
}

VariableWeights SurveyPropagation::weights(std::int64_t variable) const {
  Sides sides;
  const auto i = static_cast<std::size_t>(variable);
  for (std::int64_t at = formula_->first[i]; at < formula_->first[i + 1]; ++at) {
    const auto place = static_cast<std::size_t>(formula_->literal[static_cast<std::size_t>(at)]);
    sides.of(formula_->sign[place]).multiply(1 - survey_[place]);
  }
  const double plus = sides.plus.value(), minus = sides.minus.value();
  const VariableWeights raw{(1 - joker_weight_ * plus) * minus, (1 - joker_weight_ * minus) * plus,
                            joker_weight_ * plus * minus};
  const double sum = raw.plus + raw.minus + raw.joker;
  if (!(sum > 0)) return {};
  return {raw.plus / sum, raw.minus / sum, raw.joker / sum};
}

double SurveyPropagation::potential() const {
  SurveyPropagation fresh(*this);
  fresh.multiply_all();
  double phi = 0;
  const std::size_t length = ratio_.size();
  for (std::size_t start = 0; start < survey_.size(); start += length) {
    double all = 1, violating = 1;
    for (std::size_t k = 0; k < length; ++k) {
      const Cavity weights = fresh.cavity(start + k);
      all *= weights.sum();
      violating *= weights.unsatisfying;
    }
    phi += std::log(all - violating);
  }
  for (std::size_t i = 0; i < fresh.sides_.size(); ++i) {
    const double plus = fresh.sides_[i].plus.value(), minus = fresh.sides_[i].minus.value();
    const double sum = plus + minus - joker_weight_ * plus * minus;
    phi -= (static_cast<double>(formula_->first[i + 1] - formula_->first[i]) - 1) * std::log(sum);
  }
  return phi;
}

}  // namespace weiss
