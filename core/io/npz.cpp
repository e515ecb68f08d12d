#include "core/io/npz.h"

#include <zip.h>

#include <set>

#include <fmt/format.h>

#include "core/io/format_error.h"
#include "core/io/text.h"

namespace attn::io {
namespace {

constexpr std::string_view kSuffix = ".npy";

std::string message_of(int code) {
  zip_error_t error;
  zip_error_init_with_code(&error, code);
  std::string message = zip_error_strerror(&error);
  zip_error_fini(&error);
  return message;
}

}  // namespace

struct NpzArchive::Zip {
  zip_t* handle = nullptr;
  ~Zip() {
    if (handle != nullptr) zip_discard(handle);
  }
};

NpzArchive::NpzArchive(std::string_view bytes, std::string_view name, const NpzLimits& limits)
    : name_(printable(name, 300)), zip_(std::make_unique<Zip>()) {
  const auto refuse = [&](const std::string& where, const std::string& expected, const std::string& found) {
    throw FormatError(fmt::format("{}: {}expected {}, found {}", name_, where.empty() ? "" : where + ": ",
                                  expected, found));
  };
  if (bytes.empty()) refuse("", "an .npz archive of NumPy", "an empty file");  // libzip takes it for one
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* const source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
  if (source != nullptr) {
    zip_->handle = zip_open_from_source(source, ZIP_RDONLY, &error);
    if (zip_->handle == nullptr) zip_source_free(source);
  }
  const std::string reason = zip_->handle == nullptr ? message_of(zip_error_code_zip(&error)) : "";
  zip_error_fini(&error);
  if (zip_->handle == nullptr) refuse("", "an .npz archive of NumPy", printable(reason));

  const auto count = static_cast<std::uint64_t>(zip_get_num_entries(zip_->handle, 0));
  if (count > limits.members)
    refuse("", fmt::format("at most {} arrays", limits.members), fmt::format("{}", count));
  std::set<std::string> seen;
  for (std::uint64_t i = 0; i < count; ++i) {
    zip_stat_t status;
    zip_stat_init(&status);
    constexpr zip_uint64_t kNeeded =
        ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD;
    if (zip_stat_index(zip_->handle, i, ZIP_FL_ENC_RAW, &status) != 0 || (status.valid & kNeeded) != kNeeded)
      refuse(fmt::format("member {}", i), "a name and a size", "neither");
    std::string member = status.name;
    if (member.size() > limits.name_bytes) {
      refuse(fmt::format("member {}", i), fmt::format("a name of at most {} bytes", limits.name_bytes),
             fmt::format("{}", member.size()));
    }
    if (!is_utf8(member)) refuse(fmt::format("member {}", i), "a name in UTF-8", in_quotes(member));
    if (!member.ends_with(kSuffix)) continue;
    member.resize(member.size() - kSuffix.size());
    const std::string where = printable(member);
    if (member.empty()) refuse(fmt::format("member {}", i), "a name", "none");
    if (!seen.insert(member).second) refuse(where, "an array once", "it repeated");
    if ((status.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 && status.encryption_method != ZIP_EM_NONE)
      refuse(where, "no encryption", "an encrypted array");
    if (status.comp_method != ZIP_CM_STORE && status.comp_method != ZIP_CM_DEFLATE)
      refuse(where, "a stored or deflated array", fmt::format("method {}", status.comp_method));
    if (status.size > limits.member_bytes)
      refuse(where, fmt::format("at most {} bytes", limits.member_bytes), fmt::format("{}", status.size));
    if (status.size > limits.ratio_from_bytes && status.size / limits.ratio > status.comp_size) {
      refuse(where, fmt::format("at most {} bytes for each byte of the archive", limits.ratio),
             fmt::format("{} from {}", status.size, status.comp_size));
    }
    members_.push_back({std::move(member), status.size});
    indices_.push_back(i);
  }
}

NpzArchive::~NpzArchive() = default;

std::string NpzArchive::read(std::size_t member) const {
  const NpzMember& m = members_.at(member);
  const auto refuse = [&](const std::string& found) {
    throw FormatError(fmt::format("{}: {}: expected {} bytes that can be unpacked, found {}", name_,
                                  printable(m.name), m.bytes, printable(found)));
  };
  zip_file_t* const file = zip_fopen_index(zip_->handle, indices_[member], 0);
  if (file == nullptr) refuse(zip_strerror(zip_->handle));
  // Memory is taken as it fills: a size that the directory made up costs nothing.
  constexpr std::size_t kChunk = std::size_t{1} << 20;
  std::string bytes;
  std::string problem;
  while (problem.empty()) {
    const std::size_t before = bytes.size();
    bytes.resize(before + kChunk);
    const zip_int64_t got = zip_fread(file, bytes.data() + before, kChunk);
    bytes.resize(before + static_cast<std::size_t>(got > 0 ? got : 0));
    if (got < 0) {
      problem = zip_file_strerror(file);
    } else if (got == 0) {
      break;
    } else if (bytes.size() > m.bytes) {
      problem = "more";
    }
  }
  const int closed = zip_fclose(file);
  if (problem.empty() && closed != 0) problem = message_of(closed);
  if (problem.empty() && bytes.size() != m.bytes) problem = fmt::format("{}", bytes.size());
  if (!problem.empty()) refuse(problem);
  return bytes;
}

}  // namespace attn::io
