// What each version of the format has written is read by all later ones.
// testdata/README.md says what the files are.
#include <fstream>
#include <iterator>
#include <string>

#include "finder/results/hashes/kept_hashes.h"
#include "finder/results/result_record.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/finder/results/result_world.h"
#include "tests/finder/results/sample_record.h"

namespace finder {
namespace {

using ::testing::ElementsAre;

std::string Stored(const std::string& name) {
  std::ifstream file("testdata/results/" + name, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

KeptHashes SampleHashes() {
  KeptHashes hashes;
  hashes.boot_id = "boot";
  hashes.time = {.realtime_ns = 1'600'000'000'000'000'000, .boottime_ns = 7};
  hashes.volumes = {
      {.trust = StampTrust::kLocal, .identity = "ext4 \"1\"", .mount = ""},
      {.trust = StampTrust::kMount, .identity = "squashfs", .mount = "m\xff"}};
  hashes.files = {{.inode = 12,
                   .size_bytes = 5,
                   .modified_ns = 1'500'000'000'000'000'000,
                   .change_ns = 1'500'000'000'000'000'001,
                   .hash = HashOf("bytes"),
                   .volume = 0},
                  {.inode = 3,
                   .size_bytes = 0,
                   .modified_ns = -1,
                   .change_ns = 0,
                   .hash = HashOf(""),
                   .volume = 1}};
  return hashes;
}

TEST(OldResult, OfVersion1IsRead) {
  const std::string text = Stored("version_1.result");
  const auto record = DecodeRecord(text, OutsideOutputs::kRefused);
  ASSERT_TRUE(record.ok()) << record.status();
  EXPECT_EQ(*record, SampleRecord());
  const auto ingredients = DecodeIngredients(text);
  ASSERT_TRUE(ingredients.ok()) << ingredients.status();
  EXPECT_EQ(*ingredients, SampleIngredients());
}

// When this fails, the format has changed: raise kResultFormat, keep this file
// as it is and read it, and add one of the new version.
TEST(OldResult, OfVersion1IsWhatIsWritten) {
  EXPECT_EQ(EncodeRecord(SampleRecord(), SampleIngredients()),
            Stored("version_1.result"));
}

TEST(OldManifest, OfVersion1IsReadAndWritten) {
  const std::string text = Stored("version_1.manifest");
  const auto sets = DecodeInputSets(text);
  ASSERT_TRUE(sets.ok()) << sets.status();
  EXPECT_EQ(*sets, SampleIngredients().sets);
  EXPECT_EQ(EncodeInputSets(SampleIngredients().sets), text);
}

TEST(OldHashes, OfVersion1AreReadAndWritten) {
  const std::string text = Stored("version_1.hashes");
  const auto hashes = DecodeHashes(text);
  ASSERT_TRUE(hashes.has_value());
  EXPECT_EQ(hashes->files, SampleHashes().files);
  EXPECT_EQ(hashes->volumes, SampleHashes().volumes);
  EXPECT_EQ(hashes->boot_id, "boot");
  EXPECT_EQ(hashes->time.realtime_ns, SampleHashes().time.realtime_ns);
  EXPECT_EQ(EncodeHashes(SampleHashes()), text);
}

using OldEntryTest = ResultTest;

// The payload files of the entry, too: small ones one behind the other.
TEST_F(OldEntryTest, OfVersion1IsFound) {
  const ResultRecord record = SampleRecord();
  const std::vector<PayloadSource> payloads = {
      {.bytes = "one\nfailed\nno", .path = ""},
      {.bytes = "bytes", .path = ""},
      {.bytes = "", .path = ""}};
  const ResultKey key{record.key};
  ASSERT_TRUE(store_.Put(key, record, SampleIngredients(), payloads).ok());
  const std::string data = At("objects/result-" + key.digits + "/data");
  EXPECT_THAT(tree_.Names(data), ElementsAre("part-0", "result"));
  EXPECT_EQ(tree_.ReadFile(data + "/part-0"), Stored("version_1.part-0"));
  EXPECT_EQ(tree_.ReadFile(data + "/result"), Stored("version_1.result"));
}

}  // namespace
}  // namespace finder
