/* The whole API, from C99: every function, each error, each lifetime. */
#define _POSIX_C_SOURCE 200809L
#include <finder/finder.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int failures = 0;

#define CHECK(condition)                                                \
  do {                                                                  \
    if (!(condition)) {                                                 \
      fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);   \
      ++failures;                                                       \
    }                                                                   \
  } while (0)

static void make_file(const char *path) {
  FILE *file = fopen(path, "w");
  CHECK(file != NULL && fclose(file) == 0);
}

static void make_tree(void) {
  CHECK(mkdir("tree", 0777) == 0 && mkdir("tree/a", 0777) == 0 &&
        mkdir("tree/build", 0777) == 0);
  make_file("tree/a/one.c");
  make_file("tree/a/two.h");
  make_file("tree/build/three.c");
  CHECK(symlink("one.c", "tree/a/link") == 0);
}

static finder_view *open_view(void) {
  finder_view *view = NULL;
  CHECK(finder_view_open(&view, NULL) == FINDER_OK);
  CHECK(finder_view_set(view, "roots", "tree", NULL) == FINDER_OK);
  CHECK(finder_view_set(view, "exclude", "build", NULL) == FINDER_OK);
  CHECK(finder_view_set(view, "cache-dir", "cache", NULL) == FINDER_OK);
  return view;
}

static finder_query *new_query(const char *name, const char *value) {
  finder_query *query = NULL;
  CHECK(finder_query_new(&query, NULL) == FINDER_OK);
  CHECK(finder_query_set(query, name, value, NULL) == FINDER_OK);
  return query;
}

static void test_errors(void) {
  finder_view *view = open_view();
  finder_error *error = NULL;
  uint64_t count = 7;
  CHECK(finder_view_set(view, "colour", "red", &error) ==
        FINDER_INVALID_ARGUMENT);
  CHECK(finder_error_code(error) == FINDER_INVALID_ARGUMENT);
  CHECK(strcmp(finder_error_message(error),
               "colour: there is no such option") == 0);
  finder_error_free(error);
  CHECK(finder_view_count(view, NULL, &count, &error) ==
        FINDER_FAILED_PRECONDITION);
  CHECK(count == 7);
  finder_error_free(error);
  CHECK(finder_view_set(view, "roots", "missing", NULL) == FINDER_OK);
  CHECK(finder_view_scan(view, NULL, &error) == FINDER_NOT_FOUND);
  CHECK(strstr(finder_error_message(error), "missing: ") != NULL);
  finder_error_free(error);
  CHECK(finder_view_set(view, "exclude", "x", &error) ==
        FINDER_FAILED_PRECONDITION);
  finder_error_free(error);
  finder_view_close(view);
}

static void test_nothing_is_freed(void) {
  finder_error_free(NULL);
  finder_view_close(NULL);
  finder_query_free(NULL);
  finder_answers_free(NULL);
  finder_explanation_free(NULL);
  finder_canceller_free(NULL);
}

static void test_lists(finder_view *view) {
  finder_answers *answers = NULL;
  finder_answer answer = {sizeof answer, NULL, 0, FINDER_OTHER};
  const unsigned char *kinds = NULL;
  size_t size = 0;
  int pass;
  CHECK(finder_view_list(view, NULL, &answers, NULL) == FINDER_OK);
  CHECK(finder_answers_count(answers) == 3);
  for (pass = 0; pass < 2; ++pass) {
    CHECK(finder_answers_next(answers, &answer) == 1);
    CHECK(strcmp(answer.path, "tree/a/link") == 0);
    CHECK(answer.kind == FINDER_SYMLINK && answer.path_size == 11);
    CHECK(finder_answers_next(answers, &answer) == 1);
    CHECK(strcmp(answer.path, "tree/a/one.c") == 0);
    CHECK(answer.kind == FINDER_FILE);
    CHECK(finder_answers_next(answers, &answer) == 1);
    CHECK(finder_answers_next(answers, &answer) == 0);
    CHECK(strcmp(answer.path, "tree/a/two.h") == 0);
    finder_answers_rewind(answers);
  }
  CHECK(memcmp(finder_answers_paths(answers, &size, &kinds),
               "tree/a/link\0tree/a/one.c\0tree/a/two.h", 38) == 0);
  CHECK(size == 38 && kinds[0] == FINDER_SYMLINK && kinds[2] == FINDER_FILE);
  CHECK(finder_answers_paths(answers, &size, NULL) != NULL);
  finder_answers_free(answers);
}

/* Of a program that was built when the struct was shorter. */
static void test_short_structs(finder_view *view) {
  finder_answers *answers = NULL;
  finder_answer answer;
  finder_stats stats;
  CHECK(finder_view_list(view, NULL, &answers, NULL) == FINDER_OK);
  memset(&answer, 0xab, sizeof answer);
  answer.size = offsetof(finder_answer, path_size);
  CHECK(finder_answers_next(answers, &answer) == 1);
  CHECK(strcmp(answer.path, "tree/a/link") == 0);
  CHECK(answer.path_size != 11);
  CHECK(answer.size == offsetof(finder_answer, path_size));
  finder_answers_free(answers);
  memset(&stats, 0xab, sizeof stats);
  stats.size = offsetof(finder_stats, matches);
  CHECK(finder_view_stats(view, &stats, NULL) == FINDER_OK);
  CHECK(stats.directories == 2 && stats.files == 3);
  CHECK(stats.stat_calls > 1000000);
}

