// Answers as bytes that the core's threads write and C reads: one after the
// other, each with its kind.
//
// Plain data; one thread.
#ifndef FINDER_FINDER_LIBRARY_ANSWER_BLOCK_H_
#define FINDER_FINDER_LIBRARY_ANSWER_BLOCK_H_

#include <string>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "finder/library/finder.h"
#include "finder/query/query.h"

namespace finder {

// Appends one answer to the output of a query.
void AppendAnswer(const Match& match, std::string& out);

// Calls `take` for each of the answers in such output, until it returns false;
// returns whether it never did.
bool VisitAnswers(std::string_view bytes,
                  absl::FunctionRef<bool(const finder_answer&)> take);

}  // namespace finder

#endif  // FINDER_FINDER_LIBRARY_ANSWER_BLOCK_H_
