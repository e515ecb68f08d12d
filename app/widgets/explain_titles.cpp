// What each step of an explanation is called.

#include "app/widgets/conventions.h"
#include "app/widgets/formula_explain.h"

namespace attn::ui {
namespace {

std::string_view cell_title(const PanelContext& context, const Input& input, Stage stage) {
  switch (stage) {
    case Stage::x:
    case Stage::source_x:
      return context.tr("given");
    case Stage::x_position:
    case Stage::source_position:
      return context.tr("position added");
    case Stage::q:
    case Stage::k:
    case Stage::v:
      return context.tr("projection");
    case Stage::q_rotated:
    case Stage::k_rotated:
      return context.tr("turned by position");
    case Stage::scores:
      return context.tr("raw score");
    case Stage::scaled:
      return context.tr("scale");
    case Stage::biased:
      return context.tr("distance bias");
    case Stage::masked:
      return context.tr("mask");
    case Stage::weights:
      return input.config.normalise == Normalise::none ? context.tr("not normalised") : context.tr("share");
    case Stage::dropped:
      return context.tr("dropout");
    case Stage::mixed:
      return context.tr("mix of features");
    case Stage::head_outputs:
      return input.config.attend_over == AttendOver::features ? context.tr("projection")
                                                              : context.tr("weighted sum of values");
    case Stage::concat:
      return input.config.combine == Combine::mean ? context.tr("mean of the heads")
                                                   : context.tr("heads side by side");
    case Stage::output:
      return context.tr("output projection");
  }
  return {};
}

}  // namespace

std::string_view step_title(const PanelContext& context, const Input& input, const ExplainNode& node) {
  const bool over_queries = input.config.softmax_axis == SoftmaxAxis::queries;
  const bool columns = over_queries != conventions_of(context.session.settings()).query_columns;
  if (node.cell) return cell_title(context, input, node.cell->stage);
  switch (node.role) {
    case Role::cell:
      return cell_title(context, input, node.key.cell.stage);
    case Role::parameter_cell:
      return context.tr("parameter");
    case Role::term:
    case Role::projection_term:
      return context.tr("product");
    case Role::position_value:
      return context.tr("position value");
    case Role::cosine:
      return context.tr("cosine of the angle");
    case Role::sine:
      return context.tr("sine of the angle");
    case Role::angle:
      return context.tr("angle");
    case Role::position:
      return context.tr("position");
    case Role::frequency:
      return context.tr("frequency");
    case Role::dot_product:
      return context.tr("dot product");
    case Role::norm_product:
      return context.tr("product of the lengths");
    case Role::norm:
      return node.key.part == 0 ? context.tr("length of q") : context.tr("length of k");
    case Role::norm_sum:
      return context.tr("sum of squares");
    case Role::squared:
      return context.tr("square");
    case Role::additive_hidden:
      return context.tr("hidden unit");
    case Role::additive_sum:
      return context.tr("query part + key part");
    case Role::additive_query:
      return context.tr("query part");
    case Role::additive_key:
      return context.tr("key part");
    case Role::bilinear_query:
      return context.tr("query times W");
    case Role::rescaled:
      return context.tr("scale");
    case Role::one:
      return context.tr("one");
    case Role::square_root_dk:
      return context.tr("root of the key width");
    case Role::head_width:
      return context.tr("key width");
    case Role::temperature:
      return context.tr("temperature");
    case Role::scale_number:
      return context.tr("scale factor");
    case Role::alibi_bias:
      return context.tr("slope times distance");
    case Role::alibi_slope:
      return context.tr("slope");
    case Role::distance:
      return context.tr("distance");
    case Role::line_maximum:
      return columns ? context.tr("column maximum") : context.tr("row maximum");
    case Role::shifted:
      return columns ? context.tr("column maximum removed") : context.tr("row maximum removed");
    case Role::exponential:
      return context.tr("exponential");
    case Role::exponential_sum:
      return columns ? context.tr("column sum") : context.tr("row sum");
    case Role::keep_probability:
      return context.tr("share that is kept");
    case Role::dropout_p:
      return context.tr("share that is dropped");
    case Role::weighted_value:
      return context.tr("weight times value");
    case Role::heads_sum:
      return context.tr("sum over the heads");
    case Role::head_count:
      return context.tr("number of heads");
  }
  return {};
}

}  // namespace attn::ui
