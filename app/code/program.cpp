#include "app/code/program.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "app/code/python_text.h"
#include "core/io/text.h"

namespace attn::code {
namespace {

std::size_t characters(std::string_view text) { return io::decode_utf8(text).size(); }

bool uses(const std::vector<Line>& lines, std::string_view name) {
  return std::ranges::any_of(lines, [&](const Line& line) { return has_word(line.text, name); });
}

}  // namespace

Program::Program(const io::Scenario& scenario, const Options& options)
    : scenario_(scenario),
      input_(scenario.input),
      d_(validate(scenario.input)),
      options_(options),
      dialect_(options.framework) {}

std::string Program::say(const char* id, std::vector<std::string> arguments) const {
  return options_.say({id, std::move(arguments)});
}

Listing Program::write() {
  write_stages();
  write_numbers();

  Listing listing;
  Lines& out = listing.lines;
  // Python looks for the encoding of a file in its first two lines: nothing that others wrote stands there.
  out.push_back({"# " + say("Attention step by step, in {0}. Rows are queries, columns are keys.",
                            {std::string(title(options_.framework))})});
  out.push_back({"# " + say("Every stage is a variable with the name that AttentionScope gives it.")});
  if (const std::string subject = comment_text(scenario_.title.in(options_.language)); !subject.empty())
    out.push_back({"# " + subject});
  out.push_back({});

  const auto used = [&](std::string_view word) {
    return uses(numbers_, word) || uses(functions_, word) || uses(body_, word);
  };
  if (needs_json_) out.push_back({"import json"});
  if (used("math")) out.push_back({"import math"});
  if (needs_json_ || used("math")) out.push_back({});
  if (options_.framework != Framework::numpy && (needs_data_ || used("np")))
    out.push_back({"import numpy as np"});
  out.push_back({dialect_.import_line()});
  if (options_.framework != Framework::tensorflow) {
    out.push_back({});
    out.push_back({dialect_.set_print_options()});
  }
  out.push_back({});
  if (needs_data_) {
    add(out, fmt::format("data = np.load({})", python_string(options_.data_file)),
        say("made by: {0}", {"attentionscope trace SCENARIO.json -o " + comment_text(options_.data_file)}),
        std::nullopt);
    if (needs_json_) out.push_back({"scenario = json.loads(data[\"scenario\"].tobytes())"});
  }
  for (Lines* part : {&numbers_, &functions_, &body_}) std::ranges::move(*part, std::back_inserter(out));
  out.push_back({});
  const std::string_view values = options_.framework == Framework::tensorflow ? ".numpy()" : "";
  for (const std::string_view shown : {"weights", "output"})
    out.push_back({fmt::format("print(\"{0}\", {0}{1}, sep=\"\\n\")", shown, values)});
  listing.needs_data = needs_data_;
  return listing;
}

void Program::add(Lines& to, const std::string& code, const std::string& comment,
                  std::optional<Stage> stage) const {
  if (comment.empty()) {
    to.push_back({code, stage});
  } else if (characters(code) + characters(comment) + 4 <= kLineWidth) {
    to.push_back({code + "  # " + comment, stage});
  } else {
    to.push_back({"# " + comment, stage});
    to.push_back({code, stage});
  }
}

void Program::statement(Stage stage, const std::string& expression, const std::string& remark) {
  std::string comment = shape_text(stage);
  if (!remark.empty()) comment += "; " + remark;
  add(body_, fmt::format("{} = {}", attn::name(stage), expression), comment, stage);
}

void Program::helper(Stage stage, const std::string& code, const std::string& remark) {
  add(body_, code, remark, stage);
}

void Program::define(const std::vector<std::string>& function, const std::string& comment) {
  functions_.push_back({});
  functions_.push_back({});
  functions_.push_back({"# " + comment});
  for (const std::string& line : function) functions_.push_back({line});
}

std::string_view Program::axis() const {
  return input_.config.softmax_axis == SoftmaxAxis::keys ? "-1" : "-2";
}

bool Program::any_mask() const {
  const MaskConfig& mask = input_.config.mask;
  return mask.causal || mask.window || mask.padding || mask.allow;
}

bool Program::any_empty_line() const {
  const MaskConfig& mask = input_.config.mask;
  if (!any_mask() || mask.hidden_value) return false;
  const bool rows = input_.config.softmax_axis == SoftmaxAxis::keys;
  const std::size_t lines = rows ? d_.n_queries : d_.n_keys;
  const std::size_t length = rows ? d_.n_keys : d_.n_queries;
  for (std::size_t a = 0; a < lines; ++a) {
    bool seen = false;
    for (std::size_t b = 0; b < length && !seen; ++b) seen = rows ? visible(mask, a, b) : visible(mask, b, a);
    if (!seen) return true;
  }
  return false;
}

/// "h × n × d_k = 2 × 12 × 4", without the heads where there is one.
std::string Program::shape_text(Stage stage) const {
  const StageShape shape = shape_of(stage, input_, d_);
  std::string letters;
  std::string sizes;
  const auto axis = [&](std::string_view letter, std::size_t size) {
    if (!letters.empty()) letters += " × ";
    if (!sizes.empty()) sizes += " × ";
    letters += letter;
    sizes += fmt::format("{}", size);
  };
  const bool of_keys = stage == Stage::k || stage == Stage::k_rotated || stage == Stage::v;
  const bool grouped = d_.n_kv_heads != d_.n_heads;
  if (has_heads(stage) && heads()) axis(of_keys && grouped ? "g" : "h", shape.heads);
  if (is_score_like(stage)) {
    axis(features() ? "d_k" : "n", shape.rows);
    axis(features() ? "d_k" : keys(), shape.columns);
    return letters + " = " + sizes;
  }
  const bool of_source = of_keys || stage == Stage::source_x || stage == Stage::source_position;
  axis(of_source ? keys() : "n", shape.rows);
  switch (stage) {
    case Stage::source_x:
    case Stage::source_position:
      axis("d_source", shape.columns);
      break;
    case Stage::q:
    case Stage::k:
    case Stage::q_rotated:
    case Stage::k_rotated:
      axis("d_k", shape.columns);
      break;
    case Stage::v:
    case Stage::head_outputs:
      axis("d_v", shape.columns);
      break;
    case Stage::concat:
      axis(heads() && input_.config.combine == Combine::concat ? "h·d_v" : "d_v", shape.columns);
      break;
    case Stage::output:
      axis("d_out", shape.columns);
      break;
    default:
      axis("d_model", shape.columns);
  }
  return letters + " = " + sizes;
}

}  // namespace attn::code
