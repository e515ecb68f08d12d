#include "app/widgets/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace attn::ui {
namespace {

constexpr std::string_view kEllipsis = "…";

/// Characters that have no width of their own and need no box: joiners, variation selectors, marks of order.
bool is_invisible(char32_t c) {
  return (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x2064) ||
         (c >= 0xFE00 && c <= 0xFE0F) || c == 0xFEFF || (c >= 0xE0100 && c <= 0xE01EF);
}

bool is_space(char32_t c) { return c < 0x20 || c == 0x7F || (c >= 0x80 && c < 0xA0); }

std::string code_of(char32_t c) { return fmt::format("U+{:04X}", static_cast<unsigned>(c)); }

/// A font at the size at which it is to be drawn, with what stands in where it has no letter.
struct Set {
  Fonts* fonts = nullptr;
  Fonts::Sized* sized = nullptr;
  ImFont* font = nullptr;
  float size = 0.0f;  ///< in ImGui's sense
  float em = 0.0f;

  const ImFontGlyph* glyph(char32_t c) const { return fonts->glyph(*sized, c); }
  float code_padding() const { return std::round(em * 0.15f); }
  float code_size() const { return em * 0.6f * fonts->height_of_em(Face::mono); }
  /// What the code of a character is written with.
  ImFont* codes(const std::string& code) const {
    Fonts::Sized& mono = fonts->find(Face::mono, em * 0.6f);
    fonts->load(mono, code);
    return mono.font;
  }
  float box_width(char32_t c) const {
    const std::string code = code_of(c);
    const float text = codes(code)->CalcTextSizeA(code_size(), 1.0e9f, 0.0f, code.c_str()).x;
    return std::ceil(text + 3.0f * code_padding());
  }
  float width(char32_t c) const {
    if (is_space(c)) c = U' ';
    if (const ImFontGlyph* found = glyph(c)) return found->AdvanceX * (size / font->FontSize);
    return is_invisible(c) ? 0.0f : box_width(c);
  }
};

Set set_for(Fonts& fonts, const TextLook& look) {
  Fonts::Sized& sized = fonts.find(look.face, look.px);
  return {&fonts, &sized, sized.font, fonts.size_of(look.face, look.px), look.px};
}

float width_of(const Set& set, std::string_view text) {
  float width = 0.0f;
  for (std::size_t at = 0; at < text.size();) width += set.width(next_code_point(text, at));
  return width;
}

void draw_code_box(ImDrawList& list, const Set& set, ImVec2 top_left, char32_t c, Colour colour) {
  const float pad = set.code_padding();
  const Rect box{{top_left.x + pad * 0.5f, top_left.y + set.em * 0.1f},
                 {top_left.x + set.box_width(c) - pad * 0.5f, top_left.y + set.em * 1.0f}};
  list.AddRect(box.min, box.max, colour, set.em * 0.12f, 0, std::max(1.0f, set.em * 0.06f));
  const std::string code = code_of(c);
  list.AddText(set.codes(code), set.code_size(), {box.min.x + pad, box.centre().y - set.code_size() * 0.5f},
               colour, code.c_str());
}

/// Draws with the top of the em at `y`: letters of two faces then stand on one line where their ascents
/// are allowed for by the caller.
float draw_line(ImDrawList& list, const Set& set, ImVec2 position, Colour colour, std::string_view text) {
  const float start = position.x;
  float x = position.x;
  const char* run = text.data();
  const auto flush = [&](const char* end, float upto) {
    if (end > run) list.AddText(set.font, set.size, {x, position.y}, colour, run, end);
    x = upto;
  };
  float at_x = x;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    const char32_t c = next_code_point(text, at);
    const float advance = set.width(c);
    if (is_space(c) || !set.glyph(c)) {
      flush(text.data() + begin, at_x);
      if (!is_space(c) && !is_invisible(c)) draw_code_box(list, set, {at_x, position.y}, c, colour);
      run = text.data() + at;
      x = at_x + advance;
    }
    at_x += advance;
  }
  flush(text.data() + text.size(), at_x);
  return at_x - start;
}

std::string_view prefix_that_fits(const Set& set, std::string_view text, float width) {
  float used = 0.0f;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    used += set.width(next_code_point(text, at));
    if (used > width) return text.substr(0, begin);
  }
  return text;
}

bool is_ideographic(char32_t c) {
  return (c >= 0x2E80 && c <= 0x30FF) || (c >= 0x3400 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) ||
         (c >= 0xFF00 && c <= 0xFFEF) || (c >= 0x20000 && c <= 0x3FFFF);
}

bool may_not_begin_a_line(char32_t c) {
  constexpr std::u32string_view kClosing = U"。，、；：？！）】》」』〉〕％…—·,.;:?!)]}%”’";
  return kClosing.find(c) != std::u32string_view::npos;
}
bool may_not_end_a_line(char32_t c) {
  constexpr std::u32string_view kOpening = U"（【《「『〈〔([{“‘";
  return kOpening.find(c) != std::u32string_view::npos;
}

}  // namespace

