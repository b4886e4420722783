#include "cmd/output/progress.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "fs/fake/fake_clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/cmd/fake_stream.h"

namespace finder {
namespace {

constexpr int64_t kMs = 1'000'000;
constexpr int64_t kSecond = 1000 * kMs;

class ProgressTest : public testing::Test {
 protected:
  // What was written since the last call.
  std::string Written() { return std::exchange(err_.text, ""); }

  FakeClock clock_;
  FakeStream err_;
};

TEST_F(ProgressTest, AShortScanShowsNothing) {
  Progress progress(When::kAuto, true, err_, clock_);
  EXPECT_TRUE(progress.is_wanted());
  clock_.Advance(kSecond - 1);
  progress.Update(400'000, 430'000);
  progress.End();
  EXPECT_EQ(Written(), "");
}

TEST_F(ProgressTest, ALongScanShowsALineAndErasesIt) {
  Progress progress(When::kAuto, true, err_, clock_);
  clock_.Advance(kSecond);
  progress.Update(412'000, 430'000);
  const std::string line = "finder: 412,000 of about 430,000 directories";
  EXPECT_EQ(Written(), '\r' + line);
  progress.End();
  EXPECT_EQ(Written(), '\r' + std::string(line.size(), ' ') + '\r');
}

TEST_F(ProgressTest, TheLineIsRewrittenTenTimesASecond) {
  Progress progress(When::kAlways, true, err_, clock_);
  progress.Update(1, std::nullopt);
  EXPECT_EQ(Written(), "\rfinder: 1 directory");
  clock_.Advance(100 * kMs - 1);
  progress.Update(2, std::nullopt);
  EXPECT_EQ(Written(), "");
  clock_.Advance(1);
  progress.Update(3, std::nullopt);
  EXPECT_EQ(Written(), "\rfinder: 3 directories");
}

TEST_F(ProgressTest, AShorterLineLeavesNothingOfALongerOne) {
  Progress progress(When::kAlways, true, err_, clock_);
  progress.Update(9, 9);
  EXPECT_EQ(Written(), "\rfinder: 9 of about 9 directories");
  clock_.Advance(kSecond);
  // More than there were: how many there are is no longer known.
  progress.Update(10, 9);
  EXPECT_EQ(Written(), "\rfinder: 10 directories          ");
  progress.End();
  EXPECT_EQ(Written(), '\r' + std::string(22, ' ') + '\r');
}

TEST_F(ProgressTest, CountsDoNotGoBack) {
  Progress progress(When::kAlways, true, err_, clock_);
  progress.Update(64, std::nullopt);
  clock_.Advance(kSecond);
  Written();
  progress.Update(32, std::nullopt);
  EXPECT_EQ(Written(), "\rfinder: 64 directories");
}

TEST_F(ProgressTest, NothingIsWrittenAfterTheEnd) {
  Progress progress(When::kAlways, true, err_, clock_);
  progress.End();
  clock_.Advance(kSecond);
  progress.Update(64, std::nullopt);
  progress.End();
  EXPECT_EQ(Written(), "");
}

TEST_F(ProgressTest, WithoutAScreenAutoIsNever) {
  EXPECT_FALSE(Progress(When::kAuto, false, err_, clock_).is_wanted());
  EXPECT_FALSE(Progress(When::kNever, true, err_, clock_).is_wanted());
}

TEST_F(ProgressTest, WithoutAScreenThereArePlainLinesOnceASecond) {
  Progress progress(When::kAlways, false, err_, clock_);
  progress.Update(16, 100);
  clock_.Advance(kSecond);
  progress.Update(32, 100);
  clock_.Advance(kSecond - 1);
  progress.Update(64, 100);
  clock_.Advance(1);
  progress.Update(96, 100);
  progress.Update(100, 100);
  progress.End();
  EXPECT_EQ(Written(),
            "finder: 32 of about 100 directories\n"
            "finder: 96 of about 100 directories\n"
            "finder: 100 of about 100 directories\n");
}

TEST_F(ProgressTest, APlainLineIsNotRepeatedAtTheEnd) {
  Progress progress(When::kAlways, false, err_, clock_);
  clock_.Advance(kSecond);
  progress.Update(5, std::nullopt);
  progress.End();
  EXPECT_EQ(Written(), "finder: 5 directories\n");
}

}  // namespace
}  // namespace finder
