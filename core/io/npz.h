#pragma once
// NumPy's .npz: a zip archive with one .npy file a member, stored or deflated. Nothing that the directory
// says is believed before it is checked: members are counted, named and measured before one is unpacked.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace attn::io {

struct NpzLimits {
  std::size_t members = 4096;
  std::size_t name_bytes = 256;
  std::uint64_t member_bytes = std::uint64_t{1} << 30;  ///< of one array, unpacked
  /// A deflated member may grow by this factor once it is larger than `ratio_from_bytes`: an archive of a
  /// few kilobytes must not become gigabytes.
  std::uint64_t ratio = 250;
  std::uint64_t ratio_from_bytes = std::uint64_t{1} << 26;
};

/// What the directory of an archive says of one array.
struct NpzMember {
  std::string name;         ///< without ".npy": "layers.0.weight"
  std::uint64_t bytes = 0;  ///< unpacked
};

/// An open archive. Everything throws FormatError with one line that names the file and the member.
class NpzArchive {
 public:
  /// `bytes` must outlive the archive; `name` is for messages.
  /// Refused: no zip archive, encrypted members, other methods than stored and deflated, names that come
  /// twice, are empty or not UTF-8, and whatever is past the limits. Members that are no .npy are left out.
  NpzArchive(std::string_view bytes, std::string_view name, const NpzLimits& limits = {});
  ~NpzArchive();
  NpzArchive(const NpzArchive&) = delete;
  NpzArchive& operator=(const NpzArchive&) = delete;

  const std::vector<NpzMember>& members() const { return members_; }
  /// The .npy file of a member, its check sum verified.
  std::string read(std::size_t member) const;

 private:
  struct Zip;
  std::string name_;
  std::unique_ptr<Zip> zip_;
  std::vector<NpzMember> members_;
  std::vector<std::uint64_t> indices_;  ///< of the members in the archive
};

}  // namespace attn::io