struct taken {
  finder_view *view;
  int wanted;
  int count;
  finder_code inside;
};

static int take(void *data, const finder_answer *answer) {
  struct taken *taken = (struct taken *)data;
  CHECK(answer->size == sizeof *answer);
  taken->inside = finder_view_save(taken->view, NULL);
  return ++taken->count == taken->wanted;
}

static void test_callbacks(finder_view *view) {
  struct taken all = {NULL, 0, 0, FINDER_OK};
  struct taken two = {NULL, 2, 0, FINDER_OK};
  finder_query *query = new_query("glob", "[");
  finder_error *error = NULL;
  uint64_t count = 0;
  all.view = two.view = view;
  CHECK(finder_view_ask(view, NULL, take, &all, NULL) == FINDER_OK);
  CHECK(all.count == 3 && all.inside == FINDER_BUSY);
  CHECK(finder_view_ask(view, NULL, take, &two, &error) == FINDER_STOPPED);
  CHECK(two.count == 2 && finder_error_code(error) == FINDER_STOPPED);
  finder_error_free(error);
  CHECK(finder_view_ask(view, query, take, &all, NULL) ==
        FINDER_INVALID_ARGUMENT);
  finder_query_free(query);
  query = new_query("extension", "c,h");
  CHECK(finder_view_count(view, query, &count, NULL) == FINDER_OK);
  CHECK(count == 2);
  finder_query_free(query);
}

static void test_why(finder_view *view) {
  finder_explanation *why = NULL;
  finder_error *error = NULL;
  CHECK(finder_view_why(view, NULL, "tree/build/three.c", &why, NULL) ==
        FINDER_OK);
  CHECK(!finder_explanation_shown(why));
  CHECK(strstr(finder_explanation_reason(why), "build") != NULL);
  CHECK(finder_explanation_step(why, 0) != NULL);
  CHECK(finder_explanation_step(why, 1000) == NULL);
  finder_explanation_free(why);
  CHECK(finder_view_why(view, NULL, "tree/a/one.c", &why, NULL) == FINDER_OK);
  CHECK(finder_explanation_shown(why));
  CHECK(strcmp(finder_explanation_reason(why), "") == 0);
  finder_explanation_free(why);
  CHECK(finder_view_why(view, NULL, "/elsewhere", &why, &error) ==
        FINDER_INVALID_ARGUMENT);
  CHECK(why == NULL);
  finder_error_free(error);
}

static void told(void *data, uint64_t directories, uint64_t total) {
  (void)total;
  *(uint64_t *)data = directories;
}

static void never_told(void *data, const char *path, const char *reason) {
  (void)data;
  fprintf(stderr, "unreadable: %s: %s\n", path, reason);
  ++failures;
}

static void test_scans(void) {
  finder_view *view = open_view();
  finder_canceller *canceller = NULL;
  finder_scan_options options;
  finder_stats stats;
  uint64_t directories = 0;
  memset(&options, 0, sizeof options);
  options.size = sizeof options;
  options.progress = told;
  options.data = &directories;
  CHECK(finder_canceller_new(&canceller, NULL) == FINDER_OK);
  options.canceller = canceller;
  CHECK(finder_view_scan(view, &options, NULL) == FINDER_OK);
  CHECK(directories == 2);
  CHECK(finder_view_save(view, NULL) == FINDER_OK);
  stats.size = sizeof stats;
  CHECK(finder_view_stats(view, &stats, NULL) == FINDER_OK);
  CHECK(!stats.warm && stats.saved && stats.list_calls == 2);
  CHECK(finder_view_unreadable(view, never_told, NULL, NULL) == FINDER_OK);
  test_lists(view);
  test_short_structs(view);
  test_callbacks(view);
  test_why(view);
  make_file("tree/a/new.c");
  CHECK(finder_view_scan(view, NULL, NULL) == FINDER_OK);
  CHECK(finder_view_stats(view, &stats, NULL) == FINDER_OK);
  CHECK(stats.warm && strcmp(stats.cache_reason, "ok") == 0);
  CHECK(stats.files == 4);
  finder_cancel(canceller);
  CHECK(finder_view_scan(view, &options, NULL) == FINDER_CANCELLED);
  finder_canceller_free(canceller);
  finder_view_close(view);
}

int main(void) {
  const char *directory = getenv("TEST_TMPDIR");
  CHECK(directory != NULL && chdir(directory) == 0);
  CHECK(strlen(finder_version()) > 0);
  make_tree();
  test_errors();
  test_nothing_is_freed();
  test_scans();
  return failures == 0 ? 0 : 1;
}
