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
# A directory that changes while CMake runs is noticed by the build of "all", and
# has the next build run CMake again.
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

function(_finder_run)
  execute_process(
    COMMAND "${FINDER_EXECUTABLE}" --absolute-path
            --prune-files ${_finder_marker} ${ARGN}
    WORKING_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}"
    RESULT_VARIABLE result)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "finder_glob: finder failed (${result})")
  endif()
endfunction()

function(_finder_read variable file)
  file(READ "${file}" output)
  string(REGEX REPLACE "\n$" "" output "${output}")
  string(REPLACE "\n" ";" output "${output}")
  set(${variable} "${output}" PARENT_SCOPE)
endfunction()

# Adds a target to all that has CMake run again in the next build if one of
# `directories` has changed since the moment of "${prefix}.stamp": CMake itself
# sees only what changes after it has written its output.
function(_finder_watch prefix directories)
  file(WRITE "${prefix}.again" "")
  set(script "")
  foreach(directory IN LISTS directories)
    string(APPEND script "  [==[${directory}]==]\n")
  endforeach()
  file(WRITE "${prefix}.cmake"
"file(READ [==[${prefix}.d]==] depfile)
set(changed OFF)
# No stamp can tell there.
if(depfile MATCHES \".finder-never-exists\")
  set(changed ON)
endif()
foreach(directory IN ITEMS
${script})
  if(\"\${directory}\" IS_NEWER_THAN [==[${prefix}.stamp]==])
    set(changed ON)
  endif()
endforeach()
if(changed)
  file(TOUCH [==[${prefix}.again]==])
endif()
")
  get_filename_component(name "${prefix}" NAME)
  add_custom_target(finder_glob_${name} ALL
    COMMAND "${CMAKE_COMMAND}" -P "${prefix}.cmake" VERBATIM
    COMMENT "")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
                                         "${prefix}.again")
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
  get_property(count GLOBAL PROPERTY _finder_glob_count)
  math(EXPR count "${count} + 1")
  set_property(GLOBAL PROPERTY _finder_glob_count ${count})
  set(prefix "${CMAKE_BINARY_DIR}/CMakeFiles/finder/${count}")
  file(MAKE_DIRECTORY "${CMAKE_BINARY_DIR}/CMakeFiles/finder")
  _finder_run(${arg_OPTIONS} ${globs} --output "${prefix}.list"
              --depfile "${prefix}.d" --depfile-stamp "${prefix}.stamp"
              -- ${arg_ROOTS})
  _finder_run(${arg_OPTIONS} --type d --output "${prefix}.directories"
              -- ${arg_ROOTS})
  _finder_read(files "${prefix}.list")
  _finder_read(directories "${prefix}.directories")
  foreach(root IN LISTS arg_ROOTS)
    get_filename_component(root "${root}" ABSOLUTE)
    list(APPEND directories "${root}")
  endforeach()
  # It changes in every build.
  list(REMOVE_ITEM directories "${CMAKE_BINARY_DIR}")
  _finder_watch("${prefix}" "${directories}")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
                                         ${directories})
  set(${variable} "${files}" PARENT_SCOPE)
endfunction()
