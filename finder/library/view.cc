// The functions of finder.h about views: opening, scanning, keeping, telling.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "finder/library/call.h"
#include "finder/library/handles.h"
#include "finder/library/library_version.h"
#include "finder/library/view_call.h"
#include "fs/posix/process/process.h"

namespace finder {
namespace {

ViewVariables ReadVariables() {
  return {
      .cache = {.home = EnvironmentVariable("HOME"),
                .xdg_cache_home = EnvironmentVariable("XDG_CACHE_HOME"),
                .finder_cache_dir = EnvironmentVariable("FINDER_CACHE_DIR"),
                .finder_view_id = EnvironmentVariable("FINDER_VIEW_ID")},
      .ignore = {
          .home = EnvironmentVariable("HOME"),
          .xdg_config_home = EnvironmentVariable("XDG_CONFIG_HOME"),
          .git_config_global = EnvironmentVariable("GIT_CONFIG_GLOBAL"),
          .git_config_system = EnvironmentVariable("GIT_CONFIG_SYSTEM"),
          .git_config_no_system = EnvironmentVariable("GIT_CONFIG_NOSYSTEM")}};
}

// Tells the caller of progress, one thread at a time and never backwards.
class OrderedProgress {
 public:
  OrderedProgress(finder_progress callback, void* data)
      : callback_(callback), data_(data) {}

  void Tell(uint64_t directories, std::optional<uint64_t> total)
      ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    if (directories <= told_) return;
    told_ = directories;
    callback_(data_, directories, total.value_or(0));
  }

 private:
  const finder_progress callback_;
  void* const data_;
  absl::Mutex mutex_;
  uint64_t told_ ABSL_GUARDED_BY(mutex_) = 0;
};

// What the caller gave of the options; the rest is as if it were not there.
finder_scan_options KnownOptions(const finder_scan_options* given) {
  finder_scan_options options = {};
  if (given != nullptr) {
    std::memcpy(&options, given, std::min(given->size, sizeof(options)));
  }
  return options;
}

finder_stats StatsOf(const Metrics& metrics, const char* cache_reason) {
  return {.size = sizeof(finder_stats),
          .directories = metrics.directories,
          .files = metrics.files,
          .matches = metrics.matches,
          .stat_calls = metrics.stat_calls,
          .list_calls = metrics.list_calls,
          .unreadable = metrics.unreadable,
          .threads = metrics.threads,
          .bytes_read = metrics.bytes_read,
          .bytes_written = metrics.bytes_written,
          .warm = metrics.cache == CacheState::kWarm ? 1 : 0,
          .saved = metrics.database_written ? 1 : 0,
          .cache_reason = cache_reason};
}

}  // namespace
}  // namespace finder

finder_view::finder_view(finder::ViewVariables variables)
    : view(machine.machine(), std::move(variables),
           std::string("finder ") + finder::kLibraryVersion) {}

const char* finder_version(void) { return finder::kLibraryVersion; }

finder_code finder_view_open(finder_view** view, finder_error** error) {
  return finder::Guarded(error, [view] {
    *view = nullptr;
    *view = new finder_view(finder::ReadVariables());
    return absl::OkStatus();
  });
}

finder_code finder_view_set(finder_view* view, const char* name,
                            const char* value, finder_error** error) {
  return finder::CallView(view, error, [name, value](finder_view& v) {
    return v.view.Set(name, value == nullptr ? "" : value);
  });
}

void finder_view_close(finder_view* view) { delete view; }

finder_code finder_view_scan(finder_view* view,
                             const finder_scan_options* options,
                             finder_error** error) {
  return finder::CallView(view, error, [options](finder_view& v) {
    const finder_scan_options known = finder::KnownOptions(options);
    finder::ScanOrder order;
    if (known.query != nullptr) order.only = &known.query->options;
    if (known.canceller != nullptr) {
      order.cancelled = &known.canceller->cancelled;
    }
    std::optional<finder::OrderedProgress> progress;
    if (known.progress != nullptr) {
      progress.emplace(known.progress, known.data);
      order.progress = [&progress](uint64_t directories,
                                   std::optional<uint64_t> total) {
        progress->Tell(directories, total);
      };
    }
    return v.view.Scan(order);
  });
}

finder_code finder_view_save(finder_view* view, finder_error** error) {
  return finder::CallView(view, error,
                          [](finder_view& v) { return v.view.Save(); });
}

finder_code finder_canceller_new(finder_canceller** canceller,
                                 finder_error** error) {
  return finder::Guarded(error, [canceller] {
    *canceller = nullptr;
    *canceller = new finder_canceller;
    return absl::OkStatus();
  });
}

void finder_cancel(finder_canceller* canceller) {
  canceller->cancelled.store(true, std::memory_order_relaxed);
}

void finder_canceller_free(finder_canceller* canceller) { delete canceller; }

finder_code finder_view_unreadable(finder_view* view,
                                   finder_unreadable_callback callback,
                                   void* data, finder_error** error) {
  return finder::CallView(view, error, [callback, data](finder_view& v) {
    const absl::StatusOr<std::vector<finder::Diagnostic>> all =
        v.view.Unreadable();
    if (!all.ok()) return all.status();
    for (const finder::Diagnostic& one : *all) {
      callback(data, one.path.c_str(), one.reason.c_str());
    }
    return absl::OkStatus();
  });
}

finder_code finder_view_stats(finder_view* view, finder_stats* stats,
                              finder_error** error) {
  return finder::CallView(view, error, [stats](finder_view& v) {
    absl::StatusOr<finder::Metrics> metrics = v.view.Statistics();
    if (!metrics.ok()) return metrics.status();
    v.cache_reason = std::move(metrics->cache_reason);
    const finder_stats all = finder::StatsOf(*metrics, v.cache_reason.c_str());
    const size_t size = stats->size;
    std::memcpy(stats, &all, std::min(size, sizeof(all)));
    stats->size = size;
    return absl::OkStatus();
  });
}
