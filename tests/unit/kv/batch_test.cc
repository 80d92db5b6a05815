#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <tuple>
#include <vector>

#include "broker/base/limits.h"
#include "broker/kv/kv.h"

namespace switchboard::kv {

using Operation = std::tuple<Batch::Op, Family, std::string, std::string>;

std::vector<Operation> operations(const Batch& batch) {
  std::vector<Operation> out;
  batch.for_each([&](Batch::Op op, Family family, std::string_view key, std::string_view value) {
    out.emplace_back(op, family, key, value);
  });
  return out;
}

Batch sample() {
  Batch batch;
  Batch::Header header;
  header.epoch = 3;
  header.first = 41;
  header.last = 42;
  header.time_us = 1'700'000'000'000'000;
  header.previous.fill(0xab);
  batch.set_header(header);
  batch.put(Family::kEvent, "position", std::string(200, 'v'));
  batch.erase(Family::kState, std::string("\0\xff", 2));
  batch.put(Family::kMeta, "head", "");
  return batch;
}

TEST(Batch, ComesBackFromItsBytes) {
  const Batch batch = sample();
  const std::string bytes = batch.encode();
  EXPECT_EQ(bytes.size(), batch.bytes());
  const Batch back = Batch::decode(bytes).value();
  EXPECT_EQ(back.header().epoch, 3u);
  EXPECT_EQ(back.header().first, 41u);
  EXPECT_EQ(back.header().last, 42u);
  EXPECT_EQ(back.header().time_us, 1'700'000'000'000'000);
  EXPECT_EQ(back.header().previous, batch.header().previous);
  EXPECT_EQ(back.count(), 3u);
  EXPECT_EQ(operations(back), operations(batch));
}

// The disk and a replicated journal carry these bytes: a change here is a format change.
TEST(Batch, BytesAreThoseOfTheFormat) {
  Batch batch;
  batch.put(Family::kDedupe, "k", "vv");
  batch.erase(Family::kMeta, "x");
  EXPECT_EQ(batch.encode(),
            "SB1\n" + std::string(64, '\0') + std::string("\x04\x00\x01k\x02vv\x0a\x01\x01x", 11));
}

TEST(Batch, ClearLeavesNothing) {
  Batch batch = sample();
  batch.clear();
  EXPECT_TRUE(batch.empty());
  EXPECT_EQ(batch.encode(), Batch().encode());
}

TEST(Batch, CutAnywhereIsRefusedOrIsAShorterBatch) {
  const std::string bytes = sample().encode();
  for (size_t size = 0; size < bytes.size(); ++size) {
    const auto cut = Batch::decode(std::string_view(bytes).substr(0, size));
    if (cut.ok()) {
      EXPECT_LT(cut.value().count(), 3u) << "at " << size;
      EXPECT_EQ(cut.value().bytes(), size);
    } else {
      EXPECT_EQ(cut.error().code, v1::CODE_MALFORMED) << "at " << size;
    }
  }
}

TEST(Batch, AnyByteChangedIsRefusedOrIsExactlyWhatItSays) {
  const std::string bytes = sample().encode();
  for (size_t i = 0; i < bytes.size(); ++i) {
    for (int change = 1; change < 256; ++change) {
      std::string bad = bytes;
      bad[i] = static_cast<char>(bad[i] ^ change);
      const auto decoded = Batch::decode(bad);
      if (decoded.ok()) {
        EXPECT_EQ(decoded.value().encode(), bad) << "byte " << i;
      }
    }
  }
}

TEST(Batch, UnknownFamilyOpAndLongVarintsAreRefused) {
  const std::string header = Batch().encode();
  const std::string bad[] = {std::string("\x00\x01\x01k", 4), std::string("\x0b\x01\x01k", 4),
                             std::string("\x01\x02\x01k", 4), std::string("\x01\x01\x81\x00k", 5),
                             std::string("\x01\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01k", 13)};
  for (const std::string& operation : bad) {
    EXPECT_FALSE(Batch::decode(header + operation).ok());
  }
}

TEST(Batch, OverItsLimitIsRefused) {
  Batch batch;
  batch.put(Family::kPayload, "k", std::string(limits::kBatchBytesMax, 'x'));
  EXPECT_EQ(Batch::decode(batch.encode()).error().code, v1::CODE_OVERSIZE);
}

RC_GTEST_PROP(Batch, AnyOperationsComeBackInOrder, ()) {
  const auto wanted = *rc::gen::container<std::vector<Operation>>(
      rc::gen::tuple(rc::gen::element(Batch::Op::kPut, Batch::Op::kDelete),
                     rc::gen::elementOf(std::vector<Family>(kFamilies.begin(), kFamilies.end())),
                     rc::gen::string<std::string>(), rc::gen::string<std::string>()));
  Batch batch;
  std::vector<Operation> expected;
  for (const auto& [op, family, key, value] : wanted) {
    if (op == Batch::Op::kPut) {
      batch.put(family, key, value);
      expected.emplace_back(op, family, key, value);
    } else {
      batch.erase(family, key);
      expected.emplace_back(op, family, key, "");
    }
  }
  const Batch back = Batch::decode(batch.encode()).value();
  RC_ASSERT(operations(back) == expected);
  RC_ASSERT(back.encode() == batch.encode());
}

RC_GTEST_PROP(Batch, AnyBytesAreRefusedOrAreTheirOwnEncoding, (const std::string& tail)) {
  const std::string bytes = Batch().encode() + tail;
  const auto decoded = Batch::decode(bytes);
  if (decoded.ok()) RC_ASSERT(decoded.value().encode() == bytes);
}

TEST(Family, NamesAreThoseOnDisk) {
  std::vector<std::string_view> names;
  for (const Family family : kFamilies) names.push_back(name(family));
  EXPECT_EQ(names, (std::vector<std::string_view>{"event", "payload", "key", "dedupe", "inbox",
                                                  "state", "index", "directory", "audit", "meta"}));
}

TEST(PrefixEnd, IsAfterEveryKeyWithThePrefixAndBeforeAllOthers) {
  EXPECT_EQ(prefix_end("ab"), "ac");
  EXPECT_EQ(prefix_end("a\xff\xff"), "b");
  EXPECT_EQ(prefix_end("\xff"), "");
  EXPECT_EQ(prefix_end(""), "");
  EXPECT_EQ(prefix_end("\x7f"), "\x80");
}

}  // namespace switchboard::kv
