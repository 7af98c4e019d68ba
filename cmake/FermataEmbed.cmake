# fermata_embed(OUTPUT HEADER FUNCTION BASE file...): OUTPUT becomes a C++ file that defines, as HEADER declares it in
# namespace fermata, `std::span<const std::pair<std::string_view, std::string_view>> FUNCTION()`: the files' paths below
# BASE and their texts, in the order given.
function(fermata_embed output header function base)
  set(list ${output}.list)
  list(JOIN ARGN "\n" lines)
  file(CONFIGURE OUTPUT ${list} CONTENT "${lines}\n" @ONLY)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DLIST=${list} -DOUTPUT=${output} -DHEADER=${header} -DFUNCTION=${function} -DBASE=${base}
            -P ${PROJECT_SOURCE_DIR}/cmake/embed.cmake
    DEPENDS ${ARGN} ${list} ${PROJECT_SOURCE_DIR}/cmake/embed.cmake
    VERBATIM)
endfunction()
