/* libfinder: lists the files of large source trees, again and again.
 *
 * It keeps what one scan saw in the cache that the program `finder` uses, asks
 * the kernel for the stamp of every directory in the next scan, and lists only
 * those that have changed. The answers are those of a full walk.
 *
 *   finder_view *view = NULL;
 *   finder_query *query = NULL;
 *   finder_answers *answers = NULL;
 *   finder_answer answer = {sizeof answer};
 *   if (finder_view_open(&view, NULL) == FINDER_OK &&
 *       finder_query_new(&query, NULL) == FINDER_OK &&
 *       finder_view_set(view, "roots", "src", NULL) == FINDER_OK &&
 *       finder_query_set(query, "glob", "*.c", NULL) == FINDER_OK &&
 *       finder_view_scan(view, NULL, NULL) == FINDER_OK &&
 *       finder_view_list(view, query, &answers, NULL) == FINDER_OK) {
 *     while (finder_answers_next(answers, &answer)) puts(answer.path);
 *     finder_view_save(view, NULL);
 *   }
 *   finder_answers_free(answers);
 *   finder_query_free(query);
 *   finder_view_close(view);
 *
 * What holds for all of it:
 *
 * - Errors. A function that can fail returns a finder_code. Its last parameter
 *   takes the message, as an object to be freed by finder_error_free; it may be
 *   null. It is set to null by a call that succeeds, or if there is no memory
 *   for it. Other results are set to null or left alone by a call that fails.
 * - Memory. What a function hands out has a function that frees it. Those take
 *   null, and do nothing then.
 * - Threads. Objects of different views may be used by different threads at
 *   once; nothing is shared between views. Of one view one call at a time: a
 *   call while another is at work on it, from another thread or from a
 * callback, does nothing and returns FINDER_BUSY. A view may be used by one
 * thread after another, and must not be closed while a call is at work. A query
 * may be used by any number of threads as long as none sets anything in it; the
 * same goes for reading an explanation or an error. One thread at a time
 * iterates answers. finder_cancel may be called by any thread.
 * - Callbacks come from any thread, the library's own ones included, but not
 *   after the function that takes them has returned, and one at a time. They
 *   must return: no longjmp, no exception. Bytes that they get are theirs until
 *   they return.
 * - The process. The library prints nothing, changes no signal, neither its
 *   working directory nor its locale, and starts no process. It reads the
 *   environment and the working directory in finder_view_open alone. It may
 *   start threads, which end with their view; they have the signal mask of the
 *   thread that scans. After fork a child must not use what its parent made.
 * - Paths are bytes, which end with a NUL. They need not be UTF-8.
 * - Compatibility. A program that was built with an older libfinder.so.1 works
 *   with a newer one: functions stay, structs grow at their end and begin with
 *   their size, enums grow at their end, names of options are added.
 * - Memory that runs out is FINDER_NO_MEMORY if it does so while options are
 * set or answers collected. In the midst of a scan the process ends as a C++
 *   program does: std::new_handler, then std::terminate. */
#ifndef FINDER_FINDER_H_
#define FINDER_FINDER_H_

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define FINDER_API __attribute__((visibility("default")))
#else
#define FINDER_API
#endif

/* What became of a call. Values that this header does not know are failures. */
typedef enum finder_code {
  FINDER_OK = 0,
  FINDER_INVALID_ARGUMENT = 1,    /* of this value nothing can be made */
  FINDER_NOT_FOUND = 2,           /* a root is missing */
  FINDER_PERMISSION_DENIED = 3,   /* a root may not be read */
  FINDER_FAILED_PRECONDITION = 4, /* not in this state; a root is of no use */
  FINDER_BUSY = 5,                /* another call is at work on the view */
  FINDER_CANCELLED = 6,           /* as was asked for */
  FINDER_STOPPED = 7,             /* a callback wanted no more */
  FINDER_NO_MEMORY = 8,
  FINDER_FAILED = 9 /* anything else; the message says what */
} finder_code;

/* What an answer is. */
typedef enum finder_kind {
  FINDER_FILE = 0, /* a regular file */
  FINDER_DIRECTORY = 1,
  FINDER_SYMLINK = 2,
  FINDER_OTHER = 3 /* a socket, a device, ... */
} finder_kind;

