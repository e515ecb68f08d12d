#pragma once
// What can be changed in a document, as data. An edit is applied to a document and gives another one, or
// says in one line why not.

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <variant>
#include <vector>

#include "app/session/document.h"
#include "app/session/edit_compose.h"
#include "app/session/edit_masks.h"
#include "app/session/edit_parameters.h"
#include "app/session/edit_settings.h"
#include "app/session/edit_tokens.h"
#include "app/session/message.h"
#include "core/attention/explain.h"

namespace attn::session {

/// One number of x. `value` must be finite, here and below.
struct SetXCell {
  std::size_t row = 0;
  std::size_t column = 0;
  float value = 0.0f;
};
/// One word's whole vector, d_model numbers.
struct SetXRow {
  std::size_t row = 0;
  std::vector<float> values;
};
/// One number of source.x.
struct SetSourceCell {
  std::size_t row = 0;
  std::size_t column = 0;
  float value = 0.0f;
};
/// One word's whole vector on the source side, d_source numbers.
struct SetSourceRow {
  std::size_t row = 0;
  std::vector<float> values;
};
/// One number of a parameter. An identity turns into a matrix of its values first, an absent bias into
/// zeros. Absent parameters of the bilinear and additive scores are refused.
struct SetParameterCell {
  ParameterRef cell;
  float value = 0.0f;
};
/// A whole parameter; no value makes it the identity (w_q, w_k, w_v, w_o) or absent (biases).
struct SetParameter {
  ParameterId id = ParameterId::w_q;
  std::optional<SharedMatrix> value;
};
struct SetScale {
  Scale scale;
};
/// Must be finite and above 0.
struct SetTemperature {
  double temperature = 1.0;
};
struct SetCausal {
  bool causal = false;
};
/// Splits the same projections into another number of heads. kv_heads follows where it is given; matrices
/// whose size depends on d_k or d_v (bilinear, additive, W_O under `mean`) lose their last rows and columns,
/// or gain those of the identity (bilinear, W_O) or zeros (additive). Refused where a width does not divide.
struct SetHeads {
  std::size_t heads = 1;
};
/// The whole input at once, as a pull on the answer makes it.
struct SetInput {
  Input input;
  Message label;
};

using AnyEdit = std::variant<SetXCell, SetXRow, SetSourceCell, SetSourceRow, SetParameterCell, SetParameter,
                             SetScale, SetTemperature, SetCausal, SetHeads, SetInput,
                             // edit_settings.h
                             SetKvHeads, SetScore, SetPosition, SetWindow, SetPadding, SetPaddedKey,
                             SetOwnMask, SetHiddenValue, SetNormalise, SetSoftmaxAxis, SetDropout, SetCombine,
                             SetAttendOver, SetWidth, SetCrossAttention, SetText,
                             // edit_tokens.h
                             SetToken, InsertToken, RemoveToken, MoveToken, ReplaceTokens, SetFeatureName,
                             // edit_parameters.h, edit_masks.h
                             FillParameter, PaintMask, PadKeys,
                             // edit_compose.h
                             ComposeHead, ComposeCopy, MakeExample>;

/// Any of them. Moving a variant of so many kinds is dear to compile, so it is done in one place.
struct Edit : AnyEdit {
  using AnyEdit::AnyEdit;
  Edit(const Edit& other);
  Edit(Edit&& other) noexcept;
  Edit& operator=(const Edit& other);
  Edit& operator=(Edit&& other) noexcept;
  ~Edit();
};

/// Why an edit was not made: what() is the English line.
struct EditRefused : std::invalid_argument {
  explicit EditRefused(Message why) : std::invalid_argument(english(why)), reason(std::move(why)) {}
  Message reason;
};

/// The document after the edit; the same document (by pointer) when it changes nothing.
/// Throws EditRefused with the line to show beside the field.
Document apply(const Document& document, const Edit& edit);

/// The line to show beside the field, or nothing when the edit can be made: for checking while typing.
std::optional<Message> problem_of(const Document& document, const Edit& edit);

/// What Undo calls this step: "Move x1", "Change W_Q", "Scale".
Message label_of(const Document& before, const Edit& edit);

/// "W_Q", "b_V", "W" (bilinear), …: a parameter's name on screen, in labels and messages.
std::string_view display_name(ParameterId id);

/// The numbers of a parameter as a matrix, the identity written out. Nothing for an absent bias or an
/// absent parameter of another score.
std::optional<SharedMatrix> parameter_values(const Document& document, ParameterId id);

}  // namespace attn::session
