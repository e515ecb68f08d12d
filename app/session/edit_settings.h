#pragma once
// Changes of the settings of attention, of the sequences and of the texts of a document, as data: part of
// Edit. Each one says what else it changes, so that what comes out can always be computed.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/session/document.h"
#include "app/session/message.h"
#include "core/attention/config.h"

namespace attn::session {

/// How many key/value heads the query heads share; must divide their number. Every query head goes on reading
/// the keys and values that it read; where heads are merged, those of the first one of each group stay.
struct SetKvHeads {
  std::size_t kv_heads = 1;
};
/// Parameters that the score needs and the document does not have are made: the identity for `bilinear` (then
/// it scores as `dot`), identities and ones of width d_k for `additive`. Those of other scores stay.
struct SetScore {
  Score score = Score::dot;
};
/// RoPE is refused where d_k is odd.
struct SetPosition {
  Position position = Position::none;
};
/// No value: no window.
struct SetWindow {
  std::optional<std::int64_t> window;
};
/// The padding mask: on, it hides the last key at first (no key, where there is only one).
struct SetPadding {
  bool on = false;
};
/// One key of the padding mask. Makes a padding mask where there is none.
struct SetPaddedKey {
  std::size_t key = 0;
  bool hidden = false;
};
/// A mask of one's own, one 0 or 1 a cell: on, everything is visible at first.
struct SetOwnMask {
  bool on = false;
};
/// No value: −∞.
struct SetHiddenValue {
  std::optional<double> value;
};
struct SetNormalise {
  Normalise normalise = Normalise::softmax;
};
struct SetSoftmaxAxis {
  SoftmaxAxis axis = SoftmaxAxis::keys;
};
/// p 0 with seed 0 is no dropout.
struct SetDropout {
  Dropout dropout;
};
/// W_O follows. To `mean`: the sum of its blocks; to `concat`: its h-th part in each block. So equal heads
/// give the same output either way. Where W_O is the identity, b_O is cut or continued with zeros.
struct SetCombine {
  Combine combine = Combine::concat;
};
/// Attention over features goes with no other setting: choosing it sets them all to their defaults, makes W_Q
/// and W_K square and removes b_V and the parameters of other scores, in one step. Refused with a source.
struct SetAttendOver {
  AttendOver attend_over = AttendOver::tokens;
};

/// A width that matrices and vectors share.
enum class Width { d_model, d_source, d_k, d_v, d_out, d_additive };

/// Another width. Everything that has it is cut, or continued: identities as identities, all else with zeros
/// (x and source.x too), v of the additive score with ones if it is all ones. Widths that follow from an
/// identity follow. Heads keep their own columns. New features are called by their numbers.
struct SetWidth {
  Width width = Width::d_model;
  std::size_t size = 1;
};

/// On: the words ask a second sequence, which is a copy of them at first. Off: they ask each other again;
/// what depended on the source takes their sizes as SetWidth does, and a key that a mask does not know is
/// visible.
struct SetCrossAttention {
  bool on = false;
};

/// The title or the description in one language ("en", "zh"). Empty takes it away.
struct SetText {
  enum class Field { title, description };
  Field field = Field::title;
  std::string language;
  std::string text;
};

/// @name One document after the other
/// Each throws EditRefused where the change cannot be made, or std::invalid_argument from validate().
/// @{
Document changed(const Document& document, const SetKvHeads& edit);
Document changed(const Document& document, const SetScore& edit);
Document changed(const Document& document, const SetPosition& edit);
Document changed(const Document& document, const SetWindow& edit);
Document changed(const Document& document, const SetPadding& edit);
Document changed(const Document& document, const SetPaddedKey& edit);
Document changed(const Document& document, const SetOwnMask& edit);
Document changed(const Document& document, const SetHiddenValue& edit);
Document changed(const Document& document, const SetNormalise& edit);
Document changed(const Document& document, const SetSoftmaxAxis& edit);
Document changed(const Document& document, const SetDropout& edit);
Document changed(const Document& document, const SetCombine& edit);
Document changed(const Document& document, const SetAttendOver& edit);
Document changed(const Document& document, const SetWidth& edit);
Document changed(const Document& document, const SetCrossAttention& edit);
Document changed(const Document& document, const SetText& edit);
/// @}

/// Throws EditRefused where features attend: no other setting goes with that.
void require_attention_over_words(const Document& document);

/// @name What Undo calls them
/// @{
Message label_of(const SetKvHeads& edit);
Message label_of(const SetScore& edit);
Message label_of(const SetPosition& edit);
Message label_of(const SetWindow& edit);
Message label_of(const SetPadding& edit);
Message label_of(const SetPaddedKey& edit);
Message label_of(const SetOwnMask& edit);
Message label_of(const SetHiddenValue& edit);
Message label_of(const SetNormalise& edit);
Message label_of(const SetSoftmaxAxis& edit);
Message label_of(const SetDropout& edit);
Message label_of(const SetCombine& edit);
Message label_of(const SetAttendOver& edit);
Message label_of(const SetWidth& edit);
Message label_of(const SetCrossAttention& edit);
Message label_of(const SetText& edit);
/// @}

/// "d_model", "d_k", …: as formulas and the engine call it.
std::string_view name(Width width);
/// How large it is in a document; 0 where it has none (d_source without a source, d_additive of other
/// scores).
std::size_t size_of(const Document& document, Width width);

}  // namespace attn::session
