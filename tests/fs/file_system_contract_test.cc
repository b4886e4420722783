// The worlds the contract is run on. Its tests are in the other files of this
// target.
#include "tests/fs/file_system_contract.h"

#include <memory>

#include "fs/posix/files/posix_file_system.h"
#include "gtest/gtest.h"
#include "tests/fs/fake_world.h"
#include "tests/fs/posix_world.h"

namespace finder {
namespace {

INSTANTIATE_TEST_SUITE_P(
    Every, FileSystemContract,
    testing::Values(
        WorldKind{"Posix",
                  [] {
                    return std::make_unique<PosixWorld>(
                        std::make_unique<PosixFileSystem>());
                  }},
        WorldKind{"PosixWithNamedTemporaries",
                  [] {
                    return std::make_unique<PosixWorld>(
                        std::make_unique<NamedTemporariesFileSystem>());
                  }},
        WorldKind{"Fake", [] { return std::make_unique<FakeWorld>(); }}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace finder
