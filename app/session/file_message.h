#pragma once
// What is said about a file, as a sentence that can be translated: "three.json: x[1]: expected 2 numbers, as
// in row 0, found 3".

#include <string>
#include <vector>

#include "app/session/message.h"

namespace attn::session {

/// What a reader or writer of files, the import or validate() says, as a sentence. The English text stays the
/// same. A line that is not known is verbatim.
Message file_message(const std::string& line);

/// Where the arguments of a sentence are phrases that can be translated themselves: these, in their order.
/// Empty for all other sentences, whose arguments are names and numbers.
std::vector<Message> phrases_in(const Message& sentence);

}  // namespace attn::session