bool may_break_between(char32_t before, char32_t after) {
  if (after == U' ') return false;  // the space stays with the word before it
  if (may_not_begin_a_line(after) || may_not_end_a_line(before)) return false;
  if (before == U' ') return true;
  return is_ideographic(before) || is_ideographic(after);
}

ImFont* Text::font(Face face, float px, std::string_view loaded) const {
  Fonts::Sized& sized = fonts_->find(face, px);
  fonts_->load(sized, loaded);
  return sized.font;
}

ImVec2 Text::measure(const TextLook& look, std::string_view text) const {
  return {width_of(set_for(*fonts_, look), text), look.px};
}

ImVec2 Text::measure(const Runs& runs) const {
  ImVec2 size{0.0f, 0.0f};
  for (const Run& run : runs) {
    const ImVec2 part = measure(run.look, run.text);
    size.x += part.x;
    size.y = std::max(size.y, part.y);
  }
  return size;
}

float Text::baseline(const TextLook& look) const {
  return std::round(look.px * fonts_->ascent_of_em(look.face));
}

float Text::draw(ImDrawList& list, ImVec2 position, const TextLook& look, std::string_view text) const {
  const Set set = set_for(*fonts_, look);
  // The box of a line is one em high; the font's own box is a little higher on both sides.
  position.y += std::round((look.px - set.size) * 0.5f);
  return draw_line(list, set, position, look.colour, text);
}

float Text::draw(ImDrawList& list, ImVec2 position, const Runs& runs) const {
  // All runs stand on the baseline of the tallest one.
  const Run* tallest = nullptr;
  for (const Run& run : runs)
    if (!tallest || run.look.px > tallest->look.px) tallest = &run;
  if (!tallest) return 0.0f;
  const auto top_to_baseline = [&](const TextLook& look) {
    return std::round((look.px - fonts_->size_of(look.face, look.px)) * 0.5f) + baseline(look);
  };
  const float line = top_to_baseline(tallest->look);
  float x = position.x;
  for (const Run& run : runs)
    x += draw(list, {x, position.y + line - top_to_baseline(run.look) - run.raise}, run.look, run.text);
  return x - position.x;
}

void Text::draw_in(ImDrawList& list, const Rect& rect, const TextLook& look, std::string_view text,
                   Align align) const {
  draw_in(list, rect, Runs{{std::string(text), look, 0.0f}}, align);
}

void Text::draw_in(ImDrawList& list, const Rect& rect, const Runs& runs, Align align) const {
  Runs shown = measure(runs).x > rect.width() + 0.5f ? ellipsis(runs, rect.width()) : runs;
  const ImVec2 size = measure(shown);
  float x = rect.min.x;
  if (align == Align::centre) x = rect.min.x + (rect.width() - size.x) * 0.5f;
  if (align == Align::right) x = rect.max.x - size.x;
  draw(list, {std::round(x), std::round(rect.min.y + (rect.height() - size.y) * 0.5f)}, shown);
}

std::string Text::ellipsis(const TextLook& look, std::string_view text, float width) const {
  const Set set = set_for(*fonts_, look);
  if (width_of(set, text) <= width) return std::string(text);
  std::string_view kept = prefix_that_fits(set, text, width - width_of(set, kEllipsis));
  while (!kept.empty() && kept.back() == ' ') kept.remove_suffix(1);
  return std::string(kept) + std::string(kEllipsis);
}

std::string Text::ellipsis_inside(const TextLook& look, std::string_view text, float width) const {
  const Set set = set_for(*fonts_, look);
  if (width_of(set, text) <= width) return std::string(text);
  const float room = width - width_of(set, kEllipsis);
  // The end gets two parts of five; from there back to where it begins.
  std::size_t tail = text.size();
  for (std::size_t at = text.size(); at > 0;) {
    do --at;
    while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80);
    if (width_of(set, text.substr(at)) > room * 0.4f) break;
    tail = at;
  }
  const std::string_view end = text.substr(tail);
  const std::string_view begin = prefix_that_fits(set, text.substr(0, tail), room - width_of(set, end));
  return std::string(begin) + std::string(kEllipsis) + std::string(end);
}

Runs Text::ellipsis(const Runs& runs, float width) const {
  Runs kept;
  float left = width;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const Run& run = runs[i];
    const float own = measure(run.look, run.text).x;
    const bool last = i + 1 == runs.size();
    const float reserve = last ? 0.0f : measure(run.look, kEllipsis).x;
    float rest = 0.0f;
    for (std::size_t j = i + 1; j < runs.size(); ++j) rest += measure(runs[j].look, runs[j].text).x;
    if (own + rest <= left || own + reserve <= left) {
      kept.push_back(run);
      left -= own;
      continue;
    }
    // What follows does not fit: the ellipsis stands here, even if this much would.
    const float room = own <= left ? std::min(left, own - 0.5f) : left;
    kept.push_back({ellipsis(run.look, run.text, room), run.look, run.raise});
    break;
  }
  return kept;
}