typedef struct finder_error finder_error;
typedef struct finder_view finder_view;
typedef struct finder_query finder_query;
typedef struct finder_answers finder_answers;
typedef struct finder_explanation finder_explanation;
typedef struct finder_canceller finder_canceller;

/* The version of the library: "0.1.0". Not to be freed. */
FINDER_API const char* finder_version(void);

/* Errors. */

FINDER_API finder_code finder_error_code(const finder_error* error);
/* "PATH: reason", or what is wrong with a value. Lives as long as the error. */
FINDER_API const char* finder_error_message(const finder_error* error);
FINDER_API void finder_error_free(finder_error* error);

/* Views: which entries of a file tree there are to be asked for. */

/* A view of the working directory, as long as nothing is set. Looks at no file
 * of it. */
FINDER_API finder_code finder_view_open(finder_view** view,
                                        finder_error** error);

/* Sets an option before the first scan. The names are those of the long options
 * of finder(1), without their dashes, and the values those that stand behind
 * them; what takes none, takes null or "". Lists grow by each call.
 *
 *   roots            a directory or a file, relative to the working directory
 *                    at the time of finder_view_open
 *   exclude          a directory or file to leave out: name, glob or path
 *   exclude-dirs, prune-files, names, suffixes, follow, one-file-system,
 *   ignore-files
 *   cache-dir, db, import, view-id, no-cache, refresh
 *                    where facts are kept
 *   threads          1 to 256; chosen by measurement if not set
 *   keep-going       a root that is missing is unreadable, if there are others
 *
 * FINDER_INVALID_ARGUMENT for a name that this library does not know. */
FINDER_API finder_code finder_view_set(finder_view* view, const char* name,
                                       const char* value, finder_error** error);

/* Frees the view. What finder_view_save has not kept is forgotten. */
FINDER_API void finder_view_close(finder_view* view);

/* Called in a scan with the number of directories that are done and about how
 * many there are, 0 if that is not known. */
typedef void (*finder_progress)(void* data, uint64_t directories,
                                uint64_t total);

typedef struct finder_scan_options {
  size_t size; /* sizeof(finder_scan_options) */
  /* Not null: no more is looked at than this query needs, and no other may be
   * asked until the next scan. */
  const finder_query* query;
  const finder_canceller* canceller; /* null: cannot be cancelled */
  finder_progress progress;          /* null: nobody listens */
  void* data;                        /* for `progress` */
} finder_scan_options;

/* Brings what is known up to date: from the cache in the first scan of a view,
 * from the scan before in each further one. After a failure nothing is known,
 * and the next scan begins anew. What could not be read below a root is no
 * failure; see finder_view_unreadable. `options` may be null. */
FINDER_API finder_code finder_view_scan(finder_view* view,
                                        const finder_scan_options* options,
                                        finder_error** error);

/* Keeps what the last scan found, for the next view of this tree and for the
 * program. Does nothing if nothing has changed or no cache is in use. To be
 * called when the answers are out, as nobody needs to wait for it; without it
 * later views find more to do, and nothing else. */
FINDER_API finder_code finder_view_save(finder_view* view,
                                        finder_error** error);

/* Ends scans from another thread. */
FINDER_API finder_code finder_canceller_new(finder_canceller** canceller,
                                            finder_error** error);
/* From now on each scan that was told of the canceller fails soon with
 * FINDER_CANCELLED, also those that begin later. */
FINDER_API void finder_cancel(finder_canceller* canceller);
FINDER_API void finder_canceller_free(finder_canceller* canceller);

/* Queries: which of a view's entries are answers. */

/* A query for everything but directories. It belongs to no view. */
FINDER_API finder_code finder_query_new(finder_query** query,
                                        finder_error** error);

/* As finder_view_set: glob, regex, extension, name, not-name, suffix, type,
 * ignore-case, smart-case, at, first, min-depth, max-depth, max-results. */
FINDER_API finder_code finder_query_set(finder_query* query, const char* name,
                                        const char* value,
                                        finder_error** error);
FINDER_API void finder_query_free(finder_query* query);

