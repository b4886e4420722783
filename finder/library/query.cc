// The functions of finder.h about queries, answers and explanations.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "finder/library/answer_block.h"
#include "finder/library/handles.h"
#include "finder/library/view_call.h"

namespace finder {
namespace {

const QueryOptions& OptionsOf(const finder_query* query,
                              const QueryOptions& none) {
  return query == nullptr ? none : query->options;
}

// Why the writing of answers has ended early.
enum class Ending { kNone, kStopped, kNoMemory };

// Asks `query` and hands each answer to `take`, until that returns false or
// throws. The answers come from the core's threads, which no exception may
// leave.
template <typename Take>
absl::StatusOr<Ending> AskEach(finder_view& view, const finder_query* query,
                               Take take) {
  Ending ending = Ending::kNone;
  const QueryOptions none;
  const absl::StatusOr<uint64_t> asked =
      view.view.Answer(OptionsOf(query, none), AppendAnswer,
                       [&take, &ending](std::string_view bytes) {
                         if (ending != Ending::kNone) return false;
                         try {
                           if (!VisitAnswers(bytes, take))
                             ending = Ending::kStopped;
                         } catch (const std::bad_alloc&) {
                           ending = Ending::kNoMemory;
                         }
                         return ending == Ending::kNone;
                       });
  if (!asked.ok()) return asked.status();
  return ending;
}

absl::Status Collect(finder_view& view, const finder_query* query,
                     finder_answers& to) {
  const absl::StatusOr<Ending> ending =
      AskEach(view, query, [&to](const finder_answer& answer) {
        to.paths.append(answer.path, answer.path_size + 1);
        to.kinds += static_cast<char>(answer.kind);
        return true;
      });
  if (!ending.ok()) return ending.status();
  if (*ending == Ending::kNoMemory) throw std::bad_alloc();
  return absl::OkStatus();
}

}  // namespace
}  // namespace finder

finder_code finder_query_new(finder_query** query, finder_error** error) {
  return finder::Guarded(error, [query] {
    *query = nullptr;
    *query = new finder_query;
    return absl::OkStatus();
  });
}

finder_code finder_query_set(finder_query* query, const char* name,
                             const char* value, finder_error** error) {
  return finder::Guarded(error, [query, name, value] {
    return query->options.Set(name, value == nullptr ? "" : value);
  });
}

void finder_query_free(finder_query* query) { delete query; }

finder_code finder_view_ask(finder_view* view, const finder_query* query,
                            finder_answer_callback callback, void* data,
                            finder_error** error) {
  bool stopped = false;
  const finder_code code = finder::CallView(
      view, error, [query, callback, data, &stopped](finder_view& v) {
        const absl::StatusOr<finder::Ending> ending = finder::AskEach(
            v, query, [callback, data](const finder_answer& answer) {
              return callback(data, &answer) == 0;
            });
        stopped = ending.ok() && *ending == finder::Ending::kStopped;
        return ending.status();
      });
  if (!stopped) return code;
  return finder::Report(FINDER_STOPPED, "no more answers were wanted", error);
}

finder_code finder_view_count(finder_view* view, const finder_query* query,
                              uint64_t* count, finder_error** error) {
  return finder::CallView(view, error, [query, count](finder_view& v) {
    const finder::QueryOptions none;
    const absl::StatusOr<uint64_t> answers = v.view.Answer(
        finder::OptionsOf(query, none),
        [](const finder::Match&, std::string&) {},
        [](std::string_view) { return true; });
    if (answers.ok()) *count = *answers;
    return answers.status();
  });
}

finder_code finder_view_list(finder_view* view, const finder_query* query,
                             finder_answers** answers, finder_error** error) {
  *answers = nullptr;
  return finder::CallView(view, error, [query, answers](finder_view& v) {
    auto collected = std::make_unique<finder_answers>();
    absl::Status status = finder::Collect(v, query, *collected);
    if (status.ok()) *answers = collected.release();
    return status;
  });
}

uint64_t finder_answers_count(const finder_answers* answers) {
  return answers->kinds.size();
}

int finder_answers_next(finder_answers* answers, finder_answer* answer) {
  if (answers->next == answers->kinds.size()) return 0;
  const char* const path = answers->paths.data() + answers->next_byte;
  const finder_answer all = {
      .size = answer->size,
      .path = path,
      .path_size = std::strlen(path),
      .kind = static_cast<finder_kind>(answers->kinds[answers->next])};
  std::memcpy(answer, &all, std::min(answer->size, sizeof(all)));
  ++answers->next;
  answers->next_byte += all.path_size + 1;
  return 1;
}

void finder_answers_rewind(finder_answers* answers) {
  answers->next = answers->next_byte = 0;
}

const char* finder_answers_paths(const finder_answers* answers, size_t* size,
                                 const unsigned char** kinds) {
  *size = answers->paths.size();
  if (kinds != nullptr) {
    *kinds = reinterpret_cast<const unsigned char*>(answers->kinds.data());
  }
  return answers->paths.data();
}

void finder_answers_free(finder_answers* answers) { delete answers; }

finder_code finder_view_why(finder_view* view, const finder_query* query,
                            const char* path, finder_explanation** explanation,
                            finder_error** error) {
  *explanation = nullptr;
  return finder::CallView(
      view, error, [query, path, explanation](finder_view& v) {
        const finder::QueryOptions none;
        absl::StatusOr<finder::Explanation> made =
            v.view.Explain(finder::OptionsOf(query, none), path);
        if (!made.ok()) return made.status();
        *explanation = new finder_explanation{*std::move(made)};
        return absl::OkStatus();
      });
}

int finder_explanation_shown(const finder_explanation* explanation) {
  return explanation->explanation.shown ? 1 : 0;
}

const char* finder_explanation_reason(const finder_explanation* explanation) {
  return explanation->explanation.reason.c_str();
}

const char* finder_explanation_step(const finder_explanation* explanation,
                                    size_t index) {
  const auto& steps = explanation->explanation.steps;
  return index < steps.size() ? steps[index].c_str() : nullptr;
}

void finder_explanation_free(finder_explanation* explanation) {
  delete explanation;
}
