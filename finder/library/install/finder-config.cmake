# find_package(finder): the targets finder::finder, which is the shared object,
# and finder::finder_static.
get_filename_component(_finder_libdir "${CMAKE_CURRENT_LIST_DIR}/../.." ABSOLUTE)
# From PREFIX/@LIBDIR@.
string(REGEX REPLACE "/@LIBDIR@$" "" _finder_prefix "${_finder_libdir}")

if(NOT TARGET finder::finder)
  add_library(finder::finder SHARED IMPORTED)
  set_target_properties(finder::finder PROPERTIES
    IMPORTED_LOCATION "${_finder_libdir}/libfinder.so.1"
    IMPORTED_SONAME "libfinder.so.1"
    INTERFACE_INCLUDE_DIRECTORIES "${_finder_prefix}/include")
  add_library(finder::finder_static STATIC IMPORTED)
  set_target_properties(finder::finder_static PROPERTIES
    IMPORTED_LOCATION "${_finder_libdir}/libfinder.a"
    INTERFACE_LINK_LIBRARIES "simdjson;stdc++;m;pthread"
    INTERFACE_INCLUDE_DIRECTORIES "${_finder_prefix}/include")
endif()
unset(_finder_libdir)
unset(_finder_prefix)
