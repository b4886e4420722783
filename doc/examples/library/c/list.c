/* Lists the C files below a directory: list ROOT
 * cc list.c $(pkg-config --cflags --libs finder) */
#include <finder/finder.h>
#include <stdio.h>

static int print_answer(void *data, const finder_answer *answer) {
  (void)data;
  puts(answer->path);
  return 0;
}

int main(int argc, char **argv) {
  finder_view *view = NULL;
  finder_query *query = NULL;
  finder_error *error = NULL;
  int failed = finder_view_open(&view, &error) ||
               finder_view_set(view, "roots", argc > 1 ? argv[1] : ".",
                               &error) ||
               finder_view_set(view, "exclude", "out", &error) ||
               finder_query_new(&query, &error) ||
               finder_query_set(query, "extension", "c,h", &error) ||
               finder_view_scan(view, NULL, &error) ||
               finder_view_ask(view, query, print_answer, NULL, &error);
  if (failed) fprintf(stderr, "list: %s\n", finder_error_message(error));
  if (!failed) finder_view_save(view, NULL);
  finder_error_free(error);
  finder_query_free(query);
  finder_view_close(view);
  return failed;
}
