#include "core/io/trace_npz.h"

#include <zip.h>

#include <array>
#include <bit>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "core/io/file.h"
#include "core/io/npy.h"
#include "core/io/text.h"

namespace attn::io {
namespace {

static_assert(std::endian::native == std::endian::little, "arrays go into the file as they lie in memory");

/// A zip archive of stored members that refers to the caller's numbers until it is closed, so that a large
/// trace is never copied.
class Archive {
 public:
  Archive(const std::filesystem::path& path, std::string shown) : shown_(std::move(shown)) {
    int code = 0;
    zip_ = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code);
    if (zip_ == nullptr) {
      zip_error_t error;
      zip_error_init_with_code(&error, code);
      const std::string message = zip_error_strerror(&error);
      zip_error_fini(&error);
      fail(message);
    }
  }
  Archive(const Archive&) = delete;
  Archive& operator=(const Archive&) = delete;
  ~Archive() {
    if (zip_ != nullptr) zip_discard(zip_);
  }

  /// `data` must stay until close(); the header is kept here.
  void add(const std::string& name, std::string header, std::string_view data) {
    headers_.push_back(std::move(header));
    const std::string& kept = headers_.back();
    // libzip takes mutable pointers but only reads; the list of fragments it copies.
    std::array<zip_buffer_fragment_t, 2> fragments{};
    fragments[0] = {reinterpret_cast<zip_uint8_t*>(const_cast<char*>(kept.data())), kept.size()};
    fragments[1] = {reinterpret_cast<zip_uint8_t*>(const_cast<char*>(data.data())), data.size()};
    zip_source_t* source =
        zip_source_buffer_fragment(zip_, fragments.data(), data.empty() ? 1 : fragments.size(), 0);
    if (source == nullptr) fail(zip_strerror(zip_));
    const zip_int64_t index = zip_file_add(zip_, (name + ".npy").c_str(), source, ZIP_FL_ENC_UTF_8);
    if (index < 0) {
      zip_source_free(source);
      fail(zip_strerror(zip_));
    }
    const auto at = static_cast<zip_uint64_t>(index);
    if (zip_set_file_compression(zip_, at, ZIP_CM_STORE, 0) != 0) fail(zip_strerror(zip_));
    // A fixed date (1 January 1980, the first that zip knows): the same trace gives the same bytes.
    constexpr zip_uint16_t kFirstDay = (1U << 5U) | 1U;
    if (zip_file_set_dostime(zip_, at, 0, kFirstDay, 0) != 0) fail(zip_strerror(zip_));
  }

  /// Floats in C order.
  void add(const std::string& name, std::span<const std::size_t> shape, std::span<const float> values) {
    add(name, npy_header("<f4", shape),
        {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)});
  }

  void close() {
    if (zip_close(zip_) != 0) fail(zip_strerror(zip_));
    zip_ = nullptr;
  }

 private:
  [[noreturn]] void fail(const std::string& message) const {
    throw FormatError(fmt::format("{}: cannot be written: {}", shown_, message));
  }

  std::string shown_;
  zip_t* zip_ = nullptr;
  std::deque<std::string> headers_;  ///< a deque: what is inside never moves
};

void add_stages(Archive& archive, const Arrays<float>& arrays) {
  for (const Stage stage : kStages) {
    if (!arrays.has(stage)) continue;
    const StageShape shape = arrays.shape(stage);
    const std::array<std::size_t, 3> sizes = {shape.heads, shape.rows, shape.columns};
    const auto dims = std::span(sizes).subspan(has_heads(stage) ? 0 : 1);
    archive.add(std::string(name(stage)), dims, arrays.all(stage));
  }
}

void add_matrix(Archive& archive, const std::string& name, const Matrix& m, bool is_vector = false) {
  const std::array<std::size_t, 2> sizes = {m.rows(), m.columns()};
  archive.add(name, std::span(sizes).subspan(is_vector ? 1 : 0), m.values());
}

/// Heads one after the other in one block.
std::vector<float> joined(const std::vector<Matrix>& heads) {
  std::vector<float> out;
  for (const Matrix& head : heads) out.insert(out.end(), head.values().begin(), head.values().end());
  return out;
}

bool is_vector(ParameterId id) {
  return (id >= ParameterId::b_q && id <= ParameterId::b_o) || id == ParameterId::additive_v;
}

/// `blocks` keeps what had to be joined until the archive is closed.
void add_gradients(Archive& archive, const Gradients<float>& gradients,
                   std::deque<std::vector<float>>& blocks) {
  add_matrix(archive, "grad_x", gradients.x);
  if (gradients.source_x) add_matrix(archive, "grad_source_x", *gradients.source_x);
  for (const ParameterId id : kParameterIds) {
    const auto& gradient = gradients.parameters[static_cast<std::size_t>(id)];
    if (gradient) add_matrix(archive, fmt::format("grad_{}", name(id)), *gradient, is_vector(id));
  }
  const auto add_heads = [&](const std::string& name, const std::vector<Matrix>& heads) {
    if (heads.empty()) return;
    blocks.push_back(joined(heads));
    const std::array<std::size_t, 3> shape = {heads.size(), heads[0].rows(), heads[0].columns()};
    archive.add(name, shape, blocks.back());
  };
  add_heads("grad_scores", gradients.scores);
  add_heads("grad_scaled", gradients.scaled);
  add_heads("grad_weights", gradients.weights);
  add_heads("grad_head_outputs", gradients.head_outputs);
}

}  // namespace

void save_trace(const std::filesystem::path& path, const Scenario& scenario, const Arrays<float>& arrays,
                const Gradients<float>* gradients) {
  const std::string json = write_scenario(scenario);
  PendingFile pending(path);
  std::deque<std::vector<float>> blocks;
  Archive archive(pending.path(), printable(path.string(), 300));
  add_stages(archive, arrays);
  archive.add("tokens", npy_text(*scenario.input.tokens), {});
  if (scenario.input.source) archive.add("source_tokens", npy_text(*scenario.input.source->tokens), {});
  const std::size_t bytes = json.size();
  archive.add("scenario", npy_header("|u1", std::span(&bytes, 1)), json);
  if (gradients != nullptr) add_gradients(archive, *gradients, blocks);
  archive.close();
  pending.commit();
}

}  // namespace attn::io
