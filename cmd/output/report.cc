#include "cmd/output/report.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cmd/output/printed_path.h"

namespace finder {

void Report::Line(std::string_view message) {
  std::string line = "finder: ";
  AppendForTerminal(message, line);
  line += '\n';
  Write(line);
}

void Report::Write(std::string_view bytes) {
  // There is nowhere left to complain.
  static_cast<void>(err_.Write(bytes));
}

void Report::Print(const Diagnostics& diagnostics) {
  const std::vector<Diagnostic> kept = diagnostics.Sorted();
  const size_t printed = std::min(kept.size(), kMostLines);
  for (size_t i = 0; i < printed; ++i) {
    Line(absl::StrCat(kept[i].path, ": ", kept[i].reason));
  }
  if (diagnostics.count() > printed) {
    Line(absl::StrCat("and ", diagnostics.count() - printed, " more"));
  }
}

void Report::PrintCacheUse(const Metrics& metrics) {
  if (metrics.cache == CacheState::kCold) {
    Line(absl::StrCat("cold run: ", metrics.cache_reason));
    return;
  }
  const ListReasons& listed = metrics.listed;
  Line(absl::StrCat("warm run: ", metrics.directories, " directories, ",
                    metrics.list_calls, " listed, ", listed.unknown,
                    " of them new"));
  for (const Relisted& relisted : metrics.relisted) {
    std::string line = "listed again: ";
    line += relisted.path;
    line += ": ";
    line += relisted.reason;
    Line(line);
  }
  if (listed.again() > metrics.relisted.size()) {
    Line(absl::StrCat("and ", listed.again() - metrics.relisted.size(),
                      " more"));
  }
}

}  // namespace finder
