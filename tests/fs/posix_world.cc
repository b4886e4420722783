#include "tests/fs/posix_world.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fs/posix/files/posix_file_system.h"
#include "fs/posix/files/posix_pending_file.h"
#include "gtest/gtest.h"

namespace finder {
namespace {

// Ends the test unless `done`, which has set errno if it is false.
void Require(bool done, const std::string& path) {
  if (done) return;
  fprintf(stderr, "PosixWorld: %s: %s\n", path.c_str(), strerror(errno));
  abort();
}

// Without a shell, for a path may hold anything.
void RunCommand(std::vector<std::string> words) {
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  pid_t child;
  errno = posix_spawnp(&child, argv[0], nullptr, nullptr, argv.data(), environ);
  Require(errno == 0, words[0]);
  int status;
  Require(waitpid(child, &status, 0) == child, words[0]);
}

void GetCapabilities(__user_cap_data_struct (&data)[2]) {
  __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  Require(syscall(SYS_capget, &header, data) == 0, "capget");
}

void SetCapabilities(const __user_cap_data_struct (&data)[2]) {
  __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  Require(syscall(SYS_capset, &header, data) == 0, "capset");
}

int64_t ToNs(const timespec& time) {
  return int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

}  // namespace

TemporaryDirectory::TemporaryDirectory()
    : path_(std::filesystem::canonical(testing::TempDir()) / "fs_XXXXXX") {
  Require(mkdtemp(path_.data()) != nullptr, path_);
}

TemporaryDirectory::~TemporaryDirectory() {
  // Trees too deep for the library's recursive removal.
  RunCommand({"chmod", "-R", "u+rwx", path_});
  RunCommand({"rm", "-rf", path_});
}

Result<std::unique_ptr<PendingFile>> NamedTemporariesFileSystem::CreateFile(
    std::string_view path, uint32_t permissions) {
  return CreateNamedPosixPendingFile(path, permissions);
}

Unprivileged::Unprivileged() {
  __user_cap_data_struct data[2] = {};
  GetCapabilities(data);
  effective_[0] = data[0].effective;
  effective_[1] = data[1].effective;
  data[0].effective &=
      ~(1u << CAP_DAC_OVERRIDE | 1u << CAP_DAC_READ_SEARCH | 1u << CAP_FOWNER);
  SetCapabilities(data);
}

Unprivileged::~Unprivileged() {
  __user_cap_data_struct data[2] = {};
  GetCapabilities(data);
  data[0].effective = effective_[0];
  data[1].effective = effective_[1];
  SetCapabilities(data);
}

PosixWorld::~PosixWorld() {
  if (!open_files_before_limit_.has_value()) return;
  rlimit limit;
  Require(getrlimit(RLIMIT_NOFILE, &limit) == 0, "getrlimit");
  limit.rlim_cur = *open_files_before_limit_;
  Require(setrlimit(RLIMIT_NOFILE, &limit) == 0, "setrlimit");
}

void PosixWorld::MakeDirectories(const std::string& path) {
  std::filesystem::create_directories(path);
}

void PosixWorld::WriteFile(const std::string& path, std::string_view bytes) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << bytes << std::flush;
  Require(file.good(), path);
}

void PosixWorld::Symlink(const std::string& target, const std::string& path) {
  Require(symlink(target.c_str(), path.c_str()) == 0, path);
}

void PosixWorld::MakePipe(const std::string& path) {
  Require(mkfifo(path.c_str(), 0600) == 0, path);
}

void PosixWorld::HardLink(const std::string& from, const std::string& to) {
  Require(link(from.c_str(), to.c_str()) == 0, to);
}

void PosixWorld::Rename(const std::string& from, const std::string& to) {
  Require(rename(from.c_str(), to.c_str()) == 0, from);
}

void PosixWorld::RemoveAll(const std::string& path) {
  std::filesystem::remove_all(path);
}

void PosixWorld::Chmod(const std::string& path, uint32_t permissions) {
  Require(chmod(path.c_str(), permissions) == 0, path);
}

bool PosixWorld::Chown(const std::string& path, uint32_t owner) {
  // Root has kept the capability for this.
  return lchown(path.c_str(), owner, getegid()) == 0;
}

void PosixWorld::SetModifiedTime(const std::string& path, int64_t ns) {
  timespec times[2] = {};
  times[0].tv_nsec = UTIME_OMIT;
  constexpr int64_t kSecondNs = 1'000'000'000;
  // Before the epoch, too, nanoseconds count towards the future.
  const int64_t below = (ns % kSecondNs + kSecondNs) % kSecondNs;
  times[1].tv_sec = (ns - below) / kSecondNs;
  times[1].tv_nsec = below;
  Require(utimensat(AT_FDCWD, path.c_str(), times, 0) == 0, path);
}

std::string PosixWorld::ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  Require(file.good(), path);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> PosixWorld::Names(const std::string& path) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(path)) {
    names.push_back(entry.path().filename());
  }
  std::sort(names.begin(), names.end());
  return names;
}

void PosixWorld::Tick() {
  // Until the kernel stamps the same file anew: at most a tick of 10 ms.
  const std::string path = scratch_.path() + "/tick";
  WriteFile(path, "");
  struct stat first, now;
  Require(stat(path.c_str(), &first) == 0, path);
  do {
    Chmod(path, 0600);
    Require(stat(path.c_str(), &now) == 0, path);
  } while (ToNs(now.st_ctim) == ToNs(first.st_ctim));
}

int64_t PosixWorld::NowNs() {
  timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return ToNs(now);
}

uint32_t PosixWorld::user_id() { return geteuid(); }

void PosixWorld::LimitOpenFiles(int more) {
  rlimit limit;
  Require(getrlimit(RLIMIT_NOFILE, &limit) == 0, "getrlimit");
  open_files_before_limit_ = limit.rlim_cur;
  // Descriptors are taken from the lowest free on.
  std::vector<int> opened;
  for (int i = 0; i <= more; ++i) {
    opened.push_back(open("/", O_RDONLY | O_CLOEXEC));
    Require(opened.back() >= 0, "/");
  }
  limit.rlim_cur = static_cast<uint64_t>(opened.back());
  for (const int descriptor : opened) close(descriptor);
  Require(setrlimit(RLIMIT_NOFILE, &limit) == 0, "setrlimit");
}

int PosixWorld::CountOpenFiles() {
  return static_cast<int>(Names("/proc/self/fd").size());
}

}  // namespace finder
