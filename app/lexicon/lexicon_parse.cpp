// Reading a lexicon file, with limits and one line for what is wrong.

#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "app/lexicon/lexicon.h"
#include "core/io/format_error.h"
#include "core/io/text.h"

namespace attn::lexicon {
namespace {

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

std::optional<float> number(std::string_view text) {
  float value = 0.0f;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end || !std::isfinite(value)) return std::nullopt;
  return value;
}

constexpr std::size_t kWordFields = 2;  ///< English and Chinese

}  // namespace

class LexiconParser {
 public:
  LexiconParser(std::string_view text, std::string_view file_name) : text_(text), file_name_(file_name) {}

  Lexicon parse() {
    if (text_.size() > Lexicon::kMaxBytes) {
      fail(fmt::format("expected at most {} bytes", Lexicon::kMaxBytes), fmt::format("{}", text_.size()));
    }
    for (const std::string_view line : split(text_, '\n')) {
      ++line_;
      if (line.empty() || line.starts_with('#')) continue;
      if (!io::is_utf8(line)) fail_line("expected UTF-8", io::in_quotes(line));
      read(split(line, '\t'));
    }
    if (part_ != Part::words) fail("expected a header and a line of ranges", "the end of the file");
    if (lexicon_.entries_.empty()) fail("expected at least one word", "the end of the file");
    return std::move(lexicon_);
  }

 private:
  enum class Part { header, ranges, words };
  using Fields = std::vector<std::string_view>;

  [[noreturn]] void fail(const std::string& expected, const std::string& found) const {
    throw io::FormatError(fmt::format("{}: {}, found {}", io::printable(file_name_), expected, found));
  }
  [[noreturn]] void fail_line(const std::string& expected, const std::string& found) const {
    throw io::FormatError(
        fmt::format("{}: line {}: {}, found {}", io::printable(file_name_), line_, expected, found));
  }
  /// `field` counts from 0 here, from 1 in the message.
  [[noreturn]] void fail_field(std::size_t field, const std::string& expected, std::string_view found) const {
    std::string name = "english";
    if (field == 1) name = "chinese";
    if (field >= kWordFields && field - kWordFields < lexicon_.features_.size()) {
      name = io::printable(lexicon_.features_[field - kWordFields].english);
    }
    throw io::FormatError(fmt::format("{}: line {}, field {} ({}): {}, found {}", io::printable(file_name_),
                                      line_, field + 1, name, expected, io::in_quotes(found)));
  }

  void read(const Fields& fields) {
    if (part_ == Part::header) {
      read_header(fields);
      part_ = Part::ranges;
      return;
    }
    const std::size_t expected = kWordFields + lexicon_.features_.size();
    if (fields.size() != expected) {
      fail_line(fmt::format("expected {} fields separated by tabs", expected), std::to_string(fields.size()));
    }
    if (part_ == Part::ranges) {
      read_ranges(fields);
      part_ = Part::words;
    } else {
      read_word(fields);
    }
  }

  void read_header(const Fields& fields) {
    if (fields.size() < kWordFields + 1 || fields[0] != "english" || fields[1] != "chinese") {
      fail_line("expected the header: english, chinese and the features", io::in_quotes(fields[0]));
    }
    if (fields.size() - kWordFields > Lexicon::kMaxFeatures) {
      fail_line(fmt::format("expected at most {} features", Lexicon::kMaxFeatures),
                std::to_string(fields.size() - kWordFields));
    }
    for (std::size_t i = kWordFields; i < fields.size(); ++i) {
      const auto names = split(fields[i], '/');
      if (names.size() != 2 || names[0].empty() || names[1].empty() ||
          fields[i].size() > Lexicon::kMaxSpellingBytes) {
        fail_line("expected english/chinese as the name of a feature", io::in_quotes(fields[i]));
      }
      for (const Feature& other : lexicon_.features_) {
        if (other.english == names[0] || other.chinese == names[1]) {
          fail_line("expected every feature once", io::in_quotes(fields[i]));
        }
      }
      lexicon_.features_.push_back({std::string(names[0]), std::string(names[1])});
    }
  }

  void read_ranges(const Fields& fields) {
    if (fields[0] != "range" || !fields[1].empty()) {
      fail_line("expected the line of ranges after the header", io::in_quotes(fields[0]));
    }
    for (std::size_t i = kWordFields; i < fields.size(); ++i) {
      Feature& feature = lexicon_.features_[i - kWordFields];
      const std::size_t dots = fields[i].find("..");
      const auto low = number(fields[i].substr(0, dots));
      const auto high = dots == std::string_view::npos ? low : number(fields[i].substr(dots + 2));
      if (!low || !high || !(*low < *high)) fail_field(i, "expected low..high", fields[i]);
      feature.low = *low;
      feature.high = *high;
    }
  }

  void read_word(const Fields& fields) {
    if (lexicon_.entries_.size() >= Lexicon::kMaxEntries) {
      fail_line(fmt::format("expected at most {} words", Lexicon::kMaxEntries), "another one");
    }
    Entry entry;
    for (std::size_t i = 0; i < kWordFields; ++i) {
      auto& spellings = i == 0 ? entry.english : entry.chinese;
      const auto parts = split(fields[i], '/');
      if (parts.size() > Lexicon::kMaxSpellings) {
        fail_field(i, fmt::format("expected at most {} spellings", Lexicon::kMaxSpellings), fields[i]);
      }
      for (const std::string_view part : parts) {
        if (part.empty() || part.size() > Lexicon::kMaxSpellingBytes) {
          fail_field(i, fmt::format("expected spellings of 1 to {} bytes", Lexicon::kMaxSpellingBytes), part);
        }
        const auto [at, fresh] = lines_.emplace(std::string(part), line_);
        if (!fresh) fail_field(i, fmt::format("expected what line {} does not have", at->second), part);
        spellings.emplace_back(part);
      }
    }
    for (std::size_t i = kWordFields; i < fields.size(); ++i) {
      const Feature& feature = lexicon_.features_[i - kWordFields];
      const auto value = number(fields[i]);
      if (!value || *value < feature.low || *value > feature.high) {
        fail_field(i,
                   fmt::format("expected a number from {} to {}", io::shortest(feature.low),
                               io::shortest(feature.high)),
                   fields[i]);
      }
      entry.values.push_back(*value);
    }
    lexicon_.add(std::move(entry));
  }

  std::string_view text_;
  std::string_view file_name_;
  std::size_t line_ = 0;
  Part part_ = Part::header;
  Lexicon lexicon_;
  std::unordered_map<std::string, std::size_t> lines_;  ///< where a spelling stands
};

Lexicon Lexicon::parse(std::string_view text, std::string_view file_name) {
  return LexiconParser(text, file_name).parse();
}

}  // namespace attn::lexicon
