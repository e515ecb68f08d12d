#include "app/widgets/written_names.h"

#include <doctest/doctest.h>

#include "app/platform/imgui_owner.h"
#include "app/widgets/text.h"

using namespace attn::ui;

namespace {

/// "W[Q]": index letters in brackets, as a test can read them.
std::string readable(std::string_view text) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = next_code_point(text, at);
    if (is_index_letter(c)) {
      result += '[';
      append_utf8(result, c - index_letter('\0'));
      result += ']';
    } else {
      append_utf8(result, c);
    }
  }
  return result;
}

std::string written(std::string text) { return readable(with_indices(std::move(text))); }

}  // namespace

TEST_CASE("parameters and widths in a sentence have their indices below the line") {
  CHECK(written("W_Q and W_K may move") == "W[Q] and W[K] may move");
  CHECK(written("Divide scores by √d_k") == "Divide scores by √d[k]");
  CHECK(written("Change d_model.") == "Change d[m][o][d][e][l].");
  CHECK(written("W_Vᵀ times the mixed features") == "W[V]ᵀ times the mixed features");
  CHECK(written("由 W_Q、W_K 得到") == "由 W[Q]、W[K] 得到");
}

TEST_CASE("names of files, of arrays and of programs stay as they are written") {
  for (const char* text : {"W_Q.npy", "model/W_Q", "my_W_Q", "W_Q_old", "W_Query", "in_proj_weight", "d_key"})
    CHECK(written(text) == text);
}

TEST_CASE("a text that is said again is the same text") {
  const std::string_view first = with_indices(std::string_view("needs W_O"));
  CHECK(readable(first) == "needs W[O]");
  CHECK(with_indices(std::string_view("needs W_O")).data() == first.data());
  const std::string_view plain = "nothing to write";
  CHECK(with_indices(plain).data() == plain.data());
}

TEST_CASE("an index is smaller than its letter and stands lower") {
  const ImGuiOwner imgui;
  Fonts fonts;
  fonts.update(*ImGui::GetIO().Fonts);
  Fonts::Sized& sized = fonts.find(Face::sans, 20.0f);
  const ImFontGlyph letter = *fonts.glyph(sized, U'Q');
  const ImFontGlyph index = *fonts.glyph(sized, index_letter('Q'));
  CHECK(index.AdvanceX < letter.AdvanceX);
  CHECK(index.Y1 > letter.Y1);
  CHECK(index.Y0 > letter.Y0);
  CHECK(index.Y1 - index.Y0 < letter.Y1 - letter.Y0);
}
