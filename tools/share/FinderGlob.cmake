# finder_glob(VAR [ROOTS dir...] [OPTIONS option...] GLOBS glob...)
#
# Sets VAR to the absolute paths of the files below ROOTS (default: the current
# source directory) that match one of the globs, in byte order, as
# file(GLOB_RECURSE VAR CONFIGURE_DEPENDS ...) does. CMake runs again when a
# directory below ROOTS has changed; the builds in between look at no file but
# only at the times of these directories, and walk nothing. OPTIONS go to finder
# as they are, e.g. OPTIONS --exclude-dirs third_party.
#
#   list(APPEND CMAKE_MODULE_PATH /usr/local/share/finder)
#   include(FinderGlob)
#   finder_glob(sources ROOTS src GLOBS *.c *.h)
#
# The build directory is never looked into. Names that hold a semicolon or an
# unbalanced bracket cannot be elements of a list of CMake.
include_guard(GLOBAL)

find_program(FINDER_EXECUTABLE finder REQUIRED)

# Has finder leave out the build directory, wherever it lies.
set(_finder_marker .finder-build-directory)
if(NOT EXISTS "${CMAKE_BINARY_DIR}/${_finder_marker}")
  file(TOUCH "${CMAKE_BINARY_DIR}/${_finder_marker}")
endif()

function(_finder_run variable)
  execute_process(
    COMMAND "${FINDER_EXECUTABLE}" --absolute-path
            --prune-files ${_finder_marker} ${ARGN}
    WORKING_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}"
    OUTPUT_VARIABLE output
    RESULT_VARIABLE result)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "finder_glob: finder failed (${result})")
  endif()
  string(REGEX REPLACE "\n$" "" output "${output}")
  string(REPLACE "\n" ";" output "${output}")
  set(${variable} "${output}" PARENT_SCOPE)
endfunction()

function(finder_glob variable)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "ROOTS;OPTIONS;GLOBS")
  if(arg_UNPARSED_ARGUMENTS OR NOT arg_GLOBS)
    message(FATAL_ERROR
            "finder_glob(VAR [ROOTS dir...] [OPTIONS option...] GLOBS glob...)")
  endif()
  if(NOT arg_ROOTS)
    set(arg_ROOTS "${CMAKE_CURRENT_SOURCE_DIR}")
  endif()
  set(globs)
  foreach(glob IN LISTS arg_GLOBS)
    list(APPEND globs --glob "${glob}")
  endforeach()
  _finder_run(files ${arg_OPTIONS} ${globs} -- ${arg_ROOTS})
  _finder_run(directories ${arg_OPTIONS} --type d -- ${arg_ROOTS})
  foreach(root IN LISTS arg_ROOTS)
    get_filename_component(root "${root}" ABSOLUTE)
    list(APPEND directories "${root}")
  endforeach()
  # It changes in every build.
  list(REMOVE_ITEM directories "${CMAKE_BINARY_DIR}")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
                                         ${directories})
  set(${variable} "${files}" PARENT_SCOPE)
endfunction()
