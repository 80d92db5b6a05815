#include "broker/store/payload.h"

#include <gtest/gtest.h>

#include "broker/kv/mem_kv.h"
#include "broker/store/keys.h"

namespace switchboard::store {
namespace {

using kv::Family;

struct World {
  World() : journal(disk), entropy(seed()) {
    master.fill(3);
    const std::vector<PlainSection> sections{{v1::SECTION_KIND_IDENTITY, "identity"},
                                             {v1::SECTION_KIND_DETAIL, "detail"}};
    PayloadRoom room;
    for (const uint64_t position : {7u, 8u}) {
      write_payload(journal, master, entropy, position, "header", sections, room);
    }
    commit();
  }
  static std::array<uint8_t, 32> seed() { return {1}; }
  void commit() {
    EXPECT_TRUE(disk.write_synced(journal.pending()).ok());
    journal.written();
  }
  std::string row(Family family, uint64_t position) {
    return disk.get(family, key::position(position)).value().value();
  }
  kv::MemKv disk;
  Journal journal;
  Entropy entropy;
  SealKey master;
};

TEST(Payload, GivesBackHeaderAndSections) {
  World w;
  const auto opened = read_payload(w.disk, w.master, 7, {});
  ASSERT_TRUE(opened.ok());
  EXPECT_EQ(opened->header, "header");
  ASSERT_EQ(opened->sections.size(), 2u);
  EXPECT_EQ(opened->sections[1].body(), "detail");
}
TEST(Payload, OpensOnlyWhatIsWanted) {
  World w;
  const auto opened = read_payload(w.disk, w.master, 7, {v1::SECTION_KIND_IDENTITY});
  ASSERT_TRUE(opened.ok());
  EXPECT_EQ(opened->header, "");
  ASSERT_EQ(opened->sections.size(), 1u);
  EXPECT_EQ(opened->sections[0].kind(), v1::SECTION_KIND_IDENTITY);
}
TEST(Payload, IsSealedAtRest) {
  World w;
  EXPECT_EQ(w.row(Family::kPayload, 7).find("identity"), std::string::npos);
  EXPECT_EQ(w.row(Family::kPayload, 7).find("header"), std::string::npos);
}
TEST(Payload, ARowMovedToAnotherPositionIsRefused) {
  World w;
  w.journal.put(Family::kPayload, key::position(8), w.row(Family::kPayload, 7));
  w.journal.put(Family::kKey, key::position(8), w.row(Family::kKey, 7));
  w.commit();
  EXPECT_EQ(read_payload(w.disk, w.master, 8, {}).error().code, v1::CODE_INTERNAL);
}
TEST(Payload, ARowWithAnotherEventsKeyIsRefused) {
  World w;
  w.journal.put(Family::kPayload, key::position(8), w.row(Family::kPayload, 7));
  w.commit();
  EXPECT_EQ(read_payload(w.disk, w.master, 8, {}).error().code, v1::CODE_INTERNAL);
}
TEST(Payload, AnyAlteredByteIsRefused) {
  World w;
  const std::string good = w.row(Family::kPayload, 7);
  for (size_t at = 0; at < good.size(); ++at) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 0x40);
    w.journal.put(Family::kPayload, key::position(7), bad);
    w.commit();
    EXPECT_FALSE(read_payload(w.disk, w.master, 7, {}).ok()) << "byte " << at;
  }
}
TEST(Payload, DeletingTheKeyErasesTheEvent) {
  World w;
  w.journal.erase(Family::kKey, key::position(7));
  w.commit();
  EXPECT_EQ(read_payload(w.disk, w.master, 7, {}).error().code, v1::CODE_NOT_FOUND);
  EXPECT_TRUE(read_payload(w.disk, w.master, 8, {}).ok());
}
TEST(Payload, AnotherMasterKeyOpensNothing) {
  World w;
  w.master.fill(4);
  EXPECT_EQ(read_payload(w.disk, w.master, 7, {}).error().code, v1::CODE_INTERNAL);
}

}  // namespace
}  // namespace switchboard::store
