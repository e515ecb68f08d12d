#include "app/widgets/head_words.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/widgets/number_format.h"

namespace attn::ui {

std::string_view measure_name(const PanelContext& context, HeadMeasure measure) {
  switch (measure) {
    case HeadMeasure::entropy:
      return context.tr("entropy");
    case HeadMeasure::distance:
      return context.tr("distance");
    case HeadMeasure::self:
      return context.tr("self");
    case HeadMeasure::previous:
      return context.tr("previous");
    case HeadMeasure::first:
      return context.tr("first");
  }
  return {};
}

std::string measure_definition(const PanelContext& context, HeadMeasure measure, const Input& input) {
  const bool columns = input.config.softmax_axis == SoftmaxAxis::queries;
  const std::string_view mean = columns ? context.tr("column mean") : context.tr("row mean");
  std::string_view what;
  switch (measure) {
    case HeadMeasure::entropy:
      what = context.tr("−Σ(α·log₂α) in bits");
      break;
    case HeadMeasure::distance:
      what = context.tr("Σ(α·|i−j|) in words");
      break;
    case HeadMeasure::self:
      what = context.tr("share on the word itself");
      break;
    case HeadMeasure::previous:
      what = context.tr("share on the word before");
      break;
    case HeadMeasure::first:
      what = context.tr("share on the first word");
      break;
  }
  return context.say("{definition}, {mean}", fmt::arg("definition", what), fmt::arg("mean", mean));
}

std::string measure_text(const PanelContext& context, HeadMeasure measure, const HeadMeasures& measures,
                         bool with_unit) {
  if (!measures[measure]) return "–";
  std::string number = format_number(*measures[measure], std::min(2, context.session.settings().decimals));
  if (measure != HeadMeasure::entropy || !with_unit) return number;
  return context.say("{number} bit", fmt::arg("number", number));
}

bool least_first(HeadMeasure measure) {
  return measure == HeadMeasure::entropy || measure == HeadMeasure::distance;
}

}  // namespace attn::ui
