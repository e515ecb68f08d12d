#include "app/session/settings.h"

#include <fstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "tests/app/session/documents.h"

using namespace attn::session;
using attn::tests::TemporaryFolder;
using attn::tests::Variable;
using attn::tests::write;

TEST_CASE("settings: the first variable that is set decides the language") {
  struct Case {
    std::optional<std::string> language, lc_all, lc_messages, lang;
    Language expected;
  };
  const std::vector<Case> cases = {
      {std::nullopt, std::nullopt, std::nullopt, std::nullopt, Language::en},
      {std::nullopt, std::nullopt, std::nullopt, "zh_CN.UTF-8", Language::zh},
      {std::nullopt, std::nullopt, "en_GB.UTF-8", "zh_CN.UTF-8", Language::en},
      {std::nullopt, "zh_TW", "en_GB", "en_GB", Language::zh},
      {"zh_CN:en", "en_GB", "", "", Language::zh},
      {"", "", "", "zh", Language::zh},
  };
  for (const Case& c : cases) {
    const Variable language("LANGUAGE", c.language), all("LC_ALL", c.lc_all),
        messages("LC_MESSAGES", c.lc_messages), lang("LANG", c.lang);
    CHECK(default_settings().language == c.expected);
  }
}

TEST_CASE("settings: the file lies where the XDG specification says") {
  const Variable home("HOME", "/home/someone");
  {
    const Variable config("XDG_CONFIG_HOME", "/elsewhere");
    CHECK(settings_file() == "/elsewhere/attentionscope/settings.json");
  }
  for (const auto& value : std::vector<std::optional<std::string>>{std::nullopt, "", "relative"}) {
    const Variable config("XDG_CONFIG_HOME", value);
    CHECK(settings_file() == "/home/someone/.config/attentionscope/settings.json");
  }
  const Variable config("XDG_CONFIG_HOME", std::nullopt);
  const Variable nowhere("HOME", std::nullopt);
  CHECK(settings_file().empty());
}

TEST_CASE("settings: what is saved is loaded again, and the folder is made") {
  const TemporaryFolder folder;
  const std::filesystem::path file = folder.path() / "a" / "b" / "settings.json";
  const Settings settings{.theme = Theme::dark,
                          .language = Language::zh,
                          .decimals = 6,
                          .reduced_motion = true,
                          .speed = 4.0,
                          .recent_files = {"/a/b.json", "/c.json"},
                          .framework = Framework::pytorch,
                          .query_axis = QueryAxis::columns,
                          .vector_form = VectorForm::column,
                          .exact_numbers = true,
                          .performance_shown = true,
                          .memory_megabytes = 640};
  CHECK_FALSE(load_settings(file).notice.has_value());
  CHECK(load_settings(file).settings == default_settings());
  save_settings(file, settings);
  CHECK(load_settings(file).settings == settings);
  CHECK_FALSE(load_settings(file).notice.has_value());
  save_settings(file, {});
  CHECK(load_settings(file).settings == Settings{});
}

TEST_CASE("settings: a file that cannot be used gives the defaults and one line") {
  const TemporaryFolder folder;
  const std::filesystem::path file = folder.path() / "settings.json";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "JSON"},
      {"{", "JSON"},
      {"[]", "JSON"},
      {R"({"theme": "pink"})", "theme"},
      {R"({"theme": 1})", "theme"},
      {R"({"language": "fr"})", "language"},
      {R"({"decimals": 9})", "decimals"},
      {R"({"decimals": -1})", "decimals"},
      {R"({"reduced_motion": 1})", "reduced_motion"},
      {R"({"speed": 0})", "speed"},
      {R"({"speed": "fast"})", "speed"},
      {R"({"framework": "jax"})", "framework"},
      {R"({"query_axis": 1})", "query_axis"},
      {R"({"vector_form": "diagonal"})", "vector_form"},
      {R"({"exact_numbers": "yes"})", "exact_numbers"},
      {R"({"performance_shown": 1})", "performance_shown"},
      {R"({"memory_megabytes": 63})", "memory_megabytes"},
      {R"({"memory_megabytes": "all"})", "memory_megabytes"},
  };
  for (const auto& [text, field] : cases) {
    write(file, text);
    const LoadedSettings loaded = load_settings(file);
    CAPTURE(text);
    CHECK(loaded.settings == default_settings());
    REQUIRE(loaded.notice.has_value());
    CHECK(english(loaded.notice->text).find("(" + field + ")") != std::string::npos);
  }
  write(file, std::string(100000, '['));
  CHECK(load_settings(file).notice.has_value());
  CHECK(load_settings(folder.path()).notice.has_value());
}

TEST_CASE("settings: fields of a newer version are passed over") {
  const TemporaryFolder folder;
  write(folder.path() / "s.json", R"({"decimals": 2, "colour_map": "new"})");
  const LoadedSettings loaded = load_settings(folder.path() / "s.json");
  CHECK_FALSE(loaded.notice.has_value());
  CHECK(loaded.settings.decimals == 2);
}

TEST_CASE("settings: a trace may take a quarter of the memory, unless somebody says otherwise") {
  CHECK(usual_megabytes() >= 1024);
  CHECK(usual_megabytes() <= 8192);
  CHECK(memory_limit({}) == std::uint64_t{usual_megabytes()} << 20);
  CHECK(memory_limit({.memory_megabytes = 100}) == std::uint64_t{100} << 20);
}

TEST_CASE("settings: where nothing can be written there is one line") {
  CHECK_THROWS_AS(save_settings("/proc/nowhere/settings.json", {}), std::runtime_error);
}
