#pragma once
#include <string>

#include "app/session/message.h"

namespace attn::session {

/// What validate() says about an input ("weights.w_k: expected 3 columns a head, as w_q gives, found 2"), as
/// a sentence that can be translated. The English text stays the same. A line that is not known is verbatim.
Message translatable(const std::string& line);

}  // namespace attn::session
