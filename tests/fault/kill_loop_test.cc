// kill -9, over and over: the hub, publishers and endpoints, each a process of its own, under load.
//
// Judged from the endpoints' own stores against what the publishers handed over: nothing lost,
// duplicated, reordered, altered or invented; and from the ledgers of answers: what was promised is
// there. KILLS=n kills more often than the 25 of a normal run, SEED=n in another order.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <random>
#include <set>
#include <sstream>

#include "adapters/sdk/client_key.h"
#include "adapters/sdk/verdict.h"
#include "broker/kv/rocks_kv.h"
#include "tests/fault/judge.h"
#include "tests/support/child.h"
#include "tests/support/hub_world.h"

namespace switchboard::test {
namespace {

const std::string kClient = std::string(SWITCHBOARD_BINARY_DIR) + "/bin/kill_loop_client";

unsigned setting(const char* name, unsigned otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : static_cast<unsigned>(std::atoi(text));
}

// One publisher or endpoint: how to start it, and what it left behind.
struct Member {
  std::string name;  // of its folder
  std::string principal;
  std::vector<std::string> role;  // "publish", agency | "read", team, person
  Child child;

  bool publisher() const { return role[0] == "publish"; }
};

struct Store {
  uint64_t through = 0;
  std::vector<v1::Entry> log;
};

class KillLoop : public testing::Test {
 protected:
  KillLoop() : random_(setting("SEED", 1)) {
    v1::Directory more;
    *more.add_routes() = area_route("mid-area", "X26-MID", kArea);
    *more.add_principals() = world_.principal("hv-second", "X99", {v1::ROLE_ENDPOINT}, {"X99-HV"});
    CHECK(world_.apply(more).ok());
    add("pub-x26", "x26-pas", {"publish", "X26"});
    add("pub-x99", "x99-pas", {"publish", "X99"});
    add("hv-one", "x99-screen", {"read", "X99-HV", "rosa"});
    add("hv-two", "hv-second", {"read", "X99-HV", "omar"});
    add("mid", "x26-screen", {"read", "X26-MID", "mina"});
  }

  void add(const std::string& name, const std::string& principal,
           const std::vector<std::string>& role) {
    auto member = std::make_unique<Member>();
    member->name = name;
    member->principal = principal;
    member->role = role;
    CHECK(wire::save_secret_key(world_.hub.dir().file(name + ".key"),
                                world_.keys(principal).secret_key)
              .ok());
    members_.push_back(std::move(member));
  }

  std::string dir_of(const Member& m) const { return world_.hub.dir().file(m.name); }

  void start(Member& m) {
    std::vector<std::string> arguments = {kClient,
                                          m.role[0],
                                          world_.hub.client_endpoint(),
                                          world_.hub.public_key(),
                                          world_.hub.dir().file(m.name + ".key"),
                                          dir_of(m)};
    arguments.insert(arguments.end(), m.role.begin() + 1, m.role.end());
    m.child.start({arguments, {}, world_.hub.dir().file("clients.log")});
  }

  uint64_t number_in(const std::string& file) const {
    uint64_t number = 0;
    std::istringstream(read_file(file)) >> number;
    return number;
  }
  // How far all endpoints together have come.
  uint64_t progress() const {
    uint64_t all = 0;
    for (const auto& m : members_) {
      if (!m->publisher()) all += number_in(dir_of(*m) + "/through");
    }
    return all;
  }

  void kill_something() {
    // Half of the kills meet the hub; now and then two fall together.
    const auto draw = random_() % 12;
    const bool hub = draw < 6 || draw == 11;
    if (hub) {
      world_.hub.kill();
      ++hub_kills_;
    }
    if (draw >= 6) {
      Member& m = *members_[random_() % members_.size()];
      EXPECT_TRUE(m.child.running()) << m.name << " ended by itself\n"
                                     << read_file(world_.hub.dir().file("clients.log"));
      m.child.kill();
      ++(m.publisher() ? publisher_kills_ : endpoint_kills_);
      if (!hub && m.name == "mid") check_receipts(m);
      start(m);
    }
    if (hub) {
      ASSERT_TRUE(world_.hub.start()) << world_.hub.log();
    }
  }

  // P1: the hub counts as received only what the endpoint would find after a crash.
  void check_receipts(const Member& m) {
    const auto counted = world_.team_status(m.role[1]).received();
    EXPECT_LE(counted, open_store(m).through);
    ++receipts_checked_;
  }

  Store open_store(const Member& m) const {
    Store out;
    const auto key = sdk::load_or_make_client_key(dir_of(m) + "/client.key").value();
    auto kv = kv::RocksKv::open({.dir = dir_of(m) + "/store"}).value();
    Entropy entropy(os_random_32());
    const auto store =
        sdk::EndpointStore::open(*kv, entropy, {.team = m.role[1], .key = key}).value();
    out.through = store.through();
    for (uint64_t after = 0;;) {
      const auto page = store.read(after, 1000).value();
      if (page.empty()) return out;
      for (const auto& stored : page) out.log.push_back(stored.entry);
      after = page.back().entry.number();
    }
  }