namespace {

/// Takes characters one after the other and breaks lines where that is allowed.
class LineBreaker {
 public:
  LineBreaker(Fonts& fonts, float width) : fonts_(fonts), width_(width) {}

  void add(const Run& run) {
    run_ = &run;
    set_ = set_for(fonts_, run.look);
    for (std::size_t at = 0; at < run.text.size();) {
      const char32_t c = next_code_point(run.text, at);
      if (c == U'\n') {
        tallest_ = std::max(tallest_, run.look.px);
        close();
        continue;
      }
      add(c);
    }
  }
  std::vector<Line> finish() {
    if (!current_.empty() || lines_.empty()) close();
    return std::move(lines_);
  }

 private:
  struct Character {
    char32_t code;
    const Run* run;
    float width;
  };

  void add(char32_t c) {
    const float advance = set_.width(c);
    current_.push_back({c, run_, advance});
    used_ += advance;
    if (c == U' ' || used_ <= width_ || current_.size() == 1) return;
    // Too wide: back to the last place where a line may end, or to the character before this one.
    std::size_t cut = current_.size() - 1;
    while (cut > 0 && !may_break_between(current_[cut - 1].code, current_[cut].code)) --cut;
    if (cut == 0) cut = current_.size() - 1;
    std::vector<Character> rest(current_.begin() + static_cast<std::ptrdiff_t>(cut), current_.end());
    current_.resize(cut);
    close();
    current_ = std::move(rest);
    for (const Character& character : current_) used_ += character.width;
  }

  void close() {
    while (!current_.empty() && current_.back().code == U' ') current_.pop_back();
    Line line;
    float px = current_.empty() ? tallest_ : 0.0f;
    const Run* open = nullptr;
    for (const Character& c : current_) {
      if (line.runs.empty() || c.run != open) {
        line.runs.push_back({{}, c.run->look, c.run->raise, c.run->link});
        open = c.run;
      }
      append_utf8(line.runs.back().text, c.code);
      line.width += c.width;
      px = std::max(px, c.run->look.px);
    }
    tallest_ = std::max(tallest_, px);
    line.height = std::round((px > 0.0f ? px : run_ ? run_->look.px : 0.0f) * kLineHeight);
    lines_.push_back(std::move(line));
    current_.clear();
    used_ = 0.0f;
  }

  Fonts& fonts_;
  float width_;
  const Run* run_ = nullptr;
  Set set_;
  std::vector<Character> current_;
  float used_ = 0.0f;
  float tallest_ = 0.0f;
  std::vector<Line> lines_;
};

}  // namespace

std::vector<Line> Text::wrap(const Runs& runs, float width) const {
  LineBreaker breaker(*fonts_, width);
  for (const Run& run : runs) breaker.add(run);
  return breaker.finish();
}

std::vector<Line> Text::wrap(const TextLook& look, std::string_view text, float width) const {
  return wrap(Runs{{std::string(text), look, 0.0f}}, width);
}

float Text::draw(ImDrawList& list, ImVec2 position, const std::vector<Line>& lines) const {
  float y = position.y;
  for (const Line& line : lines) {
    const float letters = measure(line.runs).y;
    draw(list, {position.x, std::round(y + (line.height - letters) * 0.5f)}, line.runs);
    y += line.height;
  }
  return y - position.y;
}

float Text::draw_paragraph(ImDrawList& list, ImVec2 position, const Runs& runs, float width) const {
  return draw(list, position, wrap(runs, width));
}

float Text::draw_paragraph(ImDrawList& list, ImVec2 position, const TextLook& look, std::string_view text,
                           float width) const {
  return draw(list, position, wrap(look, text, width));
}

Runs format_runs(std::string_view message, const TextLook& base,
                 std::initializer_list<std::pair<std::string_view, Runs>> arguments) {
  Runs runs;
  std::string plain;
  const auto flush = [&] {
    if (!plain.empty()) runs.push_back({std::move(plain), base, 0.0f});
    plain.clear();
  };
  while (!message.empty()) {
    const std::size_t open = message.find('{');
    const std::size_t close = open == std::string_view::npos ? open : message.find('}', open);
    if (close == std::string_view::npos) break;
    const std::string_view name = message.substr(open + 1, close - open - 1);
    const auto argument = std::ranges::find(arguments, name, [](const auto& given) { return given.first; });
    if (argument == arguments.end()) {
      plain += message.substr(0, close + 1);
    } else {
      plain += message.substr(0, open);
      flush();
      runs.insert(runs.end(), argument->second.begin(), argument->second.end());
    }
    message.remove_prefix(close + 1);
  }
  plain += message;
  flush();
  return runs;
}

}  // namespace attn::ui
