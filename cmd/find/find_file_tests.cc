// The tests of find(1) that ask a file for more than its times: size, mode,
// owner, identity, access.

#include <map>
#include <memory>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "cmd/find/find_primary.h"
#include "finder/expression/number_test.h"
#include "finder/expression/permission_test.h"
#include "fs/access_checks.h"
#include "fs/file_system_names.h"
#include "fs/user_names.h"

namespace finder {
namespace {

using Takes = Primary::Takes;
using Role = Primary::Role;

// A test of a number among the details.
template <typename Get>
ParsedNode ParseNumber(const PrimaryCall& call, Get get) {
  const auto test = NumberTest::Parse(call.value);
  if (!test) return BadValue(call, "not a whole number");
  return MakeDetailsTest([test = *test, get](const FileDetails& details) {
    return test.Matches(get(details));
  });
}

uint64_t LinksOf(const FileDetails& details) { return details.links; }
uint64_t InodeOf(const FileDetails& details) { return details.inode; }
uint64_t OwnerOf(const FileDetails& details) { return details.owner; }
uint64_t GroupOf(const FileDetails& details) { return details.group; }

ParsedNode ParseLinks(PrimaryCall& call) { return ParseNumber(call, LinksOf); }
ParsedNode ParseInode(PrimaryCall& call) { return ParseNumber(call, InodeOf); }
ParsedNode ParseUserId(PrimaryCall& call) { return ParseNumber(call, OwnerOf); }
ParsedNode ParseGroupId(PrimaryCall& call) {
  return ParseNumber(call, GroupOf);
}

// -user and -group take a name, or the number of somebody without one.
template <typename Get>
ParsedNode ParseOwner(const PrimaryCall& call, std::optional<uint32_t> id,
                      std::string_view what, Get get) {
  if (!id) {
    if (NumberTest::Parse(call.value)) return ParseNumber(call, get);
    return BadValue(call, "no such " + std::string(what));
  }
  return MakeDetailsTest([id = *id, get](const FileDetails& details) {
    return get(details) == id;
  });
}

ParsedNode ParseUser(PrimaryCall& call) {
  return ParseOwner(call, call.setup.program.users->UserId(call.value), "user",
                    OwnerOf);
}

ParsedNode ParseGroup(PrimaryCall& call) {
  return ParseOwner(call, call.setup.program.users->GroupId(call.value),
                    "group", GroupOf);
}

// Which numbers have names, asked once for each. Thread-safe.
class NamedIds {
 public:
  template <typename Ask>
  bool Has(uint32_t id, Ask ask) {
    const absl::MutexLock lock(&mutex_);
    const auto [known, is_new] = named_.try_emplace(id, false);
    if (is_new) known->second = ask(id).has_value();
    return known->second;
  }

