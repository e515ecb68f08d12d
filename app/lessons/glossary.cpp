#include "app/lessons/glossary.h"

#include <algorithm>
#include <array>

#include "app/lessons/fields.h"
#include "app/lessons/lesson_file.h"
#include "embedded/attn_lesson_files.h"

namespace attn::lessons {
namespace {

constexpr std::string_view kFile = "glossary.toml";
constexpr std::size_t kMostEntries = 200;

GlossaryEntry entry_of(Fields& fields) {
  GlossaryEntry entry;
  entry.id = fields.text("id");
  entry.term = fields.lesson_text("term");
  if (fields.has("also")) {
    Fields also = fields.table("also");
    for (const auto& [language, words] : *also.node().table()) entry.also[language] = also.texts(language);
    also.finish();
  }
  entry.text = fields.lesson_text("text");
  Fields example = fields.table("example");
  entry.example.scenario = read_scenario(example, {});
  entry.example.change = example.change("change");
  entry.example.focus = example.cell("focus");
  entry.example.view_json = example.change("view").json;
  example.finish();
  fields.finish();
  return entry;
}

std::vector<GlossaryEntry> read_glossary() {
  constexpr std::array<std::string_view, 1> kFormat = {"attention-glossary"};
  const Node root = parse_toml(files::find(kFile).value_or(""), kFile);
  LessonFile file{std::string(kFile), {}};
  Fields fields(root, file, {});
  fields.word("format", kFormat);
  fields.integer("version", 1, 1);
  std::vector<GlossaryEntry> entries;
  for (Fields& one : fields.tables("entry", 1, kMostEntries)) entries.push_back(entry_of(one));
  fields.finish();
  return entries;
}

}  // namespace

const std::vector<GlossaryEntry>& glossary() {
  static const std::vector<GlossaryEntry> kEntries = read_glossary();
  return kEntries;
}

const GlossaryEntry* glossary_entry(std::string_view id) {
  const auto found = std::ranges::find(glossary(), id, &GlossaryEntry::id);
  return found == glossary().end() ? nullptr : &*found;
}

}  // namespace attn::lessons
