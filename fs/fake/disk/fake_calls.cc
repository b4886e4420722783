#include "fs/fake/disk/fake_calls.h"

#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "fs/result.h"

namespace finder {
namespace {

struct Row {
  std::string_view name;
  int FakeCalls::Counters::*counter;
};

// In the order of Operation.
constexpr Row kRows[] = {
    {"stat", &FakeCalls::Counters::stat},
    {"details", &FakeCalls::Counters::details},
    {"open_directory", &FakeCalls::Counters::open_directory},
    {"list", &FakeCalls::Counters::list},
    {"read_link", &FakeCalls::Counters::read_link},
    {"open_file", &FakeCalls::Counters::open_file},
    {"read", &FakeCalls::Counters::read},
    {"read_small", &FakeCalls::Counters::read_small},
    {"open_shared", &FakeCalls::Counters::open_shared},
    {"lock", &FakeCalls::Counters::lock},
    {"watch", &FakeCalls::Counters::watch},
    {"create", &FakeCalls::Counters::create},
    {"append", &FakeCalls::Counters::append},
    {"sync", &FakeCalls::Counters::sync},
    {"commit", &FakeCalls::Counters::commit},
    {"rename", &FakeCalls::Counters::rename},
    {"remove", &FakeCalls::Counters::remove},
    {"make_directory", &FakeCalls::Counters::make_directory},
    {"create_small", &FakeCalls::Counters::create_small},
    {"resize", &FakeCalls::Counters::resize},
    {"set_time", &FakeCalls::Counters::set_time},
    {"exchange", &FakeCalls::Counters::exchange},
    {"move_to_free", &FakeCalls::Counters::move_to_free},
    {"set_permissions", &FakeCalls::Counters::set_permissions},
};
static_assert(std::size(kRows) ==
              static_cast<size_t>(Operation::kSetPermissions) + 1);

const Row& RowOf(Operation operation) {
  return kRows[static_cast<size_t>(operation)];
}

}  // namespace

std::string_view NameOf(Operation operation) { return RowOf(operation).name; }

bool IsWrite(Operation operation) { return operation >= Operation::kCreate; }

FakeCalls::Counters FakeCalls::counters() const {
  absl::MutexLock lock(&mutex_);
  return counters_;
}

std::vector<std::string> FakeCalls::log() const {
  absl::MutexLock lock(&mutex_);
  return log_;
}

void FakeCalls::Reset() {
  absl::MutexLock lock(&mutex_);
  counters_ = Counters();
  log_.clear();
}

void FakeCalls::FailNthCall(Operation operation, int n, int error_code,
                            Lasting lasting) {
  absl::MutexLock lock(&mutex_);
  faults_.push_back({operation, false, n, error_code, lasting});
}

void FakeCalls::FailNthWrite(int n, int error_code, Lasting lasting) {
  absl::MutexLock lock(&mutex_);
  faults_.push_back({std::nullopt, false, n, error_code, lasting});
}

void FakeCalls::FailNthCallOfAny(int n, int error_code, Lasting lasting) {
  absl::MutexLock lock(&mutex_);
  faults_.push_back({std::nullopt, true, n, error_code, lasting});
}

void FakeCalls::FailPath(std::string_view path, int error_code) {
  absl::MutexLock lock(&mutex_);
  path_faults_.emplace(path, PathFault{std::nullopt, error_code});
}

void FakeCalls::FailPath(Operation operation, std::string_view path,
                         int error_code) {
  absl::MutexLock lock(&mutex_);
  path_faults_.emplace(path, PathFault{operation, error_code});
}

void FakeCalls::ClearFaults() {
  absl::MutexLock lock(&mutex_);
  faults_.clear();
  path_faults_.clear();
}

void FakeCalls::OnCall(Hook hook) {
  absl::MutexLock lock(&mutex_);
  hook_ = std::move(hook);
}

Outcome FakeCalls::Note(Operation operation, std::string_view path,
                        std::string_view second_path) {
  Hook hook;
  Outcome fault;
  {
    absl::MutexLock lock(&mutex_);
    ++(counters_.*RowOf(operation).counter);
    std::string line(NameOf(operation));
    line.append(" ").append(path);
    if (!second_path.empty()) line.append(" ").append(second_path);
    log_.push_back(std::move(line));
    fault = FindFault(operation, path);
    hook = hook_;
  }
  if (hook) hook(operation, path);
  return fault;
}

Outcome FakeCalls::FindFault(Operation operation, std::string_view path) {
  Outcome found;
  // All are counted down, even if another one strikes.
  for (Fault& fault : faults_) {
    const bool concerned = fault.operation.has_value()
                               ? *fault.operation == operation
                               : fault.any_call || IsWrite(operation);
    if (!concerned) continue;
    --fault.calls_left;
    const bool strikes = fault.lasting == Lasting::kOnce
                             ? fault.calls_left == 0
                             : fault.calls_left <= 0;
    if (strikes) found = SystemError(fault.error_code);
  }
  const auto [begin, end] = path_faults_.equal_range(path);
  for (auto at = begin; at != end; ++at) {
    if (!at->second.operation.has_value() ||
        *at->second.operation == operation) {
      found = SystemError(at->second.error_code);
    }
  }
  return found;
}

}  // namespace finder
