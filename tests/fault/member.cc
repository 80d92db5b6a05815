#include "tests/fault/member.h"

#include <fstream>
#include <optional>
#include <sstream>

#include "adapters/sdk/client_key.h"
#include "adapters/sdk/endpoint_store.h"
#include "adapters/sdk/verdict.h"
#include "broker/kv/rocks_kv.h"

namespace switchboard::test {
namespace {

uint64_t number_in(const std::string& file) {
  uint64_t number = 0;
  std::istringstream(read_file(file)) >> number;
  return number;
}

}  // namespace

const char* name_of(Role role) {
  switch (role) {
    case Role::kPublisher:
      return "publisher";
    case Role::kFeed:
      return "feed";
    case Role::kAdapter:
      return "adapter";
    case Role::kEndpoint:
      return "endpoint";
  }
  return "";
}

void Member::ask_to_finish() const { std::ofstream(file("finish")) << "\n"; }
uint64_t Member::count() const { return number_in(file("count")); }
uint64_t Member::through() const { return number_in(file("through")); }

uint64_t Member::promises(std::vector<std::string>& wrong) const {
  std::ifstream ledger(file("ledger"));
  uint64_t sequence = 0, promises = 0;
  for (int code = 0; ledger >> sequence >> code; ++promises) {
    const bool held = sdk::verdict(static_cast<v1::Code>(code)) == sdk::Verdict::kHeld &&
                      code != v1::CODE_QUARANTINED;
    if (!held) wrong.push_back(name() + " was told " + std::to_string(code) + " of an event");
  }
  return promises;
}

std::vector<ActAnswer> Member::act_answers() const {
  std::map<std::string, ActAnswer> submitted;
  std::vector<ActAnswer> answers;
  std::ifstream ledger(file("ledger"));
  std::string what, id;
  uint64_t number = 0;
  for (int value = 0; ledger >> what >> id >> number >> value;) {
    if (what == "submitted") {
      submitted[id] = {number, options_.person, static_cast<v1::ActKind>(value), v1::CODE_OK};
    } else if (const auto known = submitted.find(id); known != submitted.end()) {
      answers.push_back(known->second);
      answers.back().code = static_cast<v1::Code>(value);
    }
  }
  return answers;
}

uint64_t Member::read_log(const std::function<void(const v1::Entry&)>& see) const {
  const auto key = sdk::load_or_make_client_key(file("client.key")).value();
  auto kv = kv::RocksKv::open({.dir = file("store")}).value();
  Entropy entropy(os_random_32());
  const auto store =
      sdk::EndpointStore::open(*kv, entropy, {.team = options_.team, .key = key}).value();
  // What an operator sent again after the hub was opened anew stands beside the copy that was
  // there, under the newer epoch: that one counts.
  std::optional<sdk::EndpointStore::Stored> newest;
  for (uint64_t after = 0;;) {
    const auto page = store.read(after, 1000).value();
    for (const auto& stored : page) {
      const bool same = newest && newest->entry.number() == stored.entry.number();
      if (newest && !same) see(newest->entry);
      if (!same || stored.epoch >= newest->epoch) newest = stored;
    }
    if (page.empty()) break;
    after = page.back().entry.number();
  }
  if (newest) see(newest->entry);
  return store.through();
}

}  // namespace switchboard::test
