#include "cmd/output/trace_json.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "cmd/version.h"
#include "finder/text/abseil_view.h"

namespace finder {
namespace {

// There is one process; what its number was does not matter.
constexpr int kProcess = 1;

// Readers keep the number 0 for the processor's idle time.
unsigned ThreadNumber(unsigned thread) { return thread + 1; }

std::string_view Category(Trace::Kind kind) {
  switch (kind) {
    case Trace::Kind::kPhase:
      return "phase";
    case Trace::Kind::kWork:
      return "work";
    case Trace::Kind::kDetail:
      break;
  }
  return "detail";
}

// Microseconds, to the nanosecond.
std::string Microseconds(int64_t ns) {
  return absl::StrFormat("%d.%03d", ns / 1000, ns % 1000);
}

// Names are our own and need no escapes.
void AppendName(std::string_view what, unsigned thread, std::string_view name,
                std::string& out) {
  absl::StrAppend(&out, R"({"ph":"M","pid":)", kProcess, R"(,"tid":)",
                  ThreadNumber(thread), R"(,"name":")", Abseil(what),
                  R"(","args":{"name":")", Abseil(name), R"("}},)", "\n");
}

void AppendSpan(const Trace::Span& span, unsigned thread, int64_t origin_ns,
                std::string& out) {
  absl::StrAppend(
      &out, R"({"ph":"X","pid":)", kProcess, R"(,"tid":)", ThreadNumber(thread),
      R"(,"ts":)", Microseconds(span.begin_ns - origin_ns), R"(,"dur":)",
      Microseconds(span.end_ns - span.begin_ns), R"(,"cat":")",
      Abseil(Category(span.kind)), R"(","name":")", Abseil(span.name), "\"");
  if (!span.count_name.empty()) {
    absl::StrAppend(&out, R"(,"args":{")", Abseil(span.count_name), R"(":)",
                    span.count, "}");
  }
  absl::StrAppend(&out, "},\n");
}

// A span before those within it. It was noted after them.
std::vector<Trace::Span> OuterFirst(std::vector<Trace::Span> spans) {
  std::reverse(spans.begin(), spans.end());
  std::stable_sort(spans.begin(), spans.end(),
                   [](const auto& a, const auto& b) {
                     return a.begin_ns != b.begin_ns ? a.begin_ns < b.begin_ns
                                                     : a.end_ns > b.end_ns;
                   });
  return spans;
}

int64_t FirstNs(const Trace& trace) {
  int64_t first_ns = std::numeric_limits<int64_t>::max();
  for (unsigned thread = 0; thread < Trace::kMostThreads; ++thread) {
    for (const Trace::Span& span : trace.spans(thread)) {
      first_ns = std::min(first_ns, span.begin_ns);
    }
  }
  return first_ns;
}

}  // namespace

std::string TraceJson(const Trace& trace) {
  const int64_t origin_ns = FirstNs(trace);
  std::string out = "{\"displayTimeUnit\":\"ms\",\"traceEvents\":[\n";
  AppendName("process_name", 0, absl::StrCat("finder ", Abseil(kVersion)), out);
  for (unsigned thread = 0; thread < Trace::kMostThreads; ++thread) {
    if (trace.spans(thread).empty()) continue;
    AppendName("thread_name", thread,
               thread == 0 ? "main" : absl::StrCat("worker ", thread), out);
    for (const Trace::Span& span : OuterFirst(trace.spans(thread))) {
      AppendSpan(span, thread, origin_ns, out);
    }
  }
  out.resize(out.size() - 2);  // the comma of the last
  out += "\n]}\n";
  return out;
}

}  // namespace finder
