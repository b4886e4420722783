#include "finder/threads/ordered_pipeline.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstddef>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "finder/threads/thread_pool.h"

namespace finder {
namespace {

// Takes a while that differs from piece to piece.
void Work(size_t piece) {
  volatile size_t sink = 0;
  for (size_t i = 0; i < (piece * 7919 % 13) * 200; ++i) sink = sink + i;
}

class OrderedPipeline : public testing::TestWithParam<unsigned> {
 protected:
  unsigned workers() const { return GetParam(); }
  ThreadPool pool_{GetParam()};
};

TEST_P(OrderedPipeline, PiecesAreConsumedInOrder) {
  std::string all;
  size_t expected = 0;
  RunInOrder(
      pool_, workers(), 1000,
      [](size_t piece, std::string& buffer) {
        EXPECT_TRUE(buffer.empty());
        Work(piece);
        buffer = std::to_string(piece) + ",";
      },
      [&](size_t piece, std::string& buffer) {
        EXPECT_EQ(piece, expected++);
        all += buffer;
        return true;
      });
  std::string in_order;
  for (int i = 0; i < 1000; ++i) in_order += std::to_string(i) + ",";
  EXPECT_EQ(all, in_order);
}

TEST_P(OrderedPipeline, PiecesCanBeFoundAsOneGoes) {
  for (const size_t count : {0, 1, 1000}) {
    std::vector<size_t> found;
    std::string all;
    FindAndRunInOrder(
        pool_, workers(),
        [&](size_t piece) {
          EXPECT_EQ(piece, found.size());
          if (found.size() == count) return false;
          found.push_back(piece);
          return true;
        },
        [](size_t piece, std::string& buffer) {
          Work(piece);
          buffer = std::to_string(piece) + ",";
        },
        [&](size_t, std::string& buffer) {
          all += buffer;
          return true;
        });
    std::string in_order;
    for (size_t i = 0; i < count; ++i) in_order += std::to_string(i) + ",";
    EXPECT_EQ(all, in_order);
  }
}

TEST_P(OrderedPipeline, OfNothingCallsNothing) {
  RunInOrder(
      pool_, workers(), 0, [](size_t, std::string&) { ADD_FAILURE(); },
      [](size_t, std::string&) {
        ADD_FAILURE();
        return true;
      });
}

TEST_P(OrderedPipeline, EndsEarlyWhenTheConsumerHasEnough) {
  std::atomic<size_t> produced = 0;
  size_t consumed = 0;
  RunInOrder(
      pool_, workers(), 100'000,
      [&produced](size_t, std::string&) { ++produced; },
      [&consumed](size_t, std::string&) { return ++consumed < 10; });
  EXPECT_EQ(consumed, 10u);
  EXPECT_LE(produced, 10 + size_t{5} * workers());
}

TEST_P(OrderedPipeline, FewPiecesWaitAtATime) {
  std::atomic<size_t> consumed = 0;
  std::atomic<size_t> most_ahead = 0;
  RunInOrder(
      pool_, workers(), 2000,
      [&](size_t piece, std::string&) {
        const size_t done = consumed;
        size_t most = most_ahead;
        while (piece > done + most &&
               !most_ahead.compare_exchange_weak(most, piece - done)) {
        }
      },
      [&](size_t piece, std::string&) {
        Work(piece);
        ++consumed;
        return true;
      });
  EXPECT_LE(most_ahead, size_t{4} * workers());
}

TEST_P(OrderedPipeline, APieceCanBeHandedOnInParts) {
  std::string all;
  StreamInOrder(
      pool_, workers(), 50,
      [](size_t piece, std::string& buffer, absl::FunctionRef<void()> hand_on) {
        for (int part = 0; part < 20; ++part) {
          Work(piece + static_cast<size_t>(part));
          buffer += std::to_string(piece) + "." + std::to_string(part) + ",";
          hand_on();
        }
      },
      [&all](size_t, std::string& buffer) {
        all += buffer;
        return true;
      });
  std::string in_order;
  for (int piece = 0; piece < 50; ++piece) {
    for (int part = 0; part < 20; ++part) {
      in_order += std::to_string(piece) + "." + std::to_string(part) + ",";
    }
  }
  EXPECT_EQ(all, in_order);
}

TEST_P(OrderedPipeline, PartsEndEarlyToo) {
  int consumed = 0;
  StreamInOrder(
      pool_, workers(), 1000,
      [](size_t, std::string& buffer, absl::FunctionRef<void()> hand_on) {
        for (int part = 0; part < 10; ++part) {
          buffer += 'x';
          hand_on();
        }
      },
      [&consumed](size_t, std::string&) { return ++consumed < 3; });
  EXPECT_EQ(consumed, 3);
}

INSTANTIATE_TEST_SUITE_P(Workers, OrderedPipeline, testing::Values(1, 2, 4, 8));

}  // namespace
}  // namespace finder
