#include "tests/fault/judge.h"

#include <set>
#include <tuple>

#include "tests/fault/workload.h"

namespace switchboard::test {
namespace {

using Counts = std::map<uint64_t, uint64_t>;

}  // namespace

class Judge::Judgement {
 public:
  explicit Judgement(const std::map<std::string, uint64_t>& published) : published_(published) {}

  void number(uint64_t number) {
    if (number == next_) {
      ++next_;
    } else if (number < next_) {
      ++found.duplicated;
    } else {
      found.lost += number - next_;
      next_ = number + 1;
    }
  }
  void change(const v1::Notice& notice) {
    if (notice.change() == v1::CHANGE_CORRECTED) ++marks_[notice.refers_to()];
  }
  void delivery(const v1::Entry& entry) {
    ++found.deliveries;
    v1::EventHeader header;
    const bool parsed = header.ParseFromString(entry.header());
    const auto count = published_.find(header.agency());
    const auto sequence = workload_sequence(header.agency(), header.source_message_id());
    if (!parsed || count == published_.end() || !sequence || *sequence > count->second) {
      ++found.invented;
      return;
    }
    if (!as_published(entry, header, *sequence)) {
      ++found.altered;
      name("altered", header.agency(), *sequence);
    }
    auto& seen = numbers_[header.agency()];
    if (!seen.try_emplace(*sequence, entry.number()).second) {
      ++found.duplicated;
      name("duplicated", header.agency(), *sequence);
      return;
    }
    order(header.agency(), *sequence, entry.notice());
  }
  void end() {
    for (const auto& [agency, count] : published_) {
      const auto& seen = numbers_[agency];
      for (uint64_t s = 1; s <= count; ++s) {
        if (seen.contains(s)) continue;
        ++found.lost;
        name("lost", agency, s);
      }
      for (const auto& [sequence, number] : seen) marked(seen, sequence);
    }
  }
  Findings found;

 private:
  void name(const char* what, const std::string& agency, uint64_t sequence) {
    constexpr size_t kNamed = 5;
    if (found.named.size() >= kNamed) return;
    found.named.push_back(std::string(what) + " " + agency + "-" + std::to_string(sequence));
  }
  void order(const std::string& agency, uint64_t sequence, const v1::Notice& notice) {
    auto& last = last_[agency];
    if (sequence < last) {
      ++found.reordered;
      name("reordered", agency, sequence);
    }
    last = std::max(last, sequence);
    // Across sources a child's events are in the order in which the hub accepted them.
    const uint64_t child = workload_child(agency, sequence);
    auto& position = positions_[child];
    if (notice.position() <= position) ++found.reordered;
    position = std::max(position, notice.position());
    const auto known = subjects_.try_emplace(child, notice.subject()).first;
    const auto owner = children_.try_emplace(notice.subject(), child).first;
    if (known->second != notice.subject() || owner->second != child) ++found.altered;
  }
  void marked(const Counts& seen, uint64_t sequence) {
    const auto corrects = workload_corrects(sequence);
    if (!corrects || !seen.contains(*corrects)) return;
    ++found.corrections;
    if (marks_[seen.at(*corrects)] != 1) ++found.unmarked;
  }

