/* Prints what of finder.h is compiled into its callers. */
#include <finder/finder.h>
#include <stddef.h>
#include <stdio.h>

#define STRUCT(type) printf("%s: %zu bytes\n", #type, sizeof(type))
#define MEMBER(type, member)                                \
  printf("%s.%s: at %zu, %zu bytes\n", #type, #member,      \
         offsetof(type, member), sizeof(((type *)0)->member))
#define VALUE(name) printf("%s = %d\n", #name, (int)(name))

int main(void) {
  STRUCT(finder_answer);
  MEMBER(finder_answer, size);
  MEMBER(finder_answer, path);
  MEMBER(finder_answer, path_size);
  MEMBER(finder_answer, kind);
  STRUCT(finder_scan_options);
  MEMBER(finder_scan_options, size);
  MEMBER(finder_scan_options, query);
  MEMBER(finder_scan_options, canceller);
  MEMBER(finder_scan_options, progress);
  MEMBER(finder_scan_options, data);
  STRUCT(finder_stats);
  MEMBER(finder_stats, size);
  MEMBER(finder_stats, directories);
  MEMBER(finder_stats, files);
  MEMBER(finder_stats, matches);
  MEMBER(finder_stats, stat_calls);
  MEMBER(finder_stats, list_calls);
  MEMBER(finder_stats, unreadable);
  MEMBER(finder_stats, threads);
  MEMBER(finder_stats, bytes_read);
  MEMBER(finder_stats, bytes_written);
  MEMBER(finder_stats, warm);
  MEMBER(finder_stats, saved);
  MEMBER(finder_stats, cache_reason);
  printf("enums: %zu and %zu bytes\n", sizeof(finder_code),
         sizeof(finder_kind));
  VALUE(FINDER_OK);
  VALUE(FINDER_INVALID_ARGUMENT);
  VALUE(FINDER_NOT_FOUND);
  VALUE(FINDER_PERMISSION_DENIED);
  VALUE(FINDER_FAILED_PRECONDITION);
  VALUE(FINDER_BUSY);
  VALUE(FINDER_CANCELLED);
  VALUE(FINDER_STOPPED);
  VALUE(FINDER_NO_MEMORY);
  VALUE(FINDER_FAILED);
  VALUE(FINDER_FILE);
  VALUE(FINDER_DIRECTORY);
  VALUE(FINDER_SYMLINK);
  VALUE(FINDER_OTHER);
  return 0;
}
