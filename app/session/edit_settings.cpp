#include "app/session/edit_settings.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "app/session/edit.h"
#include "app/session/reshape.h"
#include "core/io/scenario.h"

namespace attn::session {
namespace {

constexpr std::uint64_t kSeeds = std::uint64_t{1} << 53;

/// What needs words that attend.
template <class Change>
Document with_config(const Document& document, const Change& change) {
  Input input = document.input();
  change(input);
  if (!same_input(input, document.input())) require_attention_over_words(document);
  return document.with_input(std::move(input));
}

void make_additive(Input& input, std::size_t d_k) {
  using enum ParameterId;
  if (input.parameters[additive_w_q] && input.parameters[additive_w_k] && input.parameters[additive_v])
    return;
  for (const ParameterId id : {additive_w_q, additive_w_k})
    input.parameters[id] = SharedMatrix(identity_matrix(d_k));
  input.parameters[additive_v] = SharedMatrix(Matrix(1, d_k, 1.0f));
}

/// W_O for averaged heads from W_O for heads side by side: the sum of its blocks.
SharedMatrix blocks_added(const SharedMatrix& w_o, std::size_t n_heads, std::size_t d_v) {
  Matrix result(d_v, w_o.columns());
  for (std::size_t i = 0; i < n_heads * d_v; ++i) {
    for (std::size_t j = 0; j < w_o.columns(); ++j) result(i % d_v, j) += w_o(i, j);
  }
  return SharedMatrix(result);
}

/// And back: each head gets its part.
SharedMatrix blocks_shared(const SharedMatrix& w_o, std::size_t n_heads) {
  Matrix result(n_heads * w_o.rows(), w_o.columns());
  for (std::size_t i = 0; i < result.rows(); ++i) {
    for (std::size_t j = 0; j < w_o.columns(); ++j)
      result(i, j) = w_o(i % w_o.rows(), j) / static_cast<float>(n_heads);
  }
  return SharedMatrix(result);
}

std::shared_ptr<const std::vector<std::uint8_t>> padding_of(const Document& document) {
  const auto& padding = document.input().config.mask.padding;
  if (padding) return padding;
  return std::make_shared<const std::vector<std::uint8_t>>(document.dimensions().n_keys, std::uint8_t{0});
}

}  // namespace

void require_attention_over_words(const Document& document) {
  if (document.input().config.attend_over == AttendOver::tokens) return;
  throw EditRefused(message("Attention over features takes no other setting: choose attention over words"));
}

Document changed(const Document& document, const SetKvHeads& edit) {
  const Dimensions& from = document.dimensions();
  if (edit.kv_heads < 1 || from.n_heads % edit.kv_heads != 0) {
    throw EditRefused(message("{0} key/value heads do not divide the {1} heads",
                              {std::to_string(edit.kv_heads), std::to_string(from.n_heads)}));
  }
  Dimensions to = from;
  to.n_kv_heads = edit.kv_heads;
  return with_config(document, [&](Input& input) {
    if (to.n_kv_heads == from.n_kv_heads) return;
    input.config.kv_heads.reset();
    if (to.n_kv_heads != to.n_heads) input.config.kv_heads = to.n_kv_heads;
    reshape_parameters(input, from, to);
  });
}

Document changed(const Document& document, const SetScore& edit) {
  return with_config(document, [&](Input& input) {
    const std::size_t d_k = document.dimensions().d_k;
    input.config.score = edit.score;
    if (edit.score == Score::additive) make_additive(input, d_k);
    std::optional<SharedMatrix>& bilinear = input.parameters[ParameterId::bilinear];
    if (edit.score == Score::bilinear && !bilinear) bilinear = SharedMatrix(identity_matrix(d_k));
  });
}

Document changed(const Document& document, const SetPosition& edit) {
  const std::size_t d_k = document.dimensions().d_k;
  if (edit.position == Position::rope && d_k % 2 != 0) {
    throw EditRefused(
        message("RoPE turns pairs of numbers: d_k must be even, not {0}", {std::to_string(d_k)}));
  }
  return with_config(document, [&](Input& input) { input.config.position = edit.position; });
}

Document changed(const Document& document, const SetWindow& edit) {
  if (edit.window && *edit.window < 0) throw EditRefused(message("A window reaches 0 words or more"));
  return with_config(document, [&](Input& input) { input.config.mask.window = edit.window; });
}

Document changed(const Document& document, const SetPadding& edit) {
  return with_config(document, [&](Input& input) {
    auto& padding = input.config.mask.padding;
    if (!edit.on) {
      padding.reset();
    } else if (!padding) {
      std::vector<std::uint8_t> hidden(document.dimensions().n_keys, 0);
      if (hidden.size() > 1) hidden.back() = 1;
      padding = std::make_shared<const std::vector<std::uint8_t>>(std::move(hidden));
    }
  });
}

Document changed(const Document& document, const SetPaddedKey& edit) {
  if (edit.key >= document.dimensions().n_keys)
    throw EditRefused(message("There is no key {0}", {std::to_string(edit.key + 1)}));
  return with_config(document, [&](Input& input) {
    const auto before = padding_of(document);
    if (((*before)[edit.key] != 0) == edit.hidden) return;
    std::vector<std::uint8_t> hidden = *before;
    hidden[edit.key] = edit.hidden ? 1 : 0;
    input.config.mask.padding = std::make_shared<const std::vector<std::uint8_t>>(std::move(hidden));
  });
}

Document changed(const Document& document, const SetOwnMask& edit) {
  return with_config(document, [&](Input& input) {
    const Dimensions& d = document.dimensions();
    auto& allow = input.config.mask.allow;
    if (!edit.on) {
      allow.reset();
    } else if (!allow) {
      allow = std::make_shared<const AllowMatrix>(
          AllowMatrix{d.n_queries, d.n_keys, std::vector<std::uint8_t>(d.n_queries * d.n_keys, 1)});
    }
  });
}

Document changed(const Document& document, const SetHiddenValue& edit) {
  if (edit.value && !std::isfinite(*edit.value)) throw EditRefused(message("A finite number is needed"));
  return with_config(document, [&](Input& input) { input.config.mask.hidden_value = edit.value; });
}

Document changed(const Document& document, const SetNormalise& edit) {
  return with_config(document, [&](Input& input) { input.config.normalise = edit.normalise; });
}

Document changed(const Document& document, const SetSoftmaxAxis& edit) {
  return with_config(document, [&](Input& input) { input.config.softmax_axis = edit.axis; });
}

Document changed(const Document& document, const SetDropout& edit) {
  const Dropout& dropout = edit.dropout;
  if (!(dropout.p >= 0 && dropout.p < 1))
    throw EditRefused(message("Dropout removes a part from 0 to below 1"));
  if (dropout.seed >= kSeeds) throw EditRefused(message("A seed is a whole number below 2^53"));
  return with_config(document, [&](Input& input) {
    if (input.config.dropout.value_or(Dropout{}) == dropout) return;
    input.config.dropout.reset();
    if (!(dropout == Dropout{})) input.config.dropout = dropout;
  });
}

Document changed(const Document& document, const SetCombine& edit) {
  const Dimensions& d = document.dimensions();
  return with_config(document, [&](Input& input) {
    if (edit.combine == input.config.combine) return;
    input.config.combine = edit.combine;
    const bool mean = edit.combine == Combine::mean;
    std::optional<SharedMatrix>& w_o = input.parameters[ParameterId::w_o];
    std::optional<SharedMatrix>& b_o = input.parameters[ParameterId::b_o];
    if (w_o && d.n_heads > 1) {
      w_o = mean ? blocks_added(*w_o, d.n_heads, d.d_v) : blocks_shared(*w_o, d.n_heads);
    } else if (!w_o && b_o) {
      b_o = with_columns(*b_o, mean ? d.d_v : d.n_heads * d.d_v);
    }
  });
}

Document changed(const Document& document, const SetAttendOver& edit) {
  if (edit.attend_over == document.input().config.attend_over) return document;
  Input input = document.input();
  input.config.attend_over = edit.attend_over;
  if (edit.attend_over == AttendOver::tokens) return document.with_input(std::move(input));
  if (input.source) {
    throw EditRefused(message("Features attend within one sequence: choose self-attention first"));
  }
  // One head of what the heads were side by side.
  const Document joined = changed(changed(document, SetCombine{}), SetKvHeads{document.dimensions().n_heads});
  Dimensions from = joined.dimensions();
  from.d_k *= from.n_heads;
  from.d_v *= from.n_heads;
  from.n_heads = from.n_kv_heads = 1;
  from.d_additive = 0;
  Dimensions to = from;
  to.d_k = to.d_model;
  input = joined.input();
  input.config = Config{};
  input.config.attend_over = AttendOver::features;
  using enum ParameterId;
  for (const ParameterId id : {b_v, bilinear, additive_w_q, additive_w_k, additive_v})
    input.parameters[id].reset();
  reshape_parameters(input, from, to);
  return document.with_input(std::move(input));
}

Document changed(const Document& document, const SetText& edit) {
  io::Scenario scenario = document.scenario();
  io::LocalisedText& text = edit.field == SetText::Field::title ? scenario.title : scenario.description;
  auto& by_language = text.by_language;
  if (by_language.contains("") && edit.language != "en") {
    // Plain text is what English readers see; beside another language it needs that tag.
    by_language.try_emplace("en", by_language.at(""));
  }
  by_language.erase("");
  if (edit.text.empty()) {
    by_language.erase(edit.language);
  } else {
    by_language[edit.language] = edit.text;
  }
  // English alone is plain text, as it was.
  const io::LocalisedText& before =
      edit.field == SetText::Field::title ? document.scenario().title : document.scenario().description;
  if (before.by_language.contains("") && by_language.size() == 1 && by_language.contains("en"))
    text = io::LocalisedText::plain(by_language.at("en"));
  return text == before ? document : document.with_scenario(std::move(scenario));
}

Message label_of(const SetKvHeads&) { return message("Key/value heads"); }
Message label_of(const SetScore&) { return message("Score"); }
Message label_of(const SetPosition&) { return message("Position"); }
Message label_of(const SetWindow&) { return message("Window"); }
Message label_of(const SetPadding&) { return message("Padding"); }
Message label_of(const SetPaddedKey&) { return message("Padding"); }
Message label_of(const SetOwnMask&) { return message("Own mask"); }
Message label_of(const SetHiddenValue&) { return message("Value of hidden scores"); }
Message label_of(const SetNormalise&) { return message("Softmax"); }
Message label_of(const SetSoftmaxAxis&) { return message("Softmax axis"); }
Message label_of(const SetDropout&) { return message("Dropout"); }
Message label_of(const SetCombine&) { return message("Combine heads"); }
Message label_of(const SetAttendOver& edit) {
  return edit.attend_over == AttendOver::tokens ? message("Attention over words")
                                                : message("Attention over features");
}
Message label_of(const SetWidth& edit) { return message("Width {0}", {std::string(name(edit.width))}); }
Message label_of(const SetCrossAttention& edit) {
  return edit.on ? message("Cross-attention") : message("Self-attention");
}
Message label_of(const SetText& edit) {
  return edit.field == SetText::Field::title ? message("Title") : message("Description");
}

}  // namespace attn::session