/* Answers. Asking looks at no file: they are those of the last scan. They come
 * in the order of the bytes of their paths. A null query is one in which
 * nothing is set. */

typedef struct finder_answer {
  size_t size; /* sizeof(finder_answer); for finder_answers_next to be set */
  const char* path; /* begins with the root, as that was given */
  size_t path_size; /* without the NUL */
  finder_kind kind;
} finder_answer;

/* Takes an answer. A value other than 0 means that no more are wanted. */
typedef int (*finder_answer_callback)(void* data, const finder_answer* answer);

/* Calls `callback` for each answer as it is found; nothing is collected.
 * FINDER_STOPPED if the callback has wanted no more. */
FINDER_API finder_code finder_view_ask(finder_view* view,
                                       const finder_query* query,
                                       finder_answer_callback callback,
                                       void* data, finder_error** error);

/* How many answers there are. */
FINDER_API finder_code finder_view_count(finder_view* view,
                                         const finder_query* query,
                                         uint64_t* count, finder_error** error);

/* Collects the answers. They stay when the view goes. */
FINDER_API finder_code finder_view_list(finder_view* view,
                                        const finder_query* query,
                                        finder_answers** answers,
                                        finder_error** error);
FINDER_API uint64_t finder_answers_count(const finder_answers* answers);
/* The next answer, beginning with the first. Returns 0 behind the last one, and
 * leaves *answer alone then. `path` lives as long as the answers. */
FINDER_API int finder_answers_next(finder_answers* answers,
                                   finder_answer* answer);
/* Begins again. */
FINDER_API void finder_answers_rewind(finder_answers* answers);
/* All paths, each with its NUL, for languages in which a call is dear. *kinds,
 * if `kinds` is not null, has the finder_kind of each, a byte each. Both live
 * as long as the answers. */
FINDER_API const char* finder_answers_paths(const finder_answers* answers,
                                            size_t* size,
                                            const unsigned char** kinds);
FINDER_API void finder_answers_free(finder_answers* answers);

/* What the last scan could not read, sorted by path; 10,000 at most. */
typedef void (*finder_unreadable_callback)(void* data, const char* path,
                                           const char* reason);
FINDER_API finder_code
finder_view_unreadable(finder_view* view, finder_unreadable_callback callback,
                       void* data, finder_error** error);

/* Why a view and a query show or hide one path, by a look at the disk. The view
 * need not be scanned. */
FINDER_API finder_code finder_view_why(finder_view* view,
                                       const finder_query* query,
                                       const char* path,
                                       finder_explanation** explanation,
                                       finder_error** error);
FINDER_API int finder_explanation_shown(const finder_explanation* explanation);
/* What hides it; "" if it is shown. */
FINDER_API const char* finder_explanation_reason(
    const finder_explanation* explanation);
/* The verdicts of roots, rules and filters, in the order of the way to it; null
 * behind the last. */
FINDER_API const char* finder_explanation_step(
    const finder_explanation* explanation, size_t index);
FINDER_API void finder_explanation_free(finder_explanation* explanation);

/* Statistics of the last scan and of what was asked since. */

typedef struct finder_stats {
  size_t size;            /* sizeof(finder_stats), to be set by the caller */
  uint64_t directories;   /* that the view shows, the roots included */
  uint64_t files;         /* entries that it shows and that are none */
  uint64_t matches;       /* answers so far */
  uint64_t stat_calls;    /* stamps asked for */
  uint64_t list_calls;    /* directories listed */
  uint64_t unreadable;    /* directories that could not be read */
  uint64_t threads;       /* of the view, the calling one included */
  uint64_t bytes_read;    /* of the cache */
  uint64_t bytes_written; /* likewise */
  int warm;               /* whether it began with what was known */
  int saved;              /* whether what is known was written */
  /* "ok" if warm, else why not. Lives until the next call with this view. */
  const char* cache_reason;
} finder_stats;

/* Fills as much of *stats as its size says. The first call after a scan counts
 * the entries, which takes some milliseconds for a million files. */
FINDER_API finder_code finder_view_stats(finder_view* view, finder_stats* stats,
                                         finder_error** error);

#ifdef __cplusplus
}
#endif

#endif /* FINDER_FINDER_H_ */
