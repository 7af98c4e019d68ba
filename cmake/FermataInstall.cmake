# What an installation holds: the program, its man page and completions (made by the program itself), the configuration's
# schema, and what other tools need to call it. CPack makes a .deb and a .tar.gz of the same.
include(GNUInstallDirs)

set(generated ${PROJECT_BINARY_DIR}/generated)
file(MAKE_DIRECTORY ${generated})
set(made)
foreach(pair "man fermata.1" "bash fermata.bash" "zsh _fermata" "fish fermata.fish" "schema fermata.schema.json")
  separate_arguments(pair)
  list(GET pair 0 what)
  list(GET pair 1 file)
  add_custom_command(OUTPUT ${generated}/${file}
                     COMMAND $<TARGET_FILE:fermata> generate ${what} > ${generated}/${file}
                     DEPENDS fermata VERBATIM)
  list(APPEND made ${generated}/${file})
endforeach()
add_custom_target(fermata_generated ALL DEPENDS ${made})

install(TARGETS fermata RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES ${generated}/fermata.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${generated}/fermata.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME fermata)
install(FILES ${generated}/_fermata DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
install(FILES ${generated}/fermata.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
install(FILES ${generated}/fermata.schema.json packaging/gitlab-ci.yml .pre-commit-hooks.yaml
        DESTINATION ${CMAKE_INSTALL_DATADIR}/fermata)
install(FILES packaging/FermataConfig.cmake DESTINATION ${CMAKE_INSTALL_DATADIR}/cmake/Fermata)
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME copyright)
install(FILES README.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/docs OPTIONAL)

set(CPACK_GENERATOR DEB TGZ)
set(CPACK_PACKAGE_NAME fermata)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_CONTACT "the Fermata developers <fermata@example.org>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Proves that no voice of a Kontakt script hangs, or shows how one does")
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS git)
include(CPack)

if(FERMATA_TESTS)
  add_test(NAME installed COMMAND ${PROJECT_SOURCE_DIR}/packaging/test/installed_test ${PROJECT_BINARY_DIR})
  add_test(NAME integrations COMMAND Python3::Interpreter ${PROJECT_SOURCE_DIR}/packaging/test/integrations_test.py
           $<TARGET_FILE:fermata> ${PROJECT_SOURCE_DIR})
  set_tests_properties(installed integrations PROPERTIES TIMEOUT 300 SKIP_RETURN_CODE 77)
endif()
