# find_package(Fermata), then
#
#   fermata_add_test(NAME scripts [PATHS file-or-folder...] [ARGUMENTS argument...])
#
# gives a test that passes when `fermata check` finds nothing at or above fail-on. Relative paths are seen from the
# current source folder.
find_program(FERMATA_EXECUTABLE fermata HINTS ${CMAKE_CURRENT_LIST_DIR}/../../../bin)
set(Fermata_FOUND TRUE)
if(NOT FERMATA_EXECUTABLE)
  set(Fermata_FOUND FALSE)
  set(Fermata_NOT_FOUND_MESSAGE "the program fermata is not on the PATH")
endif()

function(fermata_add_test)
  cmake_parse_arguments(arg "" "NAME" "PATHS;ARGUMENTS" ${ARGN})
  if(NOT arg_NAME)
    message(FATAL_ERROR "fermata_add_test wants NAME")
  endif()
  if(NOT arg_PATHS)
    set(arg_PATHS .)
  endif()
  add_test(NAME ${arg_NAME} COMMAND ${FERMATA_EXECUTABLE} check ${arg_ARGUMENTS} -- ${arg_PATHS}
           WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
endfunction()
