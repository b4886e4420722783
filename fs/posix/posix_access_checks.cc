#include "fs/posix/posix_access_checks.h"

#include <fcntl.h>
#include <unistd.h>

#include "fs/posix/files/kernel_path.h"

namespace finder {
namespace {

int ModeOf(AccessKind kind) {
  switch (kind) {
    case AccessKind::kRead:
      return R_OK;
    case AccessKind::kWrite:
      return W_OK;
    case AccessKind::kExecute:
      return X_OK;
  }
  return F_OK;
}

}  // namespace

bool PosixAccessChecks::MayAccess(std::string_view path, AccessKind kind) {
  const KernelPath kernel_path(AT_FDCWD, path);
  return kernel_path.ok() && faccessat(kernel_path.base(), kernel_path.text(),
                                       ModeOf(kind), 0) == 0;
}

}  // namespace finder
