#include "app/panels/sentence_preview.h"

#include <doctest/doctest.h>

#include "app/session/builtin.h"

#include "tests/app/session/documents.h"

using namespace attn;
using namespace attn::ui;
using session::Document;
using session::TokenSide;

TEST_CASE("a sentence is looked up once, and again for another sentence or another document") {
  const Document document = session::builtin_scenario("twelve_words_en");
  SentencePreviews previews;
  CHECK(previews.of(document, TokenSide::queries, "the cat blorbs").tokens ==
        std::vector<std::string>{"the", "cat", "blorbs"});
  CHECK(previews.of(document, TokenSide::queries, "the cat blorbs").unknown == 1);
  for (int frame = 0; frame < 10; ++frame) previews.of(document, TokenSide::queries, "the cat blorbs");
  CHECK(previews.made() == 1);
  CHECK(previews.of(document, TokenSide::queries, "the cat").unknown == 0);
  CHECK(previews.made() == 2);
  const Document other = session::apply(document, session::SetToken{TokenSide::queries, 0, "blorbs", {}});
  CHECK(previews.of(other, TokenSide::queries, "the blorbs").unknown == 0);
  CHECK(previews.of(document, TokenSide::queries, "the blorbs").unknown == 1);
  CHECK(previews.made() == 4);
}
