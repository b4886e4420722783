// Heap allocations are part of the cost: one for every directory would be a
// tenth of a warm run. Counted in this program, which replaces operator new.
//
// Measured on 2,000 directories of three files each, in 40 others: 0.05 a
// directory for a cold scan (one for each directory with children, for the open
// handle that they share) and 0.07 for a warm one.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>
#include <string>

#include "finder/facade/finder.h"
#include "fs/posix/files/posix_file_system.h"
#include "tests/support/finder_fixture.h"
#include "tests/support/temporary_tree.h"

namespace {
std::atomic<uint64_t> allocations = 0;
}  // namespace

// The sanitizers have an operator new of their own, under which nothing is
// counted.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
void* operator new(size_t size) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  void* const memory = std::malloc(size);
  if (memory == nullptr) std::abort();
  return memory;
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, size_t) noexcept { std::free(memory); }
#endif

namespace finder {
namespace {

constexpr int kDirectories = 2000;

class Allocations : public testing::Test {
 protected:
  Allocations() {
    for (int i = 0; i < kDirectories; ++i) {
      const std::string directory =
          "part" + std::to_string(i / 50) + "/module" + std::to_string(i);
      for (const char* name : {"/Makefile", "/main.cc", "/module.h"}) {
        tree_.WriteFile(directory + name);
      }
    }
  }

  // Those of one scan.
  double PerDirectory() {
    Options options =
        FinderFixture::OptionsOf(FinderFixture::ViewOf({tree_.path()}));
    options.database = database_.path() + "/finder.db";
    Finder finder(RealEnvironment(&files_, &clock_, tree_), options);
    const uint64_t before = allocations;
    EXPECT_TRUE(finder.Scan().ok());
    const uint64_t made = allocations - before;
    EXPECT_TRUE(finder.Save().ok());
    return static_cast<double>(made) / kDirectories;
  }

  PosixFileSystem files_;
  HourLaterClock clock_;
  TemporaryTree tree_;
  TemporaryTree database_;
};

TEST_F(Allocations, OfAColdAndAWarmScanAreFew) {
  const double cold = PerDirectory();
  const double warm = PerDirectory();
  RecordProperty("cold", std::to_string(cold));
  RecordProperty("warm", std::to_string(warm));
  EXPECT_LT(cold, 0.2) << cold;
  EXPECT_LT(warm, 0.2) << warm;
}

}  // namespace
}  // namespace finder
