#include "tests/core/io/npz_reader.h"

#include <zip.h>

#include <cstring>
#include <stdexcept>

#include "core/io/npy.h"
#include "core/io/text.h"

namespace attn::test {

std::map<std::string, NpzArray> read_npz(const std::filesystem::path& path) {
  zip_t* zip = zip_open(path.c_str(), ZIP_RDONLY | ZIP_CHECKCONS, nullptr);
  if (zip == nullptr) throw std::runtime_error("no zip archive: " + path.string());
  std::map<std::string, NpzArray> out;
  for (zip_int64_t i = 0; i < zip_get_num_entries(zip, 0); ++i) {
    zip_stat_t status;
    const auto index = static_cast<zip_uint64_t>(i);
    if (zip_stat_index(zip, index, 0, &status) != 0 || status.comp_method != ZIP_CM_STORE) {
      throw std::runtime_error("not a stored member");
    }
    std::string file(status.size, '\0');
    zip_file_t* member = zip_fopen_index(zip, index, 0);
    const bool read = member != nullptr &&
                      zip_fread(member, file.data(), file.size()) == static_cast<zip_int64_t>(file.size());
    if (member == nullptr || !read || zip_fclose(member) != 0) throw std::runtime_error("broken member");
    std::string name = status.name;
    if (!name.ends_with(".npy")) throw std::runtime_error("no array: " + name);
    name.resize(name.size() - 4);
    const io::NpyHeader header = io::read_npy_header(file, name);
    if (header.fortran_order || header.big_endian) throw std::runtime_error("not in C order: " + name);
    NpzArray array;
    array.kind = header.kind;
    array.shape = header.shape;
    array.bytes = file.substr(header.data_offset);
    if (header.kind == 'f' && header.item_size == 4) {
      array.numbers.resize(header.elements());
      std::memcpy(array.numbers.data(), array.bytes.data(), array.bytes.size());
    }
    for (std::size_t at = 0; header.kind == 'U' && at < array.bytes.size(); at += header.item_size) {
      std::u32string label(header.item_size / 4, U'\0');
      std::memcpy(label.data(), array.bytes.data() + at, header.item_size);
      while (!label.empty() && label.back() == U'\0') label.pop_back();
      array.labels.push_back(io::encode_utf8(label));
    }
    if (!out.emplace(name, std::move(array)).second) throw std::runtime_error("twice: " + name);
  }
  zip_discard(zip);
  return out;
}

}  // namespace attn::test
