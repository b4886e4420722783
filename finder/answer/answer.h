// Runs one query over a finished tree on several threads and hands the output
// on in order. Internal to the facade. One thread calls.
#ifndef FINDER_FINDER_ANSWER_ANSWER_H_
#define FINDER_FINDER_ANSWER_ANSWER_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "finder/query/query.h"
#include "finder/threads/thread_pool.h"
#include "finder/tree/directory_tree.h"

namespace finder {

// See Finder::Answer. `directories`: about how many the tree has.
uint64_t AnswerQuery(const DirectoryTree& tree, const CompiledQuery& query,
                     absl::FunctionRef<void(const Match&, std::string&)> format,
                     absl::FunctionRef<bool(std::string_view)> write,
                     ThreadPool& pool, unsigned workers, uint64_t directories);

}  // namespace finder

#endif  // FINDER_FINDER_ANSWER_ANSWER_H_
