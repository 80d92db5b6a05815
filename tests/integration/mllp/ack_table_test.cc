// Plays every row of adapters/mllp/ACKS.md against the real adapter and hub: a condition that is
// not played, or whose answer, custody or count differs from the page, fails.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <sstream>

#include "adapters/mllp/batch.h"
#include "broker/base/limits.h"
#include "tests/integration/mllp/ack_world.h"
#include "tests/integration/mllp/messages.h"
#include "tests/support/raw_sender.h"

namespace switchboard::test {
namespace {

struct Row {
  std::string condition, answer, custody, counted_as, seen_by;
};
std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.condition; }

std::vector<std::string> split(const std::string& text, const std::string& by) {
  std::vector<std::string> out;
  for (size_t at = 0; at <= text.size();) {
    const size_t end = std::min(text.find(by, at), text.size());
    out.push_back(text.substr(at, end - at));
    at = end + by.size();
  }
  return out;
}

std::vector<Row> rows_of_the_page() {
  std::vector<Row> rows;
  std::istringstream page(
      read_text(std::string(SWITCHBOARD_SOURCE_DIR) + "/adapters/mllp/ACKS.md"));
  for (std::string line; std::getline(page, line);) {
    if (!line.starts_with("| ") || line.starts_with("| Condition")) continue;
    const auto cells = split(line.substr(2, line.size() - 4), " | ");
    EXPECT_EQ(cells.size(), 5u) << line;
    if (cells.size() == 5) rows.push_back({cells[0], cells[1], cells[2], cells[3], cells[4]});
  }
  return rows;
}

// ---- what is done for each condition; says what was answered ----------------------------------

using Play = std::function<std::string(AckWorld&, const std::string& id)>;

// Answers to these bytes, as many as are asked for.
std::string say(const AdapterProcess& to, const std::string& listener, const std::string& bytes,
                size_t answers = 1) {
  RawSender sender(to.port(listener));
  sender.send(bytes);
  std::string codes;
  for (size_t i = 0; i < answers; ++i) codes += (i > 0 ? " " : "") + sender.code();
  return codes;
}
Play message(const std::function<void(Hl7Spec&)>& change, const std::string& listener = "pas") {
  return [=](AckWorld& world, const std::string& id) {
    Hl7Spec spec{.control_id = id};
    change(spec);
    return say(world.adapter, listener, mllp::encode_frame(hl7(spec)));
  };
}
std::string framed(const std::string& id) { return mllp::encode_frame(hl7({.control_id = id})); }

std::string again(AckWorld& world, const std::string& id) {
  return say(world.adapter, "pas", framed(id)) + " " + say(world.adapter, "pas", framed(id));
}
std::string reused_id(AckWorld& world, const std::string& id) {
  const auto other = mllp::encode_frame(hl7({.control_id = id, .family = "OTHER"}));
  const auto codes = say(world.adapter, "pas", framed(id)) + " " + say(world.adapter, "pas", other);
  EXPECT_TRUE(world.event(id).reused_source_id());
  return codes;
}
std::string split_end(AckWorld& world, const std::string& id) {
  RawSender sender(world.adapter.port("pas"));
  const std::string bytes = framed(id);
  const double before = world.adapter.metric("switchboard_mllp_junk_bytes_total");
  sender.send(bytes.substr(0, bytes.size() - 1));
  EXPECT_EQ(before, world.adapter.metric("switchboard_mllp_junk_bytes_total"));
  sender.send(bytes.substr(bytes.size() - 1));
  return sender.code();
}
std::string two_in_one(AckWorld& world, const std::string& id) {
  return say(world.adapter, "pas", framed(id) + framed(id + "b"), 2);
}
std::string two_people(AckWorld& world, const std::string& id) {
  const std::string merged = "MRG|0054321^^^MRENTR^MEDREC\r";
  const std::string other = "PID|||0054322^^^MRENTR^MEDREC||OTHER^Kit||20200101\r";
  const std::string text =
      hl7({.control_id = id, .trigger = "ADT^A40", .more = merged + other + merged});
  return say(world.adapter, "pas", mllp::encode_frame(text));
}
std::string of_size(AckWorld& world, const std::string& id, size_t size) {
  std::string text = hl7({.control_id = id, .more = "NTE|1||"});
  text.append(size - text.size() - 1, 'x');
  return say(world.adapter, "pas", mllp::encode_frame(text + "\r"));
}
std::string cut_by_end(AckWorld& world, const std::string& id) {
  RawSender sender(world.adapter.port("pas"));
  sender.send(framed(id).substr(0, 100));
  sender.end_sending();
  return sender.code();
}
std::string cut_by_next(AckWorld& world, const std::string& id) {
  return say(world.adapter, "pas", framed(id + "a").substr(0, 100) + framed(id));
}
std::string too_slow(AckWorld& world, const std::string& id) {
  RawSender sender(world.adapter.port("slow"));
  sender.send(framed(id).substr(0, 100));
  EXPECT_FALSE(sender.answer().has_value());
  return world.adapter.metric("switchboard_mllp_timed_out_total{listener=\"slow\"}") == 1 ? "closed"
                                                                                          : "none";
}
std::string turned_away(const AdapterProcess& adapter, const std::string& listener,
                        const std::string& series) {
  RawSender sender(adapter.port(listener));
  const bool said = sender.answer().has_value();
  const bool counted =
      eventually([&] { return adapter.metric(series + "{listener=\"" + listener + "\"}") == 1; });
  return !said && counted ? "closed" : "none";
}
Play one_too_many(const std::string& listener, const std::string& series) {
  return [=](AckWorld& world, const std::string&) {
    const std::string gauge = "switchboard_mllp_connections{listener=\"" + listener + "\"}";
    RawSender first(world.adapter.port(listener));
    EXPECT_TRUE(eventually([&] { return world.adapter.metric(gauge) == 1; }));
    return turned_away(world.adapter, listener, series);
  };
}
// The same refused bytes, first and five times again.
std::string resent(AckWorld& world, const std::string& frame, const std::string& listener = "pas") {
  RawSender sender(world.adapter.port(listener));
  std::string codes;
  for (int i = 0; i <= 5; ++i) {
    sender.send(frame);
    codes += (i > 0 ? " " : "") + sender.code();
  }
  return codes;
}
std::string refused_again(AckWorld& world, const std::string& id) {
  return resent(world, mllp::encode_frame(hl7({.control_id = id, .application = "WRONG"})));
}
const std::string kBatchHead = "BHS|^~\\&|PAS|XB2|HUB|XH1|20261122||||B1\r";
std::string batch(const std::vector<std::string>& ids, const std::string& trailer) {
  std::string out = kBatchHead;
  for (const auto& id : ids) out += hl7({.control_id = id});
  return mllp::encode_frame(out + trailer);
}
// What stands in the one answer: the MSA codes, and what is said at the end.
std::string batch_codes(const AdapterProcess& to, const std::string& frame) {
  RawSender sender(to.port());
  sender.send(frame);
  const std::string answer = sender.answer().value_or("");
  if (!answer.starts_with("BHS|^~\\&|HUB|XH1|PAS|XB2|")) return "no batch: " + answer;
  std::string codes = "batch:";
  for (const auto& line : split(answer, "\r")) {
    if (line.starts_with("MSA|")) codes += " " + line.substr(4, 2);
  }
  return codes;
}
std::string good_batch(AckWorld& world, const std::string& id) {
  return batch_codes(world.adapter, batch({id + "a", id + "b"}, "BTS|2\r"));
}
std::string batch_again(AckWorld& world, const std::string& id) {
  return good_batch(world, id) + " " + good_batch(world, id);
}
std::string wrong_batch(AckWorld& world, const std::string& id) {
  return batch_codes(world.adapter, batch({id + "a", id + "b"}, "BTS|3\r"));
}
std::string mixed_batch(AckWorld& world, const std::string& id) {
  return batch_codes(
      world.adapter,
      mllp::encode_frame(kBatchHead + hl7({.control_id = id + "a"}) +
                         hl7({.control_id = id + "b", .birth = "19800101"}) +
                         hl7({.control_id = id + "c", .processing = "P"}) + "BTS|3\r"));
}
std::string empty_batch(AckWorld& world, const std::string&) {
  return batch_codes(world.adapter, batch({}, "BTS|0\r"));
}
std::string long_batch(AckWorld& world, const std::string&) {
  std::string frame = kBatchHead;
  for (size_t i = 0; i <= mllp::kBatchMessagesMax; ++i) frame += "MSH|^~\\&|\r";
  return say(world.adapter, "pas", mllp::encode_frame(frame));
}
std::string batch_each(AckWorld& world, const std::string& id) {
  return say(world.adapter, "each", batch({id + "a", id + "b"}, "BTS|2\r"), 2);
}
std::string on_trial_and_live(AckWorld& world, const std::string& id) {
  return say(world.adapter, "trial", framed(id)) + " " + say(world.adapter, "pas", framed(id));
}
std::string key_unknown(AckWorld& world, const std::string& id) {
  const auto code = say(world.stranger, "pas", framed(id));
  EXPECT_TRUE(eventually([&] {
    return world.stranger.metric("switchboard_mllp_alarm{alarm=\"hub_refuses\"}") == 1;
  })) << world.stranger.log();
  EXPECT_NE(world.stranger.readiness().find("503"), std::string::npos);
  return code;
}
Play unverified(const std::string& identifiers) {
  return [=](AckWorld& world, const std::string& id) {
    const auto code = say(world.adapter, "pas",
                          mllp::encode_frame(hl7({.control_id = id, .identifiers = identifiers})));
    EXPECT_TRUE(world.event(id).unverified_identity());
    return code;
  };
}
std::string nothing_asked(AckWorld& world, const std::string& id) {
  RawSender sender(world.adapter.port("pas"));
  sender.send(
      mllp::encode_frame(hl7({.control_id = id, .version = "2.4", .after_version = "|||NE|NE"})));
  sender.end_sending();
  return sender.code();
}

std::map<std::string, Play> plays_of_batches_and_resends() {
  return {{"a refused message again, park_after times", refused_again},
          {"what the hub refuses again, park_after times",
           [](AckWorld& w, const std::string& id) { return resent(w, framed(id), "foreign"); }},
          {"a frame over 1 MiB again, park_after times",
           [](AckWorld& w, const std::string& id) {
             std::string text = hl7({.control_id = id, .more = "NTE|1||"});
             text.append(limits::kSourceBytesMax + 1 - text.size(), 'x');
             return resent(w, mllp::encode_frame(text));
           }},
          {"a batch of two messages", good_batch},
          {"the same batch again", batch_again},
          {"a batch whose count is wrong", wrong_batch},
          {"a batch with an adult and a refused message in it", mixed_batch},
          {"a batch without messages", empty_batch},
          {"a batch of more than 2000 messages", long_batch},
          {"a batch of two, batch_reply = messages", batch_each},
          {"a message at a listener on trial, and the same at another", on_trial_and_live}};
}

std::map<std::string, Play> plays_of_messages() {
  return {
      {"a message of a mapped trigger", message([](Hl7Spec&) {})},
      {"the same bytes again", again},
      {"the control id again, with other bytes", reused_id},
      {"the end of the frame split over two reads", split_end},
      {"two frames in one read", two_in_one},
      {"a frame of exactly 1 MiB",
       [](AckWorld& w, const std::string& id) { return of_size(w, id, limits::kSourceBytesMax); }},
      {"a frame over 1 MiB",
       [](AckWorld& w, const std::string& id) {
         return of_size(w, id, limits::kSourceBytesMax + 1);
       }},
      {"a frame cut short by the end of the connection", cut_by_end},
      {"a frame cut short by the next message", cut_by_next},
      {"a frame that does not end in time", too_slow},
      {"a frame without MSH",
       [](AckWorld& w, const std::string&) {
         return say(w.adapter, "pas", mllp::encode_frame("hello"));
       }},
      {"no PID",
       [](AckWorld& w, const std::string& id) {
         std::string text = hl7({.control_id = id});
         return say(w.adapter, "pas", mllp::encode_frame(text.substr(0, text.find("PID"))));
       }},
      {"no control id", message([](Hl7Spec& s) { s.control_id = ""; })},
      {"an unknown character set that is not UTF-8", message([](Hl7Spec& s) {
         s.after_version = "||||||KOI-9";
         s.family = "EX\xff\xfe";
       })},
      {"an unmapped trigger, other_triggers = ignore",
       message([](Hl7Spec& s) { s.trigger = "ADT^A09"; })},
      {"an unmapped trigger, other_triggers = quarantine",
       message([](Hl7Spec& s) { s.trigger = "ADT^A09"; }, "keep")},
      {"an adult outside maternity", message([](Hl7Spec& s) { s.birth = "19800101"; })},
      {"a message about two people", two_people},
      {"a second person where there is one",
       message([](Hl7Spec& s) { s.more = "PID|||0099999^^^MRENTR^MEDREC||OTHER^Kit\r"; })},
      {"a correction without a number of what it corrects", message([](Hl7Spec& s) {
         s.trigger = "SIU^S15";
         s.more = "SCH|\r";
       })},
      {"MSH-3 is not a sender of this mapping",
       message([](Hl7Spec& s) { s.application = "OTHER"; })},
      {"MSH-4 is not a sender of this mapping", message([](Hl7Spec& s) { s.facility = "OTHER"; })},
      {"MSH-11 P at a test listener", message([](Hl7Spec& s) { s.processing = "P"; })},
      {"MSH-11 T at a live listener", message([](Hl7Spec& s) { s.processing = "T"; }, "live")},
      {"MSH-11 D at a live listener", message([](Hl7Spec& s) { s.processing = "D"; }, "live")},
      {"no NHS number", unverified("0012345^^^MRENTR^MEDREC")},
      {"an invalid NHS number", unverified("0012346^^^MRENTR^MEDREC~9345678124^^^^NHS")},
      {"an NHS number of ten equal digits",
       unverified("0012347^^^MRENTR^MEDREC~9999999999^^^^NHS")},
      {"a listener of an agency the key may not speak for", message([](Hl7Spec&) {}, "foreign")},
      {"enhanced mode, MSH-15 AL", message([](Hl7Spec& s) { s.after_version = "|||AL|NE"; })},
      {"enhanced mode, both NE", nothing_asked},
      {"the hub is away",
       [](AckWorld& w, const std::string& id) { return say(w.away, "pas", framed(id)); }},
      {"the hub does not know the adapter's key", key_unknown},
      {"the outbox is full",
       [](AckWorld& w, const std::string& id) { return say(w.full, "pas", framed(id)); }},
      {"a peer that is not in allow_peer",
       [](AckWorld& w, const std::string&) {
         return turned_away(w.adapter, "elsewhere", "switchboard_mllp_turned_away_total");
       }},
      {"more connections than connections_max",
       one_too_many("one", "switchboard_mllp_over_limit_total")},
      {"more connections of one address than connections_per_peer_max",
       one_too_many("one-a-peer", "switchboard_mllp_over_peer_limit_total")}};
}

const std::map<std::string, Play>& plays() {
  static const std::map<std::string, Play> all = [] {
    auto out = plays_of_messages();
    out.merge(plays_of_batches_and_resends());
    return out;
  }();
  return all;
}

// ---- what the page says it changes
// -------------------------------------------------------------

using Counts = AckWorld::Counts;

bool is_custody(const std::string& custody, const Counts& before, const Counts& after) {
  struct Change {
    size_t events = 0, quarantined = 0;
    double outbox = 0, refusals = 0;
    bool operator==(const Change&) const = default;
  };
  static const std::map<std::string, Change> changes{
      {"the hub", {.events = 1}},
      {"the hub, as one event", {.events = 1}},
      {"the hub, as two events", {.events = 2}},
      {"the hub's quarantine", {.quarantined = 1}},
      {"the hub, and the whole batch in its quarantine", {.events = 2, .quarantined = 1}},
      {"the hub, nobody, the sender", {.events = 1}},
      {"the hub, and its quarantine", {.events = 1, .quarantined = 1}},
      {"the outbox", {.outbox = 1}},
      {"the outbox's list of refusals", {.refusals = 1}},
      {"the outbox's list of refusals, five times", {.refusals = 5}},
      {"the sender", {}},
      {"nobody: out of scope", {}}};
  const auto at = changes.find(custody);
  const Change got{.events = after.events - before.events,
                   .quarantined = after.quarantined - before.quarantined,
                   .outbox = after.outbox_items - before.outbox_items,
                   .refusals = after.refusals - before.refusals};
  return at != changes.end() && at->second == got;
}

bool is_counted(const std::string& words, const Counts& before, const Counts& after) {
  std::map<std::string, double> expected = before.ledger;
  double frames = 0;
  for (const auto& word : split(words, ", ")) {
    if (word == "nothing") continue;
    expected[word] += 1;
    frames += 1;
  }
  return after.ledger == expected && after.read - before.read == frames;
}

class AckTable : public testing::TestWithParam<Row> {
 protected:
  static void SetUpTestSuite() { world_ = std::make_unique<AckWorld>(); }
  static void TearDownTestSuite() { world_.reset(); }
  static const AdapterProcess& adapter_of(const Row& row) {
    if (row.condition == "the hub is away") return world_->away;
    if (row.condition == "the outbox is full") return world_->full;
    if (row.condition == "the hub does not know the adapter's key") return world_->stranger;
    return world_->adapter;
  }
  static inline std::unique_ptr<AckWorld> world_;
};

TEST_P(AckTable, EachConditionHasTheAnswerTheCustodyAndTheCountOfThePage) {
  const Row& row = GetParam();
  const auto play = plays().find(row.condition);
  ASSERT_NE(play, plays().end()) << "the page has a condition that is not played";
  const AdapterProcess& adapter = adapter_of(row);
  const Counts before = world_->count(adapter);
  const std::string id =
      "C" + std::to_string(play->first.size()) + row.condition.substr(0, 3) +
      std::to_string(std::distance(plays().begin(), plays().find(row.condition)));
  EXPECT_EQ(play->second(*world_, id), row.answer) << adapter.log();
  EXPECT_TRUE(eventually([&] {
    const Counts after = world_->count(adapter);
    return is_custody(row.custody, before, after) && is_counted(row.counted_as, before, after);
  })) << "custody "
      << row.custody << ", counted as " << row.counted_as << "\n"
      << adapter.log();
}

INSTANTIATE_TEST_SUITE_P(Page, AckTable, testing::ValuesIn(rows_of_the_page()));

TEST(AckPage, EveryConditionThatIsPlayedIsOnThePage) {
  std::set<std::string> page;
  for (const Row& row : rows_of_the_page()) page.insert(row.condition);
  for (const auto& [condition, play] : plays()) EXPECT_TRUE(page.contains(condition)) << condition;
}

}  // namespace
}  // namespace switchboard::test
