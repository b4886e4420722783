#include "finder/diagnostics.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace finder {
namespace {

TEST(Diagnostics, AreSortedByPath) {
  Diagnostics diagnostics;
  diagnostics.Add("b", "Permission denied");
  diagnostics.Add("a/c", "Input/output error");
  diagnostics.Add("a", "Permission denied");
  EXPECT_EQ(diagnostics.Sorted(),
            (std::vector<Diagnostic>{{"a", "Permission denied"},
                                     {"a/c", "Input/output error"},
                                     {"b", "Permission denied"}}));
  EXPECT_EQ(diagnostics.count(), 3u);
}

TEST(Diagnostics, AreCountedBeyondThoseThatAreKept) {
  Diagnostics diagnostics;
  for (size_t i = 0; i < Diagnostics::kMostKept + 10; ++i) {
    diagnostics.Add(std::to_string(i), "reason");
  }
  EXPECT_EQ(diagnostics.count(), Diagnostics::kMostKept + 10);
  EXPECT_EQ(diagnostics.Sorted().size(), Diagnostics::kMostKept);
}

}  // namespace
}  // namespace finder
