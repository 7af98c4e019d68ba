# Everything comes from the system; nothing is fetched. What is missing is named by its Debian package.

# fermata_need(PACKAGE DEBIAN): find_package or stop with the package to install.
macro(fermata_need package debian)
  find_package(${package} ${ARGN} QUIET)
  if(NOT ${package}_FOUND)
    message(FATAL_ERROR "${package} ${ARGN} is missing. On Debian: apt-get install ${debian}  (or ./setup)")
  endif()
endmacro()

fermata_need(PkgConfig pkg-config)
fermata_need(nlohmann_json nlohmann-json3-dev 3.11)
fermata_need(CLI11 libcli11-dev 2.1)
fermata_need(tomlplusplus libtomlplusplus-dev)
fermata_need(fmt libfmt-dev 9)
fermata_need(Threads libc6-dev)

# The version in Debian's tree-sitter.pc is wrong, so none is asked for. The static library is preferred: the program
# then needs nothing beyond libc at run time.
function(fermata_need_pkgconfig name module debian header)
  pkg_check_modules(${name} QUIET ${module})
  find_path(${name}_HEADER_DIR ${header} HINTS ${${name}_INCLUDE_DIRS})
  find_library(${name}_STATIC NAMES lib${module}.a HINTS ${${name}_LIBRARY_DIRS})
  find_library(${name}_ANY NAMES ${module} HINTS ${${name}_LIBRARY_DIRS})
  set(library ${${name}_STATIC})
  if(NOT library)
    set(library ${${name}_ANY})
  endif()
  if(NOT library OR NOT ${name}_HEADER_DIR)
    message(FATAL_ERROR "${module} is missing. On Debian: apt-get install ${debian}  (or ./setup)")
  endif()
  add_library(${name} UNKNOWN IMPORTED GLOBAL)
  set_target_properties(${name} PROPERTIES IMPORTED_LOCATION ${library}
                        INTERFACE_INCLUDE_DIRECTORIES ${${name}_HEADER_DIR})
endfunction()
fermata_need_pkgconfig(tree_sitter tree-sitter libtree-sitter-dev tree_sitter/api.h)
fermata_need_pkgconfig(xxhash xxhash libxxhash-dev xxhash.h)

# libsndfile by its header only: it is loaded when a run is rendered, see runtime/render.cpp.
find_path(sndfile_HEADER_DIR sndfile.h)
if(NOT sndfile_HEADER_DIR)
  message(FATAL_ERROR "sndfile.h is missing. On Debian: apt-get install libsndfile1-dev  (or ./setup)")
endif()
add_library(fermata_sndfile INTERFACE)
target_include_directories(fermata_sndfile SYSTEM INTERFACE ${sndfile_HEADER_DIR})

# toml++ and fmt as headers: their shared libraries would bring a second libstdc++ beside the static one.
get_target_property(toml_include tomlplusplus::tomlplusplus INTERFACE_INCLUDE_DIRECTORIES)
add_library(fermata_toml INTERFACE)
target_include_directories(fermata_toml SYSTEM INTERFACE ${toml_include})
target_compile_definitions(fermata_toml INTERFACE TOML_HEADER_ONLY=1)

if(FERMATA_TESTS)
  fermata_need(GTest "libgtest-dev libgmock-dev" 1.12)
  find_package(rapidcheck QUIET)
  find_package(Python3 COMPONENTS Interpreter QUIET)
  if(NOT Python3_FOUND)
    message(FATAL_ERROR "python3 is missing (the corpus runner needs it). On Debian: apt-get install python3  (or ./setup)")
  endif()
endif()
