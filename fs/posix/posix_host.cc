#include "fs/posix/posix_host.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace finder {
namespace {

// All of a small file, or empty.
std::string ReadSmallFile(const char* path) {
  const int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) return "";
  std::string text;
  char buffer[4096];
  for (;;) {
    const ssize_t size = read(descriptor, buffer, sizeof(buffer));
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) break;
    text.append(buffer, static_cast<size_t>(size));
  }
  close(descriptor);
  return text;
}

// Cuts `text` at the first `separator`: returns what is before, and leaves
// what is after.
std::string_view TakeUntil(char separator, std::string_view& text) {
  const size_t end = text.find(separator);
  const std::string_view taken = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return taken;
}

std::string UserName(uint32_t user_id) {
  const std::string id = std::to_string(user_id);
  const std::string passwd = ReadSmallFile("/etc/passwd");
  for (std::string_view rest = passwd; !rest.empty();) {
    std::string_view line = TakeUntil('\n', rest);
    const std::string_view name = TakeUntil(':', line);
    TakeUntil(':', line);  // the password
    if (!name.empty() && TakeUntil(':', line) == id) return std::string(name);
  }
  return "uid" + id;
}

std::string HostName() {
  utsname names;
  return uname(&names) == 0 ? names.nodename : "";
}

std::string BootId() {
  const std::string text = ReadSmallFile("/proc/sys/kernel/random/boot_id");
  std::string_view rest = text;
  return std::string(TakeUntil('\n', rest));
}

unsigned AllowedProcessors() {
  // A kernel built for more processors than the set holds answers EINVAL.
  for (int capacity = 1024; capacity <= 1 << 20; capacity *= 2) {
    cpu_set_t* const set = CPU_ALLOC(capacity);
    if (set == nullptr) break;
    const size_t size = CPU_ALLOC_SIZE(capacity);
    const bool known = sched_getaffinity(0, size, set) == 0;
    const int count = known ? CPU_COUNT_S(size, set) : 0;
    CPU_FREE(set);
    if (count > 0) return static_cast<unsigned>(count);
    if (!known && errno != EINVAL) break;
  }
  return 1;
}

uint64_t MaxOpenFiles() {
  rlimit limit;
  // What POSIX promises to every process, should the kernel not tell.
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 20;
  return limit.rlim_cur;
}

uint64_t MaxMemoryBytes() {
  rlimit limit;
  const bool limited =
      getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
  return limited ? limit.rlim_cur : UINT64_MAX;
}

std::vector<uint32_t> GroupIds() {
  std::vector<uint32_t> ids = {getegid()};
  const int count = getgroups(0, nullptr);
  if (count <= 0) return ids;
  std::vector<gid_t> supplementary(static_cast<size_t>(count));
  const int got = getgroups(count, supplementary.data());
  if (got > 0) {
    ids.insert(ids.end(), supplementary.begin(), supplementary.begin() + got);
  }
  return ids;
}

}  // namespace

Host ReadHost() {
  Host host;
  host.user_id = geteuid();
  host.group_ids = GroupIds();
  host.user = UserName(host.user_id);
  host.name = HostName();
  host.boot_id = BootId();
  host.processors = AllowedProcessors();
  host.max_open_files = MaxOpenFiles();
  host.max_memory_bytes = MaxMemoryBytes();
  return host;
}

std::string WorkingDirectory() {
  // Allocated by the C library, for it may be longer than PATH_MAX.
  const std::unique_ptr<char, decltype(&free)> path(getcwd(nullptr, 0), free);
  if (path == nullptr || path.get()[0] != '/') return "";
  return path.get();
}

}  // namespace finder
