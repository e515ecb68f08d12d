# Dear ImGui with its GLFW, OpenGL 3 and FreeType parts, as one target ImGui::ImGui that brings what it needs.
#
# Looked for in this order:
#   1. a CMake package of the system (vcpkg: `imgui[glfw-binding,opengl3-binding,freetype]`);
#   2. ATTN_IMGUI_SOURCE, a folder with Dear ImGui's own sources: they are compiled here (systems without a package);
#   3. an installed library and headers (Debian: libimgui-dev).
# Include as <imgui.h>, <imgui_impl_glfw.h>, <imgui_impl_opengl3.h>, <imgui_freetype.h> in every case.
# Sets ImGui_FOUND and ImGui_VERSION. 1.86 is the oldest that is supported.
set(ATTN_IMGUI_SOURCE "" CACHE PATH "Folder with Dear ImGui's sources, where the system has no package of it")

if(NOT ATTN_IMGUI_SOURCE)
  find_package(imgui CONFIG QUIET)
  if(TARGET imgui::imgui)
    set(ImGui_VERSION ${imgui_VERSION})
    if(NOT TARGET ImGui::ImGui)
      add_library(ImGui::ImGui INTERFACE IMPORTED)
      set_target_properties(ImGui::ImGui PROPERTIES INTERFACE_LINK_LIBRARIES imgui::imgui)
    endif()
    include(FindPackageHandleStandardArgs)
    find_package_handle_standard_args(ImGui REQUIRED_VARS imgui_DIR VERSION_VAR ImGui_VERSION)
    return()
  endif()
endif()

find_package(Freetype QUIET)
find_package(glfw3 3.3 CONFIG QUIET)

find_path(ImGui_INCLUDE_DIR imgui.h HINTS ${ATTN_IMGUI_SOURCE} PATH_SUFFIXES imgui)
find_path(ImGui_BACKENDS_DIR imgui_impl_opengl3.h HINTS ${ImGui_INCLUDE_DIR}
          PATH_SUFFIXES backends imgui/backends imgui)
find_path(ImGui_FREETYPE_DIR imgui_freetype.h HINTS ${ImGui_INCLUDE_DIR} PATH_SUFFIXES misc/freetype imgui)
set(includes ${ImGui_INCLUDE_DIR} ${ImGui_BACKENDS_DIR} ${ImGui_FREETYPE_DIR})
list(REMOVE_DUPLICATES includes)

if(ImGui_INCLUDE_DIR)
  file(STRINGS ${ImGui_INCLUDE_DIR}/imgui.h line REGEX "^#define IMGUI_VERSION[ \t]+\"")
  string(REGEX MATCH "[0-9]+\\.[0-9]+(\\.[0-9]+)?" ImGui_VERSION "${line}")
endif()

set(needed ImGui_INCLUDE_DIR ImGui_BACKENDS_DIR ImGui_FREETYPE_DIR Freetype_FOUND glfw3_FOUND)
if(NOT ATTN_IMGUI_SOURCE)
  find_library(ImGui_LIBRARY imgui)
  # Debian's library leaves out the copy of stb that Dear ImGui brings, and uses the one of the system.
  find_library(ImGui_STB_LIBRARY stb)
  mark_as_advanced(ImGui_LIBRARY ImGui_STB_LIBRARY)
  list(PREPEND needed ImGui_LIBRARY)
endif()
mark_as_advanced(ImGui_INCLUDE_DIR ImGui_BACKENDS_DIR ImGui_FREETYPE_DIR)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(ImGui REQUIRED_VARS ${needed} VERSION_VAR ImGui_VERSION
  REASON_FAILURE_MESSAGE
    "Install it (Debian: libimgui-dev libglfw3-dev libfreetype-dev), or set ATTN_IMGUI_SOURCE to a folder with its sources.")

if(ImGui_FOUND AND NOT TARGET ImGui::ImGui)
  if(ATTN_IMGUI_SOURCE)
    add_library(imgui_from_source STATIC EXCLUDE_FROM_ALL
      ${ATTN_IMGUI_SOURCE}/imgui.cpp
      ${ATTN_IMGUI_SOURCE}/imgui_draw.cpp
      ${ATTN_IMGUI_SOURCE}/imgui_tables.cpp
      ${ATTN_IMGUI_SOURCE}/imgui_widgets.cpp
      ${ATTN_IMGUI_SOURCE}/backends/imgui_impl_glfw.cpp
      ${ATTN_IMGUI_SOURCE}/backends/imgui_impl_opengl3.cpp
      ${ATTN_IMGUI_SOURCE}/misc/freetype/imgui_freetype.cpp)
    target_compile_definitions(imgui_from_source PUBLIC IMGUI_ENABLE_FREETYPE)
    target_include_directories(imgui_from_source SYSTEM PUBLIC ${includes})
    target_link_libraries(imgui_from_source PUBLIC Freetype::Freetype glfw ${CMAKE_DL_LIBS})
    add_library(ImGui::ImGui ALIAS imgui_from_source)
  else()
    add_library(ImGui::ImGui UNKNOWN IMPORTED)
    set(libraries Freetype::Freetype glfw ${CMAKE_DL_LIBS})
    if(ImGui_STB_LIBRARY)
      list(PREPEND libraries ${ImGui_STB_LIBRARY})
    endif()
    set_target_properties(ImGui::ImGui PROPERTIES
      IMPORTED_LOCATION "${ImGui_LIBRARY}"
      INTERFACE_INCLUDE_DIRECTORIES "${includes}"
      INTERFACE_LINK_LIBRARIES "${libraries}")
  endif()
endif()
