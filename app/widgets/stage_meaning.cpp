#include "app/widgets/stage_meaning.h"

#include "app/widgets/conventions.h"

namespace attn::ui {
namespace {

std::string_view meaning_of_scores(const PanelContext& context, const Config& config) {
  switch (config.score) {
    case Score::dot:
      return context.tr("how well each query matches each key: the dot product q · k");
    case Score::cosine:
      return context.tr("how well each query matches each key: the cosine of the angle between q and k");
    case Score::bilinear:
      return context.tr("how well each query matches each key: q times W times k");
    case Score::additive:
      return context.tr("how well each query matches each key: v · tanh(q times W_q + k times W_k)");
  }
  return {};
}

std::string_view meaning_of_scaled(const PanelContext& context, const Config& config) {
  if (config.scale.kind == Scale::Kind::sqrt_dk) {
    return context.tr(
        "divided by √d_k: wide vectors have large dot products, and softmax of large numbers is all or "
        "nothing");
  }
  if (config.scale.kind == Scale::Kind::number || config.temperature != 1.0) {
    return context.tr(
        "scale and temperature: smaller scores give more even shares, larger ones sharper shares");
  }
  return context.tr("no scale is set: the scores go on as they are");
}

bool masks(const MaskConfig& mask) { return mask.causal || mask.window || mask.padding || mask.allow; }

std::string_view meaning_of_masked(const PanelContext& context, const Config& config) {
  if (!masks(config.mask)) return context.tr("no mask is set: every word may see every word");
  if (config.mask.hidden_value) {
    return context.tr(
        "what a query may not see is replaced by a number, which still gets a share: a common mistake");
  }
  return context.tr("what a query may not see becomes −∞, and e to the power of −∞ is 0: no share");
}

std::string_view meaning_of_feature_scores(const PanelContext& context, const Conventions& conventions) {
  if (conventions.column_vectors) {
    return conventions.query_columns ? context.tr("features against features, summed over the words: KQᵀ")
                                     : context.tr("features against features, summed over the words: QKᵀ");
  }
  return conventions.query_columns ? context.tr("features against features, summed over the words: KᵀQ")
                                   : context.tr("features against features, summed over the words: QᵀK");
}

std::string_view meaning_of_weights(const PanelContext& context, const Config& config,
                                    const Conventions& conventions) {
  if (config.normalise == Normalise::none)
    return context.tr("softmax is left out: the scores themselves are the weights");
  if (config.softmax_axis == SoftmaxAxis::queries) {
    return conventions.query_columns
               ? context.tr("softmax along each row, so that the keys' rows sum to 1: a common mistake")
               : context.tr("softmax down each column, so that columns sum to 1: a common mistake");
  }
  if (conventions.query_columns) {
    return context.tr(
        "softmax: e to the power of each score, divided by the sum of its column; each column sums to 1");
  }
  return context.tr(
      "softmax: e to the power of each score, divided by the sum of its row; each row sums to 1");
}

}  // namespace

std::string_view stage_meaning(const PanelContext& context, const Input& input, Stage stage) {
  const Config& config = input.config;
  const Conventions conventions = conventions_of(context.session.settings());
  const bool columns = conventions.column_vectors;
  switch (stage) {
    case Stage::x:
      return columns ? context.tr("each column is a word, each row a feature")
                     : context.tr("each row is a word, each column a feature");
    case Stage::source_x:
      return columns ? context.tr("the words that answer: each column is a word, each row a feature")
                     : context.tr("the words that answer: each row is a word, each column a feature");
    case Stage::x_position:
    case Stage::source_position:
      return context.tr("each word plus sines and cosines of its position");
    case Stage::q:
      return columns ? context.tr("what each word looks for: W_Qᵀ times x")
                     : context.tr("what each word looks for: x times W_Q");
    case Stage::k:
      return columns ? context.tr("what each word can be found by: W_Kᵀ times x")
                     : context.tr("what each word can be found by: x times W_K");
    case Stage::v:
      return columns ? context.tr("what each word passes on: W_Vᵀ times x")
                     : context.tr("what each word passes on: x times W_V");
    case Stage::q_rotated:
    case Stage::k_rotated:
      return context.tr("turned by position: their dot product sees the distance");
    case Stage::scores:
      return config.attend_over == AttendOver::features ? meaning_of_feature_scores(context, conventions)
                                                        : meaning_of_scores(context, config);
    case Stage::scaled:
      return meaning_of_scaled(context, config);
    case Stage::biased:
      return context.tr("less a penalty that grows with the distance between the two words");
    case Stage::masked:
      return meaning_of_masked(context, config);
    case Stage::weights:
      return meaning_of_weights(context, config, conventions);
    case Stage::dropped:
      return context.tr("some weights are set to 0 at random, the others grow to make up for them");
    case Stage::mixed:
      return context.tr("each word's features, mixed with the weights as shares");
    case Stage::head_outputs:
      return config.attend_over == AttendOver::features
                 ? columns ? context.tr("W_Vᵀ times the mixed features")
                           : context.tr("the mixed features times W_V")
                 : context.tr("the values v, weighted by α and summed");
    case Stage::concat:
      return config.combine == Combine::mean ? context.tr("heads averaged, not joined: a common mistake")
                                             : context.tr("the outputs of all heads side by side");
    case Stage::output:
      return columns ? context.tr("each word's new vector: W_Oᵀ times the joined heads")
                     : context.tr("each word's new vector: joined heads times W_O");
  }
  return {};
}

}  // namespace attn::ui
