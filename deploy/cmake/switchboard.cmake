# How every module of this tree is declared. The DEPS list is the dependency rule: it names what the
# module's headers and sources may include (a test checks the includes against the levels).

add_library(switchboard_flags INTERFACE)
target_compile_options(
  switchboard_flags INTERFACE -Wall -Wextra -Wconversion -Wshadow -Wold-style-cast -Werror
                              -Wno-missing-field-initializers -fno-omit-frame-pointer)
# Sources are included by their full path from the root, generated code from the build tree.
target_include_directories(switchboard_flags INTERFACE ${CMAKE_SOURCE_DIR})
if(SWITCHBOARD_SANITIZE)
  target_compile_options(switchboard_flags INTERFACE -fsanitize=${SWITCHBOARD_SANITIZE}
                                                     -fno-sanitize-recover=all)
  target_link_options(switchboard_flags INTERFACE -fsanitize=${SWITCHBOARD_SANITIZE})
  if(SWITCHBOARD_SANITIZE MATCHES thread AND CMAKE_CXX_COMPILER_ID STREQUAL GNU)
    # Boost.Asio's fences, which the sanitizer does not follow.
    target_compile_options(switchboard_flags INTERFACE -Wno-tsan)
  endif()
endif()

# The generated headers take half of the time that most sources take. The dev preset precompiles
# them once; the release build does not, so that a missing #include cannot hide.
option(SWITCHBOARD_PCH "precompile the generated headers (dev)" OFF)
if(SWITCHBOARD_PCH)
  # What imported targets would add to some sources only: all must agree with the header.
  target_compile_definitions(switchboard_flags INTERFACE GTEST_HAS_PTHREAD=1)
endif()
function(switchboard_precompile target)
  if(NOT SWITCHBOARD_PCH)
    return()
  endif()
  if(NOT TARGET switchboard_pch)
    file(GENERATE OUTPUT ${CMAKE_BINARY_DIR}/pch.cc CONTENT "")
    add_library(switchboard_pch STATIC ${CMAKE_BINARY_DIR}/pch.cc)
    target_link_libraries(switchboard_pch PRIVATE switchboard_flags switchboard_proto GTest::gmock)
    target_precompile_headers(
      switchboard_pch PRIVATE
      <gmock/gmock.h> <gtest/gtest.h> <algorithm> <functional> <map> <memory> <optional> <set>
      <string> <vector> <switchboard/v1/admin.pb.h> <switchboard/v1/config.pb.h>
      <switchboard/v1/event.pb.h> <switchboard/v1/record.pb.h> <switchboard/v1/session.pb.h>)
    target_compile_options(switchboard_pch PRIVATE -fpch-preprocess)
  endif()
  target_precompile_headers(${target} REUSE_FROM switchboard_pch)
  target_compile_options(${target} PRIVATE -fpch-preprocess)
endfunction()

# switchboard_module(NAME SOURCES a.cc … DEPS other modules and imported targets)
function(switchboard_module name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  add_library(switchboard_${name} STATIC ${ARG_SOURCES})
  target_link_libraries(switchboard_${name} PRIVATE switchboard_flags)
  target_include_directories(switchboard_${name} PUBLIC ${CMAKE_SOURCE_DIR})
  target_link_libraries(switchboard_${name} PUBLIC ${ARG_DEPS})
  switchboard_precompile(switchboard_${name})
endfunction()

# switchboard_program(NAME SOURCES main.cc … DEPS …): the binary is build/bin/NAME
function(switchboard_program name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
  target_compile_definitions(${name} PRIVATE SWITCHBOARD_VERSION="${PROJECT_VERSION}")
  target_link_libraries(${name} PRIVATE switchboard_flags ${ARG_DEPS})
  switchboard_precompile(${name})
endfunction()

# switchboard_test(NAME SOURCES x_test.cc … DEPS … [TIMEOUT s] [ENV "A=b" …]): one ctest entry
function(switchboard_test name)
  cmake_parse_arguments(ARG "" "TIMEOUT" "SOURCES;DEPS;ENV" ${ARGN})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 400)
  endif()
  if(SWITCHBOARD_SANITIZE)
    math(EXPR ARG_TIMEOUT "${ARG_TIMEOUT} * 4")
  endif()
  list(APPEND ARG_ENV "TSAN_OPTIONS=suppressions=${CMAKE_SOURCE_DIR}/tests/support/tsan.supp")
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE switchboard_flags ${ARG_DEPS} GTest::gmock_main)
  switchboard_precompile(${name})
  if(SWITCHBOARD_PCH)
    # g++ 12 then forgets that std::string came from a system header, and warns of it.
    target_compile_options(${name} PRIVATE -Wno-array-bounds -Wno-stringop-overflow)
  endif()
  target_compile_definitions(
    ${name} PRIVATE SWITCHBOARD_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
                    SWITCHBOARD_BINARY_DIR="${CMAKE_BINARY_DIR}")
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT} ENVIRONMENT "${ARG_ENV}")
endfunction()
