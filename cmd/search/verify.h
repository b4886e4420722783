// Compares an answer from the cache with that of a full walk.
//
// Pure; any thread.
#ifndef FINDER_CMD_SEARCH_VERIFY_H_
#define FINDER_CMD_SEARCH_VERIFY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "cmd/output/answer_format.h"
#include "cmd/output/answer_list.h"

namespace finder {

// Appends a line for each difference between two sorted lists: "+ PATH" for a
// path that only the walk has, "- PATH" for one that only the answer has, both
// if the type differs. Returns the number of lines.
uint64_t AppendDifferences(const std::vector<AnswerList::Answer>& answered,
                           const std::vector<AnswerList::Answer>& walked,
                           Reader reader, std::string& out);

}  // namespace finder

#endif  // FINDER_CMD_SEARCH_VERIFY_H_