  const std::map<std::string, uint64_t>& published_;
  uint64_t next_ = 1;
  std::map<std::string, Counts> numbers_;  // of each sequence
  std::map<std::string, uint64_t> last_;
  Counts positions_;  // the last of each child
  Counts marks_;
  std::map<uint64_t, std::string> subjects_;
  std::map<std::string, uint64_t> children_;
};

Judge::Judge(const std::map<std::string, uint64_t>& published)
    : judgement_(std::make_unique<Judgement>(published)) {}
Judge::~Judge() = default;

void Judge::add(const v1::Entry& entry) {
  judgement_->number(entry.number());
  if (entry.notice().type() == v1::ENTRY_TYPE_DELIVERY) judgement_->delivery(entry);
  if (entry.notice().type() == v1::ENTRY_TYPE_CHANGE) judgement_->change(entry.notice());
}

Findings Judge::end() {
  judgement_->end();
  return judgement_->found;
}

std::string Findings::text() const {
  std::string out;
  const auto add = [&](const char* what, uint64_t count) {
    if (count > 0)
      out += (out.empty() ? "" : ", ") + std::string(what) + " " + std::to_string(count);
  };
  add("lost", lost);
  add("duplicated", duplicated);
  add("reordered", reordered);
  add("altered", altered);
  add("invented", invented);
  add("corrections not marked once", unmarked);
  add("acts lost", acts_lost);
  add("acts twice", acts_twice);
  for (const auto& one : named) out += "; " + one;
  return out.empty() ? "clean" : out;
}

Findings& Findings::operator+=(const Findings& other) {
  deliveries += other.deliveries;
  lost += other.lost;
  duplicated += other.duplicated;
  reordered += other.reordered;
  altered += other.altered;
  invented += other.invented;
  corrections += other.corrections;
  unmarked += other.unmarked;
  acts += other.acts;
  acts_lost += other.acts_lost;
  acts_twice += other.acts_twice;
  return *this;
}

Findings judge(const std::map<std::string, uint64_t>& published,
               const std::vector<v1::Entry>& log) {
  Judge judge(published);
  for (const auto& entry : log) judge.add(entry);
  return judge.end();
}

void judge_acts(const std::vector<ActAnswer>& answers, const std::vector<v1::Entry>& changes,
                Findings& found) {
  Counts opened;
  std::map<uint64_t, std::vector<std::string>> taken;  // by whom
  for (const auto& entry : changes) {
    const auto& notice = entry.notice();
    if (notice.change() == v1::CHANGE_OPENED) ++opened[notice.refers_to()];
    if (notice.change() == v1::CHANGE_ACKNOWLEDGED) {
      taken[notice.refers_to()].push_back(notice.actor().person());
    }
  }
  for (const auto& [number, times] : opened) found.acts_twice += times > 1;
  for (const auto& [number, people] : taken) found.acts_twice += people.size() > 1;
  for (const auto& answer : answers) {
    ++found.acts;
    const auto& people = taken[answer.number];
    const bool ours = !people.empty() && people.front() == answer.person;
    const bool held = answer.code == v1::CODE_OK || answer.code == v1::CODE_DUPLICATE;
    // "Somebody else has it" must be true as well.
    const bool others = answer.code == v1::CODE_CONFLICT && !people.empty() && !ours;
    const bool kept = answer.kind == v1::ACT_KIND_ACKNOWLEDGE
                          ? (held && ours) || others
                          : held && (opened.contains(answer.number) || !people.empty());
    found.acts_lost += !kept;
  }
}

// What an act leaves in the log. Who opens what is open already changes nothing.
static v1::Change change_of(v1::ActKind kind) {
  switch (kind) {
    case v1::ACT_KIND_ACKNOWLEDGE:
      return v1::CHANGE_ACKNOWLEDGED;
    case v1::ACT_KIND_ACTION:
      return v1::CHANGE_ACTIONED;
    case v1::ACT_KIND_FINISH:
      return v1::CHANGE_FINISHED;
    default:
      return v1::CHANGE_OPENED;
  }
}

void judge_done(const std::vector<DoneAct>& done, const std::vector<v1::Entry>& log,
                Findings& found) {
  std::map<uint64_t, std::string> events;  // by number of the delivery
  std::map<std::tuple<std::string, v1::Change, std::string>, uint64_t> changes;  // … and person
  std::set<std::string> touched;
  for (const auto& entry : log) {
    const auto& notice = entry.notice();
    if (notice.type() == v1::ENTRY_TYPE_DELIVERY) events[entry.number()] = notice.event_id();
    const auto event = events.find(notice.refers_to());
    if (notice.type() != v1::ENTRY_TYPE_CHANGE || event == events.end()) continue;
    const std::string& person = notice.actor().person();
    if (person.empty()) continue;
    touched.insert(event->second);
    found.acts_twice += ++changes[{event->second, notice.change(), person}] > 1;
  }
  for (const auto& act : done) {
    ++found.acts;
    const bool there = act.kind == v1::ACT_KIND_OPEN
                           ? touched.contains(act.event_id)
                           : changes.contains({act.event_id, change_of(act.kind), act.person});
    found.acts_lost += !there;
  }
}

}  // namespace switchboard::test
