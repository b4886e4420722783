#include "cmd/actions/directory_chain.h"

#include <algorithm>
#include <utility>

namespace finder {
namespace {

// So many directories stay open, besides the operand. Trees are seldom deeper.
constexpr size_t kMostOpen = 32;

std::string_view TakeName(std::string_view& rest) {
  rest.remove_prefix(std::min(rest.find_first_not_of('/'), rest.size()));
  const std::string_view name = rest.substr(0, rest.find('/'));
  rest.remove_prefix(name.size());
  return name;
}

}  // namespace

void DirectoryChain::Forget() {
  levels_.clear();
  start_.clear();
}

Result<const DirectoryHandle*> DirectoryChain::Enter(
    const ActionTarget& target) {
  if (levels_.empty() || start_ != target.start) {
    const Outcome entered = EnterStart(target.start);
    if (!entered.ok()) return entered.error();
  }
  std::string_view rest = target.path.substr(target.start.size());
  // Without the name; the operand may end in a slash of its own.
  const size_t slash = rest.rfind('/');
  rest = slash == std::string_view::npos ? "" : rest.substr(0, slash);
  const Outcome entered = EnterBelow(rest, target.links_below);
  if (!entered.ok()) {
    Forget();
    return entered.error();
  }
  return &levels_.back().handle;
}

Outcome DirectoryChain::EnterStart(std::string_view start) {
  Forget();
  Result<DirectoryHandle> opened =
      files_.OpenDirectory(DirectoryHandle(), start, SymlinkPolicy::kFollow);
  if (!opened.ok()) return opened.error();
  start_ = start;
  levels_.push_back({"", std::move(opened).value()});
  return {};
}

Outcome DirectoryChain::EnterBelow(std::string_view rest, SymlinkPolicy links) {
  std::vector<std::string_view> names;
  for (auto name = TakeName(rest); !name.empty(); name = TakeName(rest)) {
    names.push_back(name);
  }
  size_t known = 0;
  while (known < names.size() && known + 1 < levels_.size() &&
         levels_[known + 1].name == names[known]) {
    ++known;
  }
  // The operand itself is always open.
  while (known > 0 && !levels_[known].handle.is_open()) --known;
  levels_.resize(known + 1);
  for (; known < names.size(); ++known) {
    Result<DirectoryHandle> opened =
        files_.OpenDirectory(levels_.back().handle, names[known], links);
    if (!opened.ok()) return opened.error();
    levels_.push_back({std::string(names[known]), std::move(opened).value()});
    CloseUpper();
  }
  return {};
}

void DirectoryChain::CloseUpper() {
  if (levels_.size() <= kMostOpen + 1) return;
  levels_[levels_.size() - kMostOpen - 1].handle.Close();
}

}  // namespace finder
