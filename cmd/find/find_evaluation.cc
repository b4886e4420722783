#include "cmd/find/find_evaluation.h"

#include <algorithm>
#include <atomic>
#include <utility>

namespace finder {
namespace {

// So many entries wait at most: enough to keep threads busy, and little memory.
constexpr size_t kMostWaiting = 2048;
// So many files a thread asks before it takes the next ones.
constexpr size_t kChunk = 32;
// Starting a thread costs as much as inquiry about so many files.
constexpr size_t kFilesPerThread = 64;

void IgnoreProblem(const std::string&, SystemError) {}

}  // namespace

FindEvaluation::FindEvaluation(const Node& expression, ThreadPool& pool,
                               ReportProblem problem)
    : expression_(expression),
      pool_(pool),
      problem_(std::move(problem)),
      waits_(expression.traits().asks_file && !expression.traits().has_effect) {
  if (waits_) waiting_.reserve(kMostWaiting);
}

Verdict FindEvaluation::Act(AskedEntry& entry) {
  Inquiry inquiry(entry, AskMode::kAct, problem_);
  expression_.Ask(inquiry);
  if (inquiry.verdict().quit) quit_ = true;
  if (inquiry.acted() && expression_.traits().has_effect) has_changed_ = true;
  return inquiry.verdict();
}

Verdict FindEvaluation::Rehearse(AskedEntry& entry) {
  Inquiry inquiry(entry, AskMode::kRehearse, IgnoreProblem);
  expression_.Ask(inquiry);
  return inquiry.verdict();
}

Verdict FindEvaluation::Take(AskedEntry& entry, Need need) {
  if (!waits_) return Act(entry);
  Inquiry inquiry(entry, AskMode::kRehearse, IgnoreProblem);
  expression_.Ask(inquiry);
  const bool undecided = inquiry.undecided();
  if (!undecided) {
    if (!inquiry.acted() && !inquiry.verdict().quit) return inquiry.verdict();
    if (waiting_.empty()) return Act(entry);
  }
  const bool at_once =
      inquiry.verdict().quit ||
      (undecided && need == Need::kVerdict && expression_.traits().prunes);
  const Verdict verdict = undecided ? Verdict() : inquiry.verdict();
  Waiting& waiting = waiting_.emplace_back(Waiting{"", entry, undecided});
  waiting.entry.MovePathTo(waiting.path);
  if (at_once || waiting_.size() == kMostWaiting) {
    const Verdict last = ActOnAll();
    return at_once ? last : verdict;
  }
  return verdict;
}

void FindEvaluation::Flush() { ActOnAll(); }

Verdict FindEvaluation::ActOnAll() {
  AskFiles();
  Verdict verdict;
  for (Waiting& waiting : waiting_) {
    if (quit_) break;
    verdict = Act(waiting.entry);
  }
  waiting_.clear();
  return verdict;
}

void FindEvaluation::AskFiles() {
  std::vector<AskedEntry*> undecided;
  for (Waiting& waiting : waiting_) {
    if (waiting.undecided) undecided.push_back(&waiting.entry);
  }
  const auto workers = static_cast<unsigned>(
      std::min<size_t>(pool_.most(), undecided.size() / kFilesPerThread + 1));
  // The one thread there would be asks as well when it acts.
  if (workers == 1) return;
  std::atomic<size_t> next = 0;
  pool_.Run(workers, [&](unsigned) {
    while (true) {
      const size_t begin = next.fetch_add(kChunk);
      if (begin >= undecided.size()) return;
      const size_t end = std::min(begin + kChunk, undecided.size());
      for (size_t i = begin; i < end; ++i) {
        Inquiry inquiry(*undecided[i], AskMode::kGather, IgnoreProblem);
        expression_.Ask(inquiry);
      }
    }
  });
}

}  // namespace finder
