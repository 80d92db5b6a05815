// What `status` says of each team, and what it costs the reader.
#include <gmock/gmock.h>

#include "broker/server/pages.h"
#include "tests/support/hub_core.h"

namespace switchboard::server {
namespace {

using support::Event;
using support::HubCore;
using support::make_act;

// Counts the rows of inboxes that were looked at.
class CountedScan : public kv::Scan {
 public:
  CountedScan(std::unique_ptr<kv::Scan> rows, uint64_t& looked)
      : rows_(std::move(rows)), looked_(looked) {}
  bool valid() const override { return rows_->valid(); }
  std::string_view key() const override { return rows_->key(); }
  std::string_view value() const override {
    ++looked_;
    return rows_->value();
  }
  void next() override { rows_->next(); }
  Status status() const override { return rows_->status(); }

 private:
  std::unique_ptr<kv::Scan> rows_;
  uint64_t& looked_;
};
class CountedReads : public kv::Reads {
 public:
  explicit CountedReads(const kv::Reads& reads) : reads_(reads) {}
  Result<std::optional<std::string>> get(kv::Family family, std::string_view key) const override {
    return reads_.get(family, key);
  }
  std::unique_ptr<kv::Scan> scan(kv::Family family, std::string_view from,
                                 std::string_view until) const override {
    return counted(family, reads_.scan(family, from, until));
  }
  std::unique_ptr<kv::Scan> scan_back(kv::Family family, std::string_view from,
                                      std::string_view until) const override {
    return counted(family, reads_.scan_back(family, from, until));
  }
  uint64_t looked() const { return looked_; }

 private:
  std::unique_ptr<kv::Scan> counted(kv::Family family, std::unique_ptr<kv::Scan> rows) const {
    if (family != kv::Family::kInbox) return rows;
    return std::make_unique<CountedScan>(std::move(rows), looked_);
  }
  const kv::Reads& reads_;
  mutable uint64_t looked_ = 0;
};

v1::TeamStatus of_team(const v1::Status& status, const std::string& team) {
  for (const auto& row : status.teams()) {
    if (row.team() == team) return row;
  }
  return {};
}

TEST(TeamStatus, IsExactAndReadsNoLog) {
  HubCore hub;
  std::vector<int64_t> accepted;
  for (int n = 0; n < 60; ++n) {
    accepted.push_back(hub.now.us);
    hub.publish(Event("concern", std::to_string(n)));
    hub.advance(seconds(1));
  }
  unsigned acts = 0;
  for (uint64_t n = 1; n <= 50; ++n) {
    hub.act(make_act(++acts, "X99-HV", n, v1::ACT_KIND_ACKNOWLEDGE, "amy"));
    if (n <= 45) hub.act(make_act(++acts, "X99-HV", n, v1::ACT_KIND_FINISH, "amy", "done"));
  }
  hub.advance(seconds(3 * 3600));
  while (hub.tick() > 0) {
  }
  CountedReads reads(hub.kv());
  const View view{reads, *hub.core().directory(), hub.core().secrets(), hub.now};
  v1::Status status;
  ASSERT_TRUE(add_status(view, status).ok());
  const v1::TeamStatus row = of_team(status, "X99-HV");
  EXPECT_EQ(row.open_act(), 15u);
  EXPECT_EQ(row.overdue(), 10u) << "of those nobody picked up";
  EXPECT_EQ(row.oldest_open_us(), accepted[45]);
  EXPECT_LE(reads.looked(), 2 * status.teams().size());
}

}  // namespace
}  // namespace switchboard::server