  // What publishers were told is held: their sequences.
  std::map<std::string, uint64_t> promised_and_published() {
    std::map<std::string, uint64_t> published;
    for (const auto& m : members_) {
      if (!m->publisher()) continue;
      const uint64_t count = number_in(dir_of(*m) + "/count");
      published[m->role[1]] = count;
      std::ifstream ledger(dir_of(*m) + "/ledger");
      uint64_t sequence = 0;
      int code = 0;
      while (ledger >> sequence >> code) {
        EXPECT_EQ(sdk::verdict(static_cast<v1::Code>(code)), sdk::Verdict::kHeld) << sequence;
        EXPECT_NE(code, v1::CODE_QUARANTINED) << sequence;
        EXPECT_LE(sequence, count) << "promised more than was handed over";
        ++promises_;
      }
    }
    return published;
  }

  // Acts that were answered are in the team's log, and no act is there twice.
  void check_acts(const Member& m, const std::vector<v1::Entry>& log) {
    std::map<uint64_t, int> opened;
    for (const auto& entry : log) {
      if (entry.notice().change() == v1::CHANGE_OPENED) ++opened[entry.notice().refers_to()];
    }
    for (const auto& [number, times] : opened) EXPECT_EQ(times, 1) << number;
    std::map<std::string, uint64_t> submitted;
    std::ifstream ledger(dir_of(m) + "/ledger");
    std::string what, id;
    for (uint64_t value = 0; ledger >> what >> id >> value;) {
      if (what == "submitted") submitted[id] = value;
      const auto known = submitted.find(id);
      if (what != "answered" || known == submitted.end()) continue;
      EXPECT_EQ(value, uint64_t{v1::CODE_OK}) << id;
      EXPECT_TRUE(opened.contains(known->second)) << m.name << " " << known->second;
      ++acts_;
    }
  }

  void finish() {
    for (auto& m : members_) {
      if (m->publisher()) std::ofstream(dir_of(*m) + "/finish") << "\n";
    }
    ASSERT_TRUE(eventually(
        [&] {
          return std::all_of(members_.begin(), members_.end(),
                             [](auto& m) { return !m->publisher() || !m->child.running(); });
        },
        std::chrono::seconds(90)))
        << "publishers did not get everything answered\n"
        << world_.hub.log();
    ASSERT_TRUE(eventually([&] { return all_read(); }, std::chrono::seconds(90)))
        << world_.status().DebugString() << world_.hub.log();
  }
  bool all_read() {
    const v1::Status now = world_.status();
    for (const auto& m : members_) {
      if (m->publisher()) continue;
      const uint64_t through = number_in(dir_of(*m) + "/through");
      for (const auto& row : now.teams()) {
        if (row.team() == m->role[1] && (row.head() != through || row.received() != through)) {
          return false;
        }
      }
    }
    return true;
  }

  HubWorld world_;
  std::mt19937 random_;
  std::vector<std::unique_ptr<Member>> members_;
  unsigned hub_kills_ = 0, publisher_kills_ = 0, endpoint_kills_ = 0, receipts_checked_ = 0;
  uint64_t promises_ = 0, acts_ = 0;
};

TEST_F(KillLoop, NothingIsLostDuplicatedReorderedAlteredOrInvented) {
  const unsigned kills = setting("KILLS", 25);
  for (auto& m : members_) start(*m);
  for (unsigned i = 0; i < kills && !HasFailure(); ++i) {
    // Somewhere in the middle of the work, which must have gone on since the last kill.
    const uint64_t far = progress() + 1 + random_() % 400;
    ASSERT_TRUE(eventually([&] { return progress() >= far; }, std::chrono::seconds(60)))
        << "nothing moves after kill " << i << "\n"
        << world_.status().DebugString() << read_file(world_.hub.dir().file("clients.log"))
        << world_.hub.log();
    kill_something();
  }
  finish();
  ASSERT_FALSE(HasFailure());
  for (auto& m : members_) m->child.kill();
  EXPECT_EQ(world_.hub.stop(), 0);
  std::string said;
  EXPECT_EQ(world_.hub.verify(&said), 0) << said;

  const auto published = promised_and_published();
  Findings all;
  for (const auto& m : members_) {
    if (m->publisher()) continue;
    const Store store = open_store(*m);
    const Findings found = judge(published, store.log);
    EXPECT_TRUE(found.clean()) << m->name << ": lost " << found.lost << " duplicated "
                               << found.duplicated << " reordered " << found.reordered
                               << " altered " << found.altered << " invented " << found.invented;
    all += found;
    check_acts(*m, store.log);
  }
  std::printf(
      "kills: hub %u publishers %u endpoints %u | promises %llu acts %llu deliveries %llu "
      "receipts checked %u | lost %llu duplicated %llu reordered %llu altered %llu invented %llu\n",
      hub_kills_, publisher_kills_, endpoint_kills_, static_cast<unsigned long long>(promises_),
      static_cast<unsigned long long>(acts_), static_cast<unsigned long long>(all.deliveries),
      receipts_checked_, static_cast<unsigned long long>(all.lost),
      static_cast<unsigned long long>(all.duplicated),
      static_cast<unsigned long long>(all.reordered), static_cast<unsigned long long>(all.altered),
      static_cast<unsigned long long>(all.invented));
  EXPECT_GT(all.deliveries, 0u);
  EXPECT_GT(acts_, 0u);
}

}  // namespace
}  // namespace switchboard::test
