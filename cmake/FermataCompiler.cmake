# Warnings, assertions, sanitizers, ccache. Our own C++ takes them through the target fermata_options; generated C does not.

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
endif()

add_library(fermata_options INTERFACE)
target_compile_options(fermata_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion)
if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
  target_compile_options(fermata_options INTERFACE -Wno-sign-conversion)
  # libstdc++ 12 uses in std::stable_sort what it calls deprecated.
  target_compile_options(fermata_options INTERFACE -Wno-deprecated-declarations)
endif()
# GCC 12 sees overlaps in the concatenation of strings that are none (its bug 105651), in optimised builds only.
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13 AND CMAKE_BUILD_TYPE STREQUAL Release)
  target_compile_options(fermata_options INTERFACE -Wno-restrict)
endif()
if(FERMATA_WERROR)
  target_compile_options(fermata_options INTERFACE -Werror)
endif()
if(FERMATA_ASSERTIONS)
  target_compile_definitions(fermata_options INTERFACE FERMATA_ASSERTIONS _GLIBCXX_ASSERTIONS)
endif()
target_include_directories(fermata_options INTERFACE
  ${PROJECT_SOURCE_DIR}/analyzer ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/runtime)

if(FERMATA_SANITIZE)
  add_compile_options(-fsanitize=${FERMATA_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${FERMATA_SANITIZE})
elseif(CMAKE_BUILD_TYPE STREQUAL Release)
  add_link_options(-static-libstdc++ -static-libgcc)
endif()
