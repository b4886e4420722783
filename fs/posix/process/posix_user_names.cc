#include "fs/posix/process/posix_user_names.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>

#include <cstddef>
#include <cstdio>
#include <utility>
#include <vector>

namespace finder {
namespace {

// A group may have many members.
constexpr size_t kFirstBufferBytes = 4096;
constexpr size_t kMostBufferBytes = size_t{1} << 24;

// Calls `get(record, buffer, size, found)` with more and more room, and then
// `take(record)` if a record was found.
template <typename Record, typename Get, typename Take>
auto Look(Get get, Take take)
    -> std::optional<decltype(take(std::declval<Record&>()))> {
  std::vector<char> buffer(kFirstBufferBytes);
  while (true) {
    Record record = {};
    Record* found = nullptr;
    const int error = get(&record, buffer.data(), buffer.size(), &found);
    if (error == ERANGE && buffer.size() < kMostBufferBytes) {
      buffer.resize(buffer.size() * 2);
    } else if (error != EINTR) {
      if (error != 0 || found == nullptr) return std::nullopt;
      return take(record);
    }
  }
}

#ifdef FINDER_WITHOUT_NAME_SERVICES

// The first record of a file for which `fits` is true.
template <typename Record, typename Read, typename Fits>
int Search(const char* path, Read read, Fits fits, Record* record, char* buffer,
           size_t size, Record** found) {
  FILE* const file = fopen(path, "re");
  if (file == nullptr) return errno;
  int error = 0;
  *found = nullptr;
  while ((error = read(file, record, buffer, size, found)) == 0) {
    if (fits(*record)) break;
    *found = nullptr;
  }
  fclose(file);
  return error == ENOENT ? 0 : error;
}

template <typename Fits>
auto UserThat(Fits fits) {
  return [fits](passwd* record, char* buffer, size_t size, passwd** found) {
    return Search("/etc/passwd", fgetpwent_r, fits, record, buffer, size,
                  found);
  };
}

template <typename Fits>
auto GroupThat(Fits fits) {
  return [fits](group* record, char* buffer, size_t size, group** found) {
    return Search("/etc/group", fgetgrent_r, fits, record, buffer, size, found);
  };
}

auto UserNamed(const std::string& name) {
  return UserThat([&name](const passwd& user) { return name == user.pw_name; });
}
auto UserOf(uint32_t id) {
  return UserThat([id](const passwd& user) { return user.pw_uid == id; });
}
auto GroupNamed(const std::string& name) {
  return GroupThat([&name](const group& g) { return name == g.gr_name; });
}
auto GroupOf(uint32_t id) {
  return GroupThat([id](const group& g) { return g.gr_gid == id; });
}

#else

auto UserNamed(const std::string& name) {
  return [&name](passwd* record, char* buffer, size_t size, passwd** found) {
    return getpwnam_r(name.c_str(), record, buffer, size, found);
  };
}
auto UserOf(uint32_t id) {
  return [id](passwd* record, char* buffer, size_t size, passwd** found) {
    return getpwuid_r(id, record, buffer, size, found);
  };
}
auto GroupNamed(const std::string& name) {
  return [&name](group* record, char* buffer, size_t size, group** found) {
    return getgrnam_r(name.c_str(), record, buffer, size, found);
  };
}
auto GroupOf(uint32_t id) {
  return [id](group* record, char* buffer, size_t size, group** found) {
    return getgrgid_r(id, record, buffer, size, found);
  };
}

#endif

uint32_t IdOfUser(passwd& user) { return user.pw_uid; }
uint32_t IdOfGroup(group& g) { return g.gr_gid; }
std::string NameOfUser(passwd& user) { return user.pw_name; }
std::string NameOfGroup(group& g) { return g.gr_name; }

}  // namespace

std::optional<uint32_t> PosixUserNames::UserId(const std::string& name) {
  return Look<passwd>(UserNamed(name), IdOfUser);
}

std::optional<uint32_t> PosixUserNames::GroupId(const std::string& name) {
  return Look<group>(GroupNamed(name), IdOfGroup);
}

std::optional<std::string> PosixUserNames::UserName(uint32_t id) {
  return Look<passwd>(UserOf(id), NameOfUser);
}

std::optional<std::string> PosixUserNames::GroupName(uint32_t id) {
  return Look<group>(GroupOf(id), NameOfGroup);
}

}  // namespace finder
