#include "app/panels/lesson_words.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "app/lessons/glossary.h"
#include "app/lessons/play.h"

namespace attn::ui {
namespace {

using lessons::TextPart;

struct Sign {
  std::string_view name;
  std::string_view text;
};
constexpr std::array kSigns = {
    Sign{"cdot", "·"},   Sign{"times", "×"}, Sign{"sum", "Σ"},   Sign{"exp", "exp"}, Sign{"alpha", "α"},
    Sign{"infty", "∞"},  Sign{"le", "≤"},    Sign{"ge", "≥"},    Sign{"ne", "≠"},    Sign{"to", "→"},
    Sign{"approx", "≈"}, Sign{"top", "ᵀ"},   Sign{"theta", "θ"}, Sign{"log", "log"}, Sign{"tanh", "tanh"},
};

/// Goes through the notation once; what is raised or lowered is smaller.
class FormulaLine {
 public:
  FormulaLine(const PanelContext& context, std::string_view notation, const TextLook& base)
      : context_(context), notation_(notation), base_(base) {}

  Runs all() {
    while (at_ < notation_.size()) one(0.0f, 1.0f);
    return std::move(runs_);
  }

 private:
  static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

  Colour colour_of(std::string_view letters) const {
    if (letters == "Q" || letters == "q") return context_.colours().q;
    if (letters == "K" || letters == "k") return context_.colours().k;
    if (letters == "V" || letters == "v") return context_.colours().v;
    return base_.colour;
  }
  void add(std::string text, Face face, Colour colour, float raise, float size) {
    TextLook look = base_;
    look.face = face;
    look.colour = colour;
    // The formula faces look smaller than the text's at the same size.
    const float even = face == Face::formula || face == Face::formula_italic ? 1.12f : 1.0f;
    look.px = base_.px * size * even;
    runs_.push_back({std::move(text), look, raise});
  }

  /// What stands in braces, or the next sign alone.
  std::string_view argument() {
    if (at_ >= notation_.size()) return {};
    if (notation_[at_] != '{') {
      std::size_t end = at_ + 1;
      if (notation_[at_] == '\\')
        while (end < notation_.size() && is_letter(notation_[end])) ++end;
      while (end < notation_.size() && (static_cast<unsigned char>(notation_[end]) & 0xC0U) == 0x80U) ++end;
      const std::string_view sign = notation_.substr(at_, end - at_);
      at_ = end;
      return sign;
    }
    std::size_t depth = 0;
    const std::size_t begin = ++at_;
    for (; at_ < notation_.size(); ++at_) {
      if (notation_[at_] == '{') ++depth;
      if (notation_[at_] == '}' && depth-- == 0) break;
    }
    const std::string_view inside = notation_.substr(begin, at_ - begin);
    at_ = std::min(at_ + 1, notation_.size());
    return inside;
  }

  /// The part, raised and scaled; in parentheses where it is more than one sign and `guarded`.
  void part(std::string_view inside, float raise, float size, bool guarded) {
    const bool wide = guarded && inside.size() > 1 && inside.find_first_of("+-/ ") != std::string_view::npos;
    if (wide) add("(", Face::formula, base_.colour, raise, size);
    const std::string_view outer = std::exchange(notation_, inside);
    const std::size_t back = std::exchange(at_, 0);
    while (at_ < notation_.size()) one(raise, size);
    notation_ = outer;
    at_ = back;
    if (wide) add(")", Face::formula, base_.colour, raise, size);
  }

  void one(float raise, float size) {
    constexpr float kSmall = 0.72f;
    const char c = notation_[at_];
    if (c == '\\') return command(raise, size);
    if (c == '_' || c == '^') {
      ++at_;
      const float by = base_.px * size * (c == '_' ? -0.16f : 0.34f);
      return part(argument(), raise + by, size * kSmall, false);
    }
    if (c == '{') return part(argument(), raise, size, false);
    if (is_letter(c)) return letters(raise, size);
    std::string_view sign = argument();
    if (sign == "-") sign = "−";
    add(std::string(sign), Face::formula, base_.colour, raise, size);
  }

  void letters(float raise, float size) {
    const std::size_t begin = at_;
    while (at_ < notation_.size() && is_letter(notation_[at_])) ++at_;
    const std::string word(notation_.substr(begin, at_ - begin));
    // One letter is a variable; a word such as softmax stands upright.
    add(word, word.size() == 1 ? Face::formula_italic : Face::formula, colour_of(word), raise, size);
  }

