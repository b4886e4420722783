#include "fs/posix/posix_file_system_names.h"

#include <sys/sysmacros.h>

#include <charconv>
#include <fstream>
#include <iterator>
#include <optional>

namespace finder {
namespace {

// Takes what comes before `separator` off the start of `text`; all of it if
// there is none.
std::string_view TakeUntil(std::string_view separator, std::string_view& text) {
  const size_t end = text.find(separator);
  const std::string_view taken = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size()
                                                   : end + separator.size());
  return taken;
}

std::optional<unsigned> ToNumber(std::string_view digits) {
  unsigned number = 0;
  const char* const end = digits.data() + digits.size();
  const auto [at, error] = std::from_chars(digits.data(), end, number);
  if (error != std::errc() || at != end) return std::nullopt;
  return number;
}

}  // namespace

// 36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=...
std::map<uint64_t, std::string> TypesOfMounts(std::string_view table) {
  std::map<uint64_t, std::string> types;
  while (!table.empty()) {
    std::string_view line = TakeUntil("\n", table);
    TakeUntil(" ", line);
    TakeUntil(" ", line);
    std::string_view number = TakeUntil(" ", line);
    const auto major_number = ToNumber(TakeUntil(":", number));
    const auto minor_number = ToNumber(number);
    TakeUntil(" - ", line);
    const std::string_view type = TakeUntil(" ", line);
    if (!major_number || !minor_number || type.empty()) continue;
    types[makedev(*major_number, *minor_number)] = std::string(type);
  }
  return types;
}

std::string PosixFileSystemNames::TypeOf(uint64_t device) {
  std::call_once(read_, [this] {
    std::ifstream file("/proc/self/mountinfo");
    types_ = TypesOfMounts(std::string(std::istreambuf_iterator<char>(file),
                                       std::istreambuf_iterator<char>()));
  });
  const auto found = types_.find(device);
  return found == types_.end() ? "unknown" : found->second;
}

}  // namespace finder
