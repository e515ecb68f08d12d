#pragma once
#include <span>
#include <string>
#include <vector>

namespace attn::lexicon {

/// Chinese is written without spaces: of neighbouring tokens of one Chinese character each, the longest runs
/// that are spellings of the lexicon become one token, from the left ("小","猫","吃","鱼" →
/// "小猫","吃","鱼"). Other tokens stay as they are. Forward maximum matching, as in Liu and Liang 1986; it
/// errs where words overlap.
std::vector<std::string> join_words(std::span<const std::string> tokens);

}  // namespace attn::lexicon