  void command(float raise, float size) {
    const std::size_t begin = ++at_;
    while (at_ < notation_.size() && is_letter(notation_[at_])) ++at_;
    const std::string_view name = notation_.substr(begin, at_ - begin);
    if (name == "frac") {
      const std::string_view above = argument();
      const std::string_view below = argument();
      part(above, raise, size, true);
      add(" / ", Face::formula, base_.colour, raise, size);
      part(below, raise, size, true);
    } else if (name == "sqrt") {
      add("√", Face::formula, base_.colour, raise, size);
      part(argument(), raise, size, true);
    } else {
      const auto sign = std::ranges::find(kSigns, name, &Sign::name);
      const bool greek = name == "alpha" || name == "theta";
      add(std::string(sign == kSigns.end() ? name : sign->text), greek ? Face::formula_italic : Face::formula,
          base_.colour, raise, size);
    }
  }

  const PanelContext& context_;
  std::string_view notation_;
  TextLook base_;
  std::size_t at_ = 0;
  Runs runs_;
};

/// Values of texts, computed when something has changed and not every frame.
struct LiveTexts {
  std::optional<session::Document> document;
  const Trace* trace = nullptr;
  std::optional<CellRef> selection;
  std::uint64_t lesson = 0;
  std::map<std::pair<const void*, int>, std::string> texts;  ///< by expression and format
};

std::string live_text(const PanelContext& context, const TextPart& part, const lessons::Moment& now,
                      lessons::Scenes& scenes) {
  constexpr std::size_t kMostKept = 500;
  LiveTexts& live = context.memory.get<LiveTexts>();
  const std::uint64_t lesson = context.classroom->revision();
  const bool same = live.document == now.document && live.trace == now.trace.get() &&
                    live.selection == now.selection && live.lesson == lesson;
  if (!same || live.texts.size() > kMostKept)
    live = {now.document, now.trace.get(), now.selection, lesson, {}};
  constexpr int kFormats = 100;
  const std::pair key{part.expression->identity(),
                      static_cast<int>(part.format.kind) * kFormats + part.format.decimals};
  const auto [text, is_new] = live.texts.try_emplace(key);
  if (is_new) {
    try {
      text->second = lessons::format(lessons::evaluate(*part.expression, now, scenes), part.format);
    } catch (const lessons::ExpressionError&) {
      text->second = "?";
    }
  }
  return text->second;
}

}  // namespace

Runs formula_runs(const PanelContext& context, std::string_view notation, const TextLook& base) {
  return FormulaLine(context, notation, base).all();
}

Runs lesson_runs(const PanelContext& context, const lessons::RichText& text, const lessons::Moment& now,
                 lessons::Scenes& scenes, const TextLook& base) {
  const Theme& theme = context.colours();
  Runs runs;
  const auto add = [&](std::string words, Colour colour, Face face) {
    TextLook look = base;
    look.colour = colour;
    look.face = face;
    runs.push_back({std::move(words), look, 0.0f});
  };
  for (const TextPart& part : text) {
    switch (part.kind) {
      case TextPart::Kind::words:
        add(part.text, base.colour, base.face);
        break;
      case TextPart::Kind::strong:
        add(part.text, base.colour, Face::sans_bold);
        break;
      case TextPart::Kind::query:
        add(part.text, theme.q, Face::sans_bold);
        break;
      case TextPart::Kind::key:
        add(part.text, theme.k, Face::sans_bold);
        break;
      case TextPart::Kind::value:
        add(part.text, theme.v, Face::sans_bold);
        break;
      case TextPart::Kind::live:
        add(lessons::behind_sign(runs.empty() ? std::string_view() : runs.back().text,
                                 live_text(context, part, now, scenes)),
            theme.ink, Face::sans_bold);
        break;
      case TextPart::Kind::formula:
        for (Run& run : formula_runs(context, part.text, base)) runs.push_back(std::move(run));
        break;
      case TextPart::Kind::quote:
        add("“" + part.text + "”", theme.accent, base.face);
        break;
      case TextPart::Kind::term: {
        const lessons::GlossaryEntry* const entry = lessons::glossary_entry(part.text);
        add(entry == nullptr ? part.text
                             : lessons::plain_text(entry->term.in(context.catalogue.language()), now, scenes),
            theme.ink, Face::sans_bold);
        if (entry != nullptr) runs.back().link = entry->id;
        break;
      }
    }
  }
  return runs;
}

}  // namespace attn::ui
