// The program: reads the command line, runs one command, and turns every error into one line.

#include <cstdio>
#include <exception>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "app/cli/arguments.h"
#include "app/cli/backend.h"
#include "app/cli/commands.h"
#if ATTN_HAS_WINDOW
#include "app/locale/catalogue.h"
#include "app/window_app.h"
#endif

namespace {

using namespace attn::cli;

int run(const Options& options) {
  return std::visit(
      [](const auto& chosen) -> int {
        using Chosen = std::decay_t<decltype(chosen)>;
        if constexpr (std::is_same_v<Chosen, TraceOptions>) {
          return trace(chosen, stdout);
        } else if constexpr (std::is_same_v<Chosen, ExplainOptions>) {
          return explain(chosen, stdout);
        } else if constexpr (std::is_same_v<Chosen, CodeOptions>) {
#if ATTN_HAS_WINDOW
          const attn::ui::Catalogue& texts = attn::ui::catalogue(chosen.language);
          return code(chosen, stdout, [&](const attn::session::Message& m) { return texts.tr(m); });
#else
          return code(chosen, stdout);
#endif
        } else if constexpr (std::is_same_v<Chosen, VerifyOptions>) {
          return verify(chosen, stdout);
        } else if constexpr (std::is_same_v<Chosen, ImportOptions>) {
          return import_arrays(chosen, stdout);
        } else if constexpr (std::is_same_v<Chosen, LessonOptions>) {
          return lesson(chosen, stdout);
        } else if constexpr (std::is_same_v<Chosen, InfoOptions>) {
          return info(chosen, stdout);
        } else if constexpr (std::is_same_v<Chosen, BenchOptions>) {
#if ATTN_HAS_WINDOW
          return attn::ui::bench_with_frames(chosen);
#else
          return bench(chosen, stdout);
#endif
        } else {
#if ATTN_HAS_WINDOW
          if constexpr (std::is_same_v<Chosen, RenderOptions>) {
            return attn::ui::render_picture(chosen);
          } else {
            return attn::ui::run_window(chosen);
          }
#else
          fmt::print(stderr, "attentionscope: this build has no window (ATTN_WINDOW was off)\n");
          return kCheckFailed;
#endif
        }
      },
      options);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const Parsed parsed = parse_arguments(std::vector<std::string>(argv + 1, argv + argc));
    if (!parsed.options) {
      std::fputs(parsed.text.c_str(), parsed.exit_code == kSuccess ? stdout : stderr);
      return parsed.exit_code;
    }
    return run(*parsed.options);
  } catch (const NoGpu& error) {
    fmt::print(stderr, "attentionscope: {}\n", error.what());
    return kCheckFailed;
  } catch (const std::exception& error) {
    fmt::print(stderr, "attentionscope: {}\n", error.what());
    return kBadInput;
  }
}
