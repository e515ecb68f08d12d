#pragma once
#include "app/session/document.h"

namespace attn::session {

/// `after` is `before` with words added, removed, moved or replaced. What belongs to places and not to words
/// is put right again where `before` had it whole: one-hot positions, the features of the token before, and
/// heads that were composed from them, with their strength. Columns that are renewed stand at the end.
Document with_places_renewed(const Document& before, const Document& after);

}  // namespace attn::session