 private:
  absl::Mutex mutex_;
  std::map<uint32_t, bool> named_ ABSL_GUARDED_BY(mutex_);
};

ParsedNode ParseNoUser(PrimaryCall& call) {
  UserNames* const users = call.setup.program.users;
  return MakeDetailsTest([users, named = std::make_shared<NamedIds>()](
                             const FileDetails& details) {
    return !named->Has(details.owner,
                       [users](uint32_t id) { return users->UserName(id); });
  });
}

ParsedNode ParseNoGroup(PrimaryCall& call) {
  UserNames* const users = call.setup.program.users;
  return MakeDetailsTest([users, named = std::make_shared<NamedIds>()](
                             const FileDetails& details) {
    return !named->Has(details.group,
                       [users](uint32_t id) { return users->GroupName(id); });
  });
}

ParsedNode ParseSize(PrimaryCall& call) {
  const auto test = SizeTest::Parse(call.value);
  if (!test) return BadValue(call, "not a size, like 2k or +1M");
  return MakeDetailsTest([test = *test](const FileDetails& details) {
    return test.Matches(details.size_bytes);
  });
}

ParsedNode ParseSparse(PrimaryCall&) {
  constexpr int64_t kBlockBytes = 512;
  return MakeDetailsTest([](const FileDetails& details) {
    return details.kind == EntryKind::kFile &&
           details.blocks * kBlockBytes < details.size_bytes;
  });
}

ParsedNode ParsePermissions(PrimaryCall& call) {
  const auto test = PermissionTest::Parse(call.value);
  if (!test) return BadValue(call, "not a mode");
  if (test->match == PermissionTest::Match::kAnyOf && test->file_bits == 0 &&
      test->directory_bits == 0) {
    call.setup.Warn(absl::StrCat("-perm ", call.value,
                                 " names no bit, so that it is always true"));
  }
  return MakeDetailsTest([test = *test](const FileDetails& details) {
    return test.Matches(details.mode, details.kind == EntryKind::kDirectory);
  });
}

ParsedNode ParseSameFile(PrimaryCall& call) {
  const auto reference = DetailsOfReference(call.value, call.setup);
  if (!reference.ok()) return reference.status();
  return MakeDetailsTest([device = reference->device, inode = reference->inode](
                             const FileDetails& details) {
    return details.inode == inode && details.device == device;
  });
}

ParsedNode ParseEmpty(PrimaryCall&) {
  return MakeNode({.asks_file = true}, [](Inquiry& inquiry) {
    AskedEntry& entry = inquiry.entry();
    if (entry.kind() == EntryKind::kFile) {
      const FileDetails* const details = inquiry.Details();
      return details != nullptr && details->size_bytes == 0;
    }
    if (entry.kind() != EntryKind::kDirectory) return false;
    if (!entry.known().is_empty && !inquiry.MayAskFile()) return false;
    const Result<bool>& empty = entry.IsEmptyDirectory();
    if (empty.ok()) return empty.value();
    inquiry.Problem(empty.error());
    return false;
  });
}

ParsedNode ParseFileSystemType(PrimaryCall& call) {
  FileSystemNames* const names = call.setup.program.file_system_names;
  return MakeDetailsTest(
      [names, type = call.value](const FileDetails& details) {
        return names->TypeOf(details.device) == type;
      });
}

ParsedNode ParseAccess(PrimaryCall& call) {
  const AccessKind kind = call.name == "-readable"   ? AccessKind::kRead
                          : call.name == "-writable" ? AccessKind::kWrite
                                                     : AccessKind::kExecute;
  AccessChecks* const access = call.setup.program.access;
  return MakeNode({.asks_file = true}, [access, kind](Inquiry& inquiry) {
    return inquiry.MayAskFile() &&
           access->MayAccess(inquiry.entry().path(), kind);
  });
}

constexpr Primary kPrimaries[] = {
    {"-empty", Role::kTest, Takes::kNothing, ParseEmpty},
    {"-executable", Role::kTest, Takes::kNothing, ParseAccess},
    {"-fstype", Role::kTest, Takes::kValue, ParseFileSystemType},
    {"-gid", Role::kTest, Takes::kValue, ParseGroupId},
    {"-group", Role::kTest, Takes::kValue, ParseGroup},
    {"-inum", Role::kTest, Takes::kValue, ParseInode},
    {"-links", Role::kTest, Takes::kValue, ParseLinks},
    {"-nogroup", Role::kTest, Takes::kNothing, ParseNoGroup},
    {"-nouser", Role::kTest, Takes::kNothing, ParseNoUser},
    {"-perm", Role::kTest, Takes::kValue, ParsePermissions},
    {"-readable", Role::kTest, Takes::kNothing, ParseAccess},
    {"-samefile", Role::kTest, Takes::kValue, ParseSameFile},
    {"-size", Role::kTest, Takes::kValue, ParseSize},
    {"-sparse", Role::kTest, Takes::kNothing, ParseSparse},
    {"-uid", Role::kTest, Takes::kValue, ParseUserId},
    {"-user", Role::kTest, Takes::kValue, ParseUser},
    {"-writable", Role::kTest, Takes::kNothing, ParseAccess},
};

}  // namespace

std::span<const Primary> FilePrimaries() { return kPrimaries; }

}  // namespace finder
