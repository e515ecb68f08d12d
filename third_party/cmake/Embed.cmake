# Files that travel inside the program: shaders, example scenarios, compiled catalogues.
#
#   include(Embed)
#   attn_embed(TARGET attn_shaders NAMESPACE attn::gpu::shaders [BASE folder] FILES scores.comp softmax.comp …)
#
# makes a static library TARGET and a header "embedded/TARGET.h" with
#
#   namespace attn::gpu::shaders {
#   struct File { std::string_view name, bytes; };
#   std::span<const File> files();                                  // in the order given
#   std::optional<std::string_view> find(std::string_view name);   // empty where there is no such file
#   }
#
# A name is the file's path below BASE (default: the file's name alone). FILES may be made by the same
# CMakeLists.txt (the catalogues of attn_catalogue). A changed file is embedded again by the next build.
#
#   attn_catalogue(OUTPUT mo_files SOURCES locale/zh.po …)
#
# compiles each LANGUAGE.po to LANGUAGE.mo by `msgfmt --check`, so that a catalogue with a fault in it
# does not build, and puts the paths of the .mo files into OUTPUT.
cmake_minimum_required(VERSION 3.25)

# ---- run as a script, at build time: cmake -D list=LIST -D output=FILE.cpp -D … -P Embed.cmake --------------
if(CMAKE_SCRIPT_MODE_FILE STREQUAL CMAKE_CURRENT_LIST_FILE)
  file(STRINGS "${list}" lines ENCODING UTF-8)
  set(arrays "")
  set(table "")
  set(count 0)
  foreach(line IN LISTS lines)
    string(REGEX MATCH "^([^|]+)\\|(.+)$" matched "${line}")
    set(name "${CMAKE_MATCH_1}")
    file(READ "${CMAKE_MATCH_2}" hex HEX)
    string(LENGTH "${hex}" length)
    math(EXPR size "${length} / 2")
    # An array of characters, not a string literal: compilers limit the length of those.
    string(REGEX REPLACE "(..)" "'\\\\x\\1'," bytes "${hex}")
    string(APPEND arrays "const char bytes_${count}[] = {${bytes}'\\0'};\n")
    string(APPEND table "    File{\"${name}\", std::string_view(bytes_${count}, ${size})},\n")
    math(EXPR count "${count} + 1")
  endforeach()
  file(WRITE "${output}" "// Made by Embed.cmake; changes are lost.
#include \"embedded/${target}.h\"

#include <array>

namespace ${namespace} {
namespace {
${arrays}
const std::array<File, ${count}> kFiles = {
${table}};
}  // namespace

std::span<const File> files() { return kFiles; }

std::optional<std::string_view> find(std::string_view name) {
  for (const File& file : kFiles)
    if (file.name == name) return file.bytes;
  return std::nullopt;
}

}  // namespace ${namespace}
")
  return()
endif()

# ---- included by a CMakeLists.txt -----------------------------------------------------------------------------
set(ATTN_EMBED_SCRIPT ${CMAKE_CURRENT_LIST_FILE} CACHE INTERNAL "")

function(attn_embed)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "TARGET;NAMESPACE;BASE" "FILES")
  if(arg_UNPARSED_ARGUMENTS OR NOT arg_TARGET OR NOT arg_NAMESPACE OR NOT arg_FILES)
    message(FATAL_ERROR "attn_embed: needs TARGET, NAMESPACE and FILES; not understood: '${arg_UNPARSED_ARGUMENTS}'")
  endif()
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/${arg_TARGET})
  set(lines "")
  set(paths "")
  set(names "")
  foreach(file IN LISTS arg_FILES)
    cmake_path(ABSOLUTE_PATH file BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} NORMALIZE OUTPUT_VARIABLE path)
    if(arg_BASE)
      cmake_path(ABSOLUTE_PATH arg_BASE BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} NORMALIZE OUTPUT_VARIABLE base)
      cmake_path(RELATIVE_PATH path BASE_DIRECTORY ${base} OUTPUT_VARIABLE name)
    else()
      cmake_path(GET path FILENAME name)
    endif()
    if(name IN_LIST names)
      message(FATAL_ERROR "attn_embed: ${arg_TARGET} has two files named '${name}'; give BASE to keep their folders")
    endif()
    list(APPEND names "${name}")
    list(APPEND paths "${path}")
    string(APPEND lines "${name}|${path}\n")
  endforeach()
  # Both are written only when their text changes, so that configuring again rebuilds nothing.
  file(CONFIGURE OUTPUT ${folder}/files.list CONTENT "${lines}" @ONLY)
  file(CONFIGURE OUTPUT ${folder}/embedded/${arg_TARGET}.h @ONLY CONTENT "// Made by Embed.cmake; changes are lost.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace ${arg_NAMESPACE} {

/// A file that travels inside the program. `bytes` is followed by a zero byte that is not part of it.
struct File {
  std::string_view name;
  std::string_view bytes;
};

/// Every embedded file, in the order in which the build names them.
std::span<const File> files();

/// The bytes of the file of that name, or nothing where there is none.
std::optional<std::string_view> find(std::string_view name);

}  // namespace ${arg_NAMESPACE}
")
  add_custom_command(
    OUTPUT ${folder}/${arg_TARGET}.cpp
    COMMAND ${CMAKE_COMMAND} -D list=${folder}/files.list -D output=${folder}/${arg_TARGET}.cpp
            -D target=${arg_TARGET} -D namespace=${arg_NAMESPACE} -P ${ATTN_EMBED_SCRIPT}
    DEPENDS ${paths} ${folder}/files.list ${ATTN_EMBED_SCRIPT}
    COMMENT "Embedding the files of ${arg_TARGET}"
    VERBATIM)
  add_library(${arg_TARGET} STATIC ${folder}/${arg_TARGET}.cpp)
  target_include_directories(${arg_TARGET} PUBLIC ${folder})
endfunction()

function(attn_catalogue)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "OUTPUT" "SOURCES")
  if(arg_UNPARSED_ARGUMENTS OR NOT arg_OUTPUT OR NOT arg_SOURCES)
    message(FATAL_ERROR "attn_catalogue: needs OUTPUT and SOURCES; not understood: '${arg_UNPARSED_ARGUMENTS}'")
  endif()
  find_program(MSGFMT msgfmt REQUIRED DOC "msgfmt, from gettext: compiles the translations")
  set(compiled "")
  foreach(source IN LISTS arg_SOURCES)
    cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} NORMALIZE OUTPUT_VARIABLE path)
    cmake_path(GET path STEM LAST_ONLY language)
    set(mo ${CMAKE_CURRENT_BINARY_DIR}/locale/${language}.mo)
    file(MAKE_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/locale)
    add_custom_command(
      OUTPUT ${mo}
      COMMAND ${MSGFMT} --check -o ${mo} ${path}
      DEPENDS ${path}
      COMMENT "Compiling the catalogue ${language}"
      VERBATIM)
    list(APPEND compiled ${mo})
  endforeach()
  set(${arg_OUTPUT} ${compiled} PARENT_SCOPE)
endfunction()
